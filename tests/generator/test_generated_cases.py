"""Generated cases are what the domain decides, and pass every check of the record."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from application.cases.case import Case, CommandRequest
from application.cases.case_files import stored_files
from application.cases.wrap import enveloped
from application.record.envelope import Recorded, encode
from application.record.schema.migrations import STORE
from application.record.session import open_session
from domain.case.decide import decide
from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import Outcome
from domain.deadlines.timeouts import events_of, overdue
from domain.evidence.events import EvidenceSubmitted
from domain.roles import Actor
from interface.generator.generated_case import GeneratedCase, clear_text
from interface.generator.history import HistoryStep
from interface.generator.hour import moves
from interface.generator.library import (
    LIVE,
    LIVE_PHASES,
    OUTCOMES,
    ROOM,
    NoTime,
    span,
)
from interface.generator.record_writer import RecordWriter, people_for
from interface.run.worker import Worker
from projections.registry import VIEWS
from tests.conftest import ManualWorker
from tests.generator.conftest import CASES, UNTIL, Generated
from tests.log.verify_process import run

pytestmark = pytest.mark.store


def test_there_are_cases_of_every_phase_and_outcome(generated: Generated) -> None:
    found = [generated.system.disputes.find(one.case) for one in generated.cases]
    ends = Counter(case.dispute.phase for case in found)
    assert set(LIVE_PHASES) <= set(ends)
    assert {case.dispute.outcome for case in found} >= set(OUTCOMES)
    live = 1 - ends[Phase.CLOSED] / CASES
    assert LIVE - 0.1 < live < LIVE + 0.1
    assert generated.written.cases == CASES
    assert generated.written.events == sum(case.version for case in found)
    assert Outcome.ANSWERED not in OUTCOMES


def test_they_differ_in_who_what_when_and_where(generated: Generated) -> None:
    filed: list[Any] = [
        generated.system.disputes.find(one.case).events[0] for one in generated.cases
    ]
    kinds = {(one.event.platform, one.event.category) for one in filed}
    assert len({platform for platform, _ in kinds}) == 3
    assert len({category for _, category in kinds}) >= 5
    assert len({one.event.reason for one in filed}) >= 8
    assert len({one.event.channel for one in filed}) >= 2
    assert len({one.event.buyer for one in filed}) > CASES / 6
    assert len({one.recorded_at for one in filed}) == CASES
    assert {one.sample.language for one in generated.cases} == {"zh", "en"}
    months = {one.recorded_at.month for one in filed}
    assert months >= set(range(1, UNTIL.month + 1))
    assert max(one.recorded_at for one in filed) <= UNTIL


def test_each_is_what_the_domain_decides_for_it(generated: Generated) -> None:
    for one in generated.cases:
        assert decided_anew(generated, one) == as_recorded(generated, one)


def as_recorded(generated: Generated, one: GeneratedCase) -> list[Any]:
    system = generated.system
    events = system.record.opened(system.disputes.find(one.case).events)
    return [bare(recorded) for recorded in events]


def bare(recorded: Recorded) -> Any:
    """Return an event without what only its storage adds."""
    told = json.loads(encode(recorded))
    for added in ("prev", "key", "command_id"):
        told.pop(added, None)
    if isinstance(recorded.event, EvidenceSubmitted):
        for added in ("sha256", "sealed", "size"):
            told["event"].pop(added)
    return told


def decided_anew(generated: Generated, one: GeneratedCase) -> list[Any]:
    """Send the sample's commands once more, with the people and hour of this case."""
    disputes, case = generated.system.disputes, Case(one.case)
    for step in one.pattern.history.steps:
        now = moved(step.at, one)
        disputes.clock = lambda now=now: now  # type: ignore[misc]
        actor, command = varied(step, one)
        context = disputes.context(case, actor)
        passed = overdue(case.dispute, context)
        dispute = fold(events_of(passed), case.dispute)
        request = CommandRequest(case=one.case, actor=actor, command_id=one.case)
        new = tuple(
            enveloped(
                request,
                passed,
                decide(command, dispute, context),
                context,
                case.version + 1,
            )
        )
        dispute = fold((recorded.event for recorded in new), case.dispute)
        case = Case(one.case, (*case.events, *new), dispute)
    return [bare(recorded) for recorded in case.events]


def moved(moment: datetime, one: GeneratedCase) -> datetime:
    return moment + one.later + (one.shift if moves(moment) else timedelta())


def varied(step: HistoryStep, one: GeneratedCase) -> tuple[Actor, Any]:
    """Return an actor and a command as they are in a case, not in its sample."""
    sample, staff = one.sample.command, people_for(CASES).staff
    names = {
        sample.buyer: one.buyer,
        sample.seller: one.seller,
        sample.order.id: one.order,
    }
    for number, (_, name) in enumerate(one.pattern.people):
        names[name] = f"{name[0]}-{(one.first + number) % staff:03}"

    def change(value: Any, path: str) -> Any:
        match value:
            case {"amount": int(amount), "currency": _}:
                return value | {"amount": amount * one.multiple}
            case dict():
                return {name: change(part, name) for name, part in value.items()}
            case list():
                return [change(part, path) for part in value]
            case str() if path == "due":
                due = msgspec.convert(value, type(step.at))
                return moved(due, one)
            case str():
                return names.get(value) or clear_text(one, path, value)
            case _:
                return value

    told = json.loads(msgspec.json.encode([step.actor, step.command]))
    actor = msgspec.convert(change(told[0], ""), Actor)
    return actor, msgspec.convert(change(told[1], ""), type(step.command))


