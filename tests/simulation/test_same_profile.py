"""Under the profile that a case was decided by, a replay gives what was recorded."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from uuid import UUID

from application.record.envelope import Recorded, decode, is_about_a_case, topic
from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.deadlines.ledger import deadline_ledger
from domain.ruling.commands import RequestHumanReview
from projections.simulation.draft_replay import as_recorded, replay
from tests.domain.stories import SERVED, automated
from tests.domain.walked_case import RULED_STARTS, STARTS, costly
from tests.lake.written_record import UNTIL, WrittenRecord
from tests.sample_commands import COMMANDS
from tests.samples import BOOKS, BUYER, FILE, MEDIATOR, REFUND
from tests.simulation.recorded_walk import RecordedWalk
from tests.sizes import sized

ALL = STARTS | {
    "reviewed": (
        *STARTS["to rule"],
        (MEDIATOR, automated(REFUND)),
        *SERVED,
        (BUYER, COMMANDS[RequestHumanReview]),
    )
}
SMALL = RULED_STARTS | {"reviewed"}
SEEDS, STEPS = sized(6, 40), 60


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
    for case, events in cases_of(written).items():
        book = written.system.rulebooks[str(events[0].policy)]
        is_closed = fold(one.event for one in events).phase is Phase.CLOSED
        # A generated case that is live may have a limit that nobody has noted yet.
        until = UNTIL if is_closed else events[-1].recorded_at
        again = replay(events, book, until)
        assert again.skipped == 0, case
        assert again.events == as_recorded(events), case
        assert deadline_ledger(again.events) == deadline_ledger(events)


def test_so_is_every_case_that_anybody_walks_through() -> None:
    """At any time, by any profile: with pauses in pauses, and a clock that is late."""
    seen = set()
    for profile, start, seed in product(BOOKS.ids, sorted(ALL), range(SEEDS)):
        filing = FILE if start in SMALL or seed % 2 else costly()
        case = RecordedWalk(BOOKS[profile], filing)
        case.play(*ALL[start])
        events = case.wander(seed, STEPS).recorded
        again = replay(events, BOOKS[profile], case.now)
        assert again.skipped == 0, (profile, start, seed)
        assert again.events == as_recorded(events), (profile, start, seed)
        assert deadline_ledger(again.events) == deadline_ledger(events)
        seen |= {topic(one.event) for one in events}
    assert MOVING - seen == set()


MOVING = {
    *("deadline-missed", "deadline-extended", "offer-lapsed", "evidence-closed"),
    *("evidence-requested", "clocks-paused", "clocks-resumed", "suspended", "resumed"),
    *("appeal-filed", "appeal-refused", "appeal-decided", "review-requested"),
    *("withdrawn", "escalated", "defaulted", "enforcement-executed", "closed"),
    *("sanction-imposed", "fulfilment-contested", "suspension-proved"),
}
"""Events that begin, move or end limits."""
