"""Under the profile that a case was decided by, a replay gives what was recorded."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from application.record.envelope import Recorded, decode, is_about_a_case, topic
from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.deadlines.ledger import deadline_ledger
from projections.simulation.draft_replay import as_recorded, replay
from tests.lake.written_record import UNTIL, WrittenRecord


def cases_of(written: WrittenRecord) -> dict[UUID, list[Recorded]]:
    cases: dict[UUID, list[Recorded]] = defaultdict(list)
    with written.session() as connection:
        rows = connection.execute(
            "SELECT originator_id, topic, state FROM events"
            " ORDER BY originator_id, originator_version"
        ).fetchall()
    for case, name, state in rows:
        if is_about_a_case(name):
            cases[case].append(decode(state))
    return cases


def test_every_event_is_as_it_was_recorded(written: WrittenRecord) -> None:
    seen = set()
    for case, events in cases_of(written).items():
        book = written.system.rulebooks[str(events[0].policy)]
        is_closed = fold(one.event for one in events).phase is Phase.CLOSED
        # A generated case that is live may have a limit that nobody has noted yet.
        until = UNTIL if is_closed else events[-1].recorded_at
        again = replay(events, book, until)
        assert again.skipped == 0, case
        assert again.events == as_recorded(events), case
        assert deadline_ledger(again.events) == deadline_ledger(events)
        seen |= {topic(one.event) for one in events}
    # Of every course: what silence does, pauses, extensions, appeals, enforcement.
    assert seen >= {
        "deadline-missed",
        "deadline-extended",
        "offer-lapsed",
        "evidence-closed",
        "withdrawn",
        "escalated",
        "clocks-paused",
        "clocks-resumed",
        "suspended",
        "resumed",
        "appeal-filed",
        "appeal-decided",
        "defaulted",
        "enforcement-executed",
        "review-requested",
    }