def test_every_view_follows_to_the_end_and_the_record_is_intact(
    generated: Generated, owner: psycopg.Connection
) -> None:
    system = generated.system
    system.disputes.clock = system.clock
    worker = Worker(system)
    followers = ManualWorker(system.url)
    followers.catch_up()
    followers.close()
    signer = next(part for part in worker.led if part.name == "signer")
    signer.tick()
    worker.close()
    ((last,),) = owner.execute("SELECT max(position) FROM ledger").fetchall()
    rows = owner.execute(
        "SELECT position, halted FROM followers WHERE name = ANY(%s)",
        ([view.name for view in VIEWS],),
    ).fetchall()
    assert rows == [(last, None)] * len(VIEWS)
    assert owner.execute("SELECT * FROM parked").fetchall() == []
    done = run(
        "--json", DATABASE_URL=system.url, REDRESS_HOME=str(system.settings.home)
    )
    told = json.loads(done.stdout)
    assert (told["intact"], told["events"]) == (True, last), done.stdout


def test_their_texts_open_and_their_files_are_there(generated: Generated) -> None:
    system, files = generated.system, 0
    for one in generated.cases:
        case = system.disputes.find(one.case)
        texts = encode(system.record.opened(case.events)[0])
        assert one.order.encode() in texts
        assert b"enc2:" not in texts
        for file in stored_files(case.events):
            files += 1
            cipher = system.keys.cipher(file.key)
            assert cipher is not None
            system.evidence.check(file, cipher)
    assert files > CASES / 5


def test_parties_are_noted_as_an_append_notes_them(
    generated: Generated, owner: psycopg.Connection
) -> None:
    told = {
        case: (platform, buyer, seller)
        for case, platform, buyer, seller in owner.execute(
            "SELECT case_id, platform, buyer, seller FROM case_parties"
        )
    }
    assert told == {
        one.case: (one.sample.command.platform, one.buyer, one.seller)
        for one in generated.cases
    }


def test_positions_are_in_the_order_of_time(owner: psycopg.Connection) -> None:
    rows = owner.execute(
        "SELECT convert_from(state, 'UTF8')::json ->> 'recorded_at'"
        " FROM ledger JOIN events USING (notification_id) ORDER BY position"
    ).fetchall()
    times = [one for (one,) in rows]
    assert len(times) > CASES * 8
    assert times == sorted(times)


def test_each_case_takes_a_course_of_its_own(generated: Generated) -> None:
    cases = generated.cases
    taken = Counter(one.pattern.case for one in cases)
    # By chance some courses are taken often, and others never.
    assert len(set(taken.values())) >= 3
    weeks = {one.later for one in cases}
    assert len(weeks) > 10
    assert len({(one.pattern.case, one.later, one.shift) for one in cases}) == CASES
    rooms = [one.pattern.latest - one.pattern.earliest for one in cases]
    assert min(rooms) >= ROOM.total_seconds()
    for share in Counter(one.sample.command.category for one in cases).values():
        assert share < CASES
    parts = Counter(one.sample.command.category for one in cases).most_common()
    assert parts[0][1] > 3 * parts[-1][1], parts
    sellers = Counter(one.seller for one in cases).most_common()
    assert sellers[0][1] > CASES / 8


def test_a_time_bounds_what_is_generated(generated: Generated) -> None:
    system, since = generated.system, datetime(2026, 3, 5, tzinfo=UTC)
    with open_session(system.url, search_path=STORE.name) as owner:
        writer = RecordWriter(system, owner, 400, 11, UNTIL, since)
        filed = [_filed(one) for one in writer.drawn()]
    assert len(filed) == 400
    assert min(filed) >= since
    assert max(filed) <= UNTIL
    days = Counter(one.date() for one in filed)
    assert len(days) > 100


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (datetime(2025, 12, 1, tzinfo=UTC), UNTIL, "--since: cn-default/1 is in force"),
        (datetime(2026, 9, 1, tzinfo=UTC), UNTIL, "--since: .* need 60 days"),
        (None, datetime(2026, 2, 1, tzinfo=UTC), "--until: .* need 60 days"),
    ],
)
def test_a_time_without_rules_is_refused(
    generated: Generated, since: datetime | None, until: datetime, said: str
) -> None:
    disputes = generated.system.disputes
    rules = disputes.books.for_new(disputes.policy, UNTIL)
    with pytest.raises(NoTime, match=said):
        span(rules, until, since)


def test_a_course_moves_only_where_the_days_off_fall_alike(
    generated: Generated,
) -> None:
    disputes = generated.system.disputes
    rules = disputes.books.for_new(disputes.policy, UNTIL)
    off, day = rules.calendar.days_off, rules.calendar.day
    moved = [one for one in generated.cases if one.later]
    assert len(moved) > CASES / 3
    for one in moved:
        times = [moment.at for moment in one.pattern.moments]
        first, last = day(min(times)), day(max(times))
        for number in range((last - first).days + 1):
            then = first + timedelta(days=number)
            assert (then in off) == (then + one.later in off)


def _filed(one: GeneratedCase) -> datetime:
    return one.pattern.begins + one.later + one.shift
