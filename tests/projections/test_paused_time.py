"""For how long a case has stood still, as the figures net of pauses count it."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from domain.admission.events import Admitted
from domain.deadlines.events import ClocksPaused, ClocksResumed
from domain.ruling.events import Ruled
from domain.suspension.events import Resumed, Suspended
from projections.figures.case_figures import Figures
from projections.figures.transparency import TRANSPARENCY
from tests.projections.scenario import at, given
from tests.sample_events import CLOSED, EVENTS, FILED

HOUR = timedelta(hours=1) // timedelta(microseconds=1)
STILL = replace(EVENTS[Suspended], since=at(2))
GOES_ON = EVENTS[Resumed]
INSPECTED = replace(EVENTS[ClocksPaused], since=at(3))
SENT_BACK = EVENTS[ClocksResumed]


def after(*events: object) -> Figures:
    (row,) = given(TRANSPARENCY, FILED, *events).rows  # type: ignore[arg-type]
    return row


def test_a_case_that_never_stood_still_has_no_time_of_it() -> None:
    row = after(Admitted(), EVENTS[Ruled], CLOSED)
    assert (row.admission_paused, row.ruled_paused, row.closed_paused) == (None,) * 3


def test_a_milestone_in_a_pause_counts_the_pause_up_to_it() -> None:
    row = after(STILL, EVENTS[Ruled], GOES_ON, CLOSED)
    assert (row.ruled_paused, row.closed_paused) == (HOUR, 2 * HOUR)
    assert (row.pauses, row.paused_since, row.paused) == (0, None, 2 * HOUR)


def test_two_pauses_at_once_are_one() -> None:
    row = after(STILL, INSPECTED, GOES_ON, SENT_BACK, CLOSED)
    assert (row.paused, row.closed_paused) == (3 * HOUR, 3 * HOUR)


def test_pauses_one_after_the_other_add_up() -> None:
    later = replace(INSPECTED, since=at(4))
    row = after(STILL, GOES_ON, later, SENT_BACK, CLOSED)
    assert row.closed_paused == 2 * HOUR


def test_a_closing_ends_every_pause_and_counts_it() -> None:
    row = after(STILL, INSPECTED, CLOSED, EVENTS[Ruled])
    assert (row.pauses, row.paused_since) == (0, None)
    assert row.closed_paused == row.ruled_paused == 2 * HOUR


def test_a_pause_that_was_not_begun_does_not_end() -> None:
    row = after(GOES_ON, SENT_BACK)
    assert (row.pauses, row.paused) == (0, None)
