"""Recording and reading cases on a real PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace

from application.cases.case import Case, CommandRequest
from application.cases.disputes import Disputes
from application.privacy.key_changes import announce
from application.record.envelope import leaf
from domain.admission.commands import Admit
from domain.admission.events import Admitted
from domain.case.dispute import Phase
from domain.deadlines.events import DeadlineMissed
from domain.filing.commands import Withdraw
from domain.filing.events import Filed
from domain.identity import natural_key
from domain.refusals import AlreadyFiled, KeyReused, NotFound, Stale
from domain.roles import CLOCK, Actor
from tests.conftest import Clock
from tests.samples import BUYER, CLOSED, FILE, MEDIATOR, NOW

pytestmark = pytest.mark.store

CASE = natural_key("shop", "b-1", "o-1", "1", "defect", 1)


def request(
    actor: Actor,
    key: str = "",
    *,
    case: UUID = CASE,
    body: str = "x",
    expected: int | None = None,
) -> CommandRequest:
    return CommandRequest(
        case=case,
        actor=actor,
        command_id=UUID(bytes=key.encode().ljust(16)) if key else uuid4(),
        digest=body.encode().ljust(32),
        expected=expected,
    )


def test_a_case_is_read_back_as_it_was_recorded(disputes: Disputes) -> None:
    filed = disputes.handle(request(BUYER), FILE)
    assert disputes.find(CASE) == filed
    (recorded,) = disputes.mapper.opened(filed.events)
    assert isinstance(recorded.event, Filed)
    assert recorded.event.facts == FILE.facts
    assert (recorded.at, recorded.recorded_at, recorded.policy) == (
        NOW,
        NOW,
        "cn-default/1",
    )


def test_a_whole_case_can_be_played(disputes: Disputes, clock: Clock) -> None:
    for step in CLOSED:
        if isinstance(step, timedelta):
            clock.now += step
        else:
            actor, command = step
            disputes.handle(request(actor), command)
    case = disputes.find(CASE)
    assert case.dispute.phase is Phase.CLOSED
    assert [recorded.version for recorded in case.events] == list(
        range(1, case.version + 1)
    )


def test_facts_are_chained_by_the_hash_of_the_stored_bytes(disputes: Disputes) -> None:
    disputes.handle(request(BUYER), FILE)
    disputes.handle(request(MEDIATOR), Admit())
    disputes.handle(request(BUYER), Withdraw())
    stored = disputes.recorder.select_events(CASE)
    hashes = [leaf(one.state) for one in stored]
    assert [recorded.prev for recorded in disputes.find(CASE).events] == [
        None,
        *hashes[:-1],
    ]
    assert disputes.find(CASE).head == hashes[-1]


def test_personal_texts_are_nowhere_in_clear(disputes: Disputes, url: str) -> None:
    disputes.handle(request(BUYER), FILE)
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT state FROM redress.events WHERE topic = 'filed'"
        ).fetchall()
    (state,) = rows[0]
    for text in (FILE.facts, FILE.contact, FILE.evidence_note):
        assert text.encode() not in state
    assert b"enc2:" in state


def test_a_sealed_text_cannot_be_moved_to_another_place(disputes: Disputes) -> None:
    filed = disputes.handle(request(BUYER), FILE)
    (recorded,) = filed.events
    moved = replace(recorded, version=2)
    with pytest.raises(ValueError, match="altered or moved"):
        disputes.mapper.opened([moved])


def test_a_destroyed_key_leaves_a_tombstone(disputes: Disputes, url: str) -> None:
    filed = disputes.handle(request(BUYER), FILE)
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE redress_keys.data_keys SET wrapped = NULL")
    announce(disputes.keys.database)
    disputes.keys._looked = -9.0  # noqa: SLF001 - a second goes by
    (recorded,) = disputes.mapper.opened(filed.events)
    assert isinstance(recorded.event, Filed)
    assert (recorded.event.facts, recorded.event.category) == ("⌫", "quality")


def test_one_subject_has_one_key_and_two_subjects_two(disputes: Disputes) -> None:
    other = natural_key("shop", "b-1", "o-2", "1", "defect", 1)
    third = natural_key("shop", "b-1", "o-3", "1", "defect", 1)
    first = disputes.handle(request(BUYER), FILE).events[0].key
    again = disputes.handle(request(BUYER, case=other), FILE).events[0].key
    someone = replace(FILE, buyer="b-2")
    else_ = (
        disputes.handle(request(replace(BUYER, id="b-2"), case=third), someone)
        .events[0]
        .key
    )
    assert first == again != else_


def test_the_same_request_again_is_answered_as_the_first_time(
    disputes: Disputes,
) -> None:
    filed = disputes.handle(request(BUYER, "k-1"), FILE)
    disputes.handle(request(MEDIATOR), Admit())
    again = disputes.handle(request(BUYER, "k-1", expected=0), FILE)
    assert again.events == filed.events
    assert disputes.find(CASE).version == 2


def test_a_key_belongs_to_one_request(disputes: Disputes) -> None:
    disputes.handle(request(BUYER, "k-1"), FILE)
    with pytest.raises(KeyReused):
        disputes.handle(request(BUYER, "k-1", body="y"), FILE)
    elsewhere = natural_key("shop", "b-1", "o-2", "1", "defect", 1)
    with pytest.raises(KeyReused):
        disputes.handle(request(BUYER, "k-1", case=elsewhere), FILE)
    assert disputes.find(elsewhere).version == 0


def test_a_key_is_found_after_the_server_broke_every_connection(
    disputes: Disputes, url: str
) -> None:
    asked = request(BUYER, "k-1")
    disputes.handle(asked, FILE)
    with psycopg.connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    use = disputes.recorder.key_use(asked.command_id)
    assert use is not None
    assert use.case == CASE


def test_a_second_dispute_on_the_same_line_and_issue_is_refused(
    disputes: Disputes,
) -> None:
    disputes.handle(request(BUYER), FILE)
    with pytest.raises(AlreadyFiled):
        disputes.handle(request(BUYER), FILE)


def test_a_stale_reader_is_told_the_version(disputes: Disputes) -> None:
    disputes.handle(request(BUYER), FILE)
    disputes.handle(request(MEDIATOR, expected=1), Admit())
    with pytest.raises(Stale) as caught:
        disputes.handle(request(BUYER, expected=1), Withdraw())
    assert caught.value.details == {"version": "2"}


def test_an_unknown_case_is_not_found(disputes: Disputes) -> None:
    with pytest.raises(NotFound):
        disputes.handle(request(BUYER, case=uuid4()), Withdraw())


def test_of_many_at_once_one_wins_and_the_others_see_it(disputes: Disputes) -> None:
    disputes.handle(request(BUYER), FILE)

    def admit(_: int) -> str:
        try:
            return str(disputes.handle(request(MEDIATOR, expected=1), Admit()).version)
        except Stale:
            return "stale"

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(admit, range(8)))
    assert answers == ["2", *["stale"] * 7]


def test_the_same_key_at_once_is_recorded_once(disputes: Disputes) -> None:
    def file(_: int) -> Case:
        return disputes.handle(request(BUYER, "k-1"), FILE)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(file, range(8)))
    assert {answer.version for answer in answers} == {1}
    assert disputes.find(CASE).version == 1


def test_what_deadlines_call_for_comes_before_the_callers_fact(
    disputes: Disputes, clock: Clock
) -> None:
    disputes.handle(request(BUYER), FILE)
    clock.forward(days=5)
    case = disputes.handle(request(MEDIATOR), Admit())
    missed, admitted = case.events[1:]
    assert isinstance(missed.event, DeadlineMissed)
    assert isinstance(admitted.event, Admitted)
    assert missed.actor == CLOCK
    assert missed.at == missed.event.due
    assert missed.at < missed.recorded_at == clock.now


def test_time_never_runs_backwards_in_a_case(disputes: Disputes, clock: Clock) -> None:
    disputes.handle(request(BUYER), FILE)
    clock.forward(hours=-1)
    case = disputes.handle(request(MEDIATOR), Admit())
    assert case.events[1].recorded_at == case.events[0].recorded_at
