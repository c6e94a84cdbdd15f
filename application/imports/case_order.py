"""Puts the events of a case in order of their own times.

Rows of a source come in any order, and several of its times are alike or vague: a day,
or only "not before". Where times do not decide, the order that the lifecycle allows
does, then that of the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from application.imports.cells import BadRow
from application.imports.row_to_events import ToldEvent
from application.imports.time_formats import Moment
from application.record.envelope import Precision
from domain.case.event_order import BEGINNING, Standing, after

WINDOW = 64
"""How many events with the same or vague times are looked at for the next one."""

_END = "closed"
_BEGINNING = "filed"
_DAY = timedelta(days=1)
_SHOWN = "%Y-%m-%d %H:%MZ"


class Placed(NamedTuple):
    """An event at its place in the case, and the reading of its time that fits."""

    told: ToldEvent
    at: datetime


def in_order(told: Sequence[ToldEvent]) -> list[Placed]:
    """Put the events of a case in order. Raises BadRow if it begins after others."""
    left = sorted(told, key=lambda one: one.moment.at)
    placed: list[Placed] = []
    standings = BEGINNING
    if filed := next((one for one in left if one.type == _BEGINNING), None):
        _refuse_before(filed, left)
        left.remove(filed)
        left.insert(0, filed)
    reached: datetime | None = None
    while left:
        one = left.pop(0 if not placed else _next(left, standings))
        at = _reading(one.moment, reached)
        reached = at if reached is None else max(at, reached)
        placed.append(Placed(one, at))
        standings = after(standings, one.type, one.role, told=True)
    return placed


def _next(left: Sequence[ToldEvent], standings: frozenset[Standing]) -> int:
    """Return the place of the next event, among those that may come next."""
    latest = min(_end(one.moment) for one in left[:WINDOW])
    window = [one for one in left[:WINDOW] if one.moment.at <= latest]
    fitting = [
        place
        for place, one in enumerate(window)
        if after(standings, one.type, one.role)
    ]
    # A case does not go on after its end, if its other events can come before.
    before = [place for place in fitting if window[place].type != _END]
    if before:
        return before[0]
    others = [place for place, one in enumerate(window) if one.type != _END]
    return (others or fitting or [0])[0]


def _end(moment: Moment) -> datetime:
    """Return until when an event can have happened, by what is told of it."""
    if moment.precision is Precision.NOT_BEFORE:
        return datetime.max.replace(tzinfo=moment.at.tzinfo)
    if moment.precision is Precision.DAY:
        return moment.at + _DAY
    return moment.other or moment.at


def _reading(moment: Moment, reached: datetime | None) -> datetime:
    """Return the reading of a time that is in order, else the first one."""
    if moment.other is not None and reached is not None and moment.at < reached:
        return moment.other
    return moment.at


def _refuse_before(filed: ToldEvent, others: Sequence[ToldEvent]) -> None:
    """Raise BadRow for an event that lies before the case was filed.

    A source that contradicts itself is not put in order by guessing which of its times
    is wrong.
    """
    for one in others:
        if _end(one.moment) < filed.moment.at:
            raise BadRow(
                f"{one.type} at {one.moment.at:{_SHOWN}} lies before the case was filed"
                f" at {filed.moment.at:{_SHOWN}}"
            )


def refuse_future(placed: Sequence[Placed], learnt: datetime) -> None:
    """Raise BadRow for an event that lies after it is imported: it is no history."""
    for one in placed:
        # A day is told by its beginning; clocks of two systems differ by less.
        if one.at > learnt + _DAY:
            raise BadRow(
                f"{one.told.type} at {one.at:%Y-%m-%d %H:%M}Z lies in the future"
            )
