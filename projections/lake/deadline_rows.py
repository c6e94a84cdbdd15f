"""The lake's table of time limits: each that ran, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from domain.deadlines.ledger_entry import Entry
from projections.lake.case_rows import OfCase
from projections.lake.lake_row import CaseHistory, told


class DeadlineRow(OfCase, frozen=True, kw_only=True):
    """A time limit of a case."""

    number: Annotated[int, told("The limit's number in its case, by its beginning")]
    awaited: Annotated[
        str, told("What somebody was waited for to do", "code", codes="awaited")
    ]
    party: Annotated[
        str,
        told("Whose limit it is", "buyer, seller, platform or both", codes="parties"),
    ]
    item: Annotated[int | None, told("The offer, obligation or inquiry it is for")]
    limit: Annotated[
        str, told("The limit's name in the policy", "code", codes="limits")
    ]
    length: Annotated[str, told("How long it is", "days, or working days")]
    calendar: Annotated[str, told("The edition of the calendar that counted it")]
    started_by: Annotated[int, told("The event that began it", "version")]
    start: Annotated[datetime, told("When it began", "UTC")]
    due: Annotated[datetime, told("When it ends, with pauses and extensions", "UTC")]
    state: Annotated[
        str, told("running, held, met, missed or void", "code", codes="deadline-states")
    ]
    ended_by: Annotated[int | None, told("The event that ended it", "version")]
    ended_at: Annotated[datetime | None, told("When it ended", "UTC")]
    done_at: Annotated[
        datetime | None, told("When what was awaited was done after all", "UTC")
    ]
    late: Annotated[float | None, told("How late it was done", "seconds")]
    late_net: Annotated[
        float | None, told("How late, less the time that stood still", "seconds")
    ]
    paused: Annotated[
        float, told("For how long it stood still, pauses over", "seconds")
    ]
    extensions: Annotated[int, told("How often it was extended", "extensions")]


def deadline_rows(of: CaseHistory) -> Iterator[DeadlineRow]:
    """Yield the limits of a case."""
    for number, entry in enumerate(of.limits, 1):
        yield DeadlineRow(
            **of.place,
            number=number,
            awaited=entry.awaited,
            party=entry.party,
            item=entry.item,
            limit=entry.limit,
            length=entry.length,
            calendar=entry.calendar,
            started_by=entry.started_by,
            start=entry.start,
            due=entry.due,
            state=entry.state,
            ended_by=entry.ended_by,
            ended_at=entry.ended_at,
            done_at=entry.done_at,
            late=entry.late,
            late_net=entry.late_net,
            paused=paused(entry),
            extensions=len(entry.extensions),
        )


def paused(entry: Entry) -> float:
    """Return for how many seconds a limit stood still in pauses that are over."""
    return sum(
        (one.until - one.since).total_seconds() for one in entry.pauses if one.until
    )
