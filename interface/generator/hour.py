"""By how much a history may be told earlier or later in the day, and stay the same.

A calendar counts days. So a history that moves within its days has the same working
days, midnights and business hours, and whatever runs by the clock moves along with what
it began with: the domain would decide the same, each event at its moved time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta

from domain.deadlines.time_limits import Calendar

_DAY = timedelta(days=1)


def moves(moment: datetime) -> bool:
    """Tell whether a time is people's, or follows from one; a calendar's stay."""
    return moment.microsecond > 0


def moving_room(
    moments: Sequence[datetime],
    calendar: Calendar,
    edges: Sequence[time],
    until_end: timedelta,
) -> tuple[int, int]:
    """Return by how many seconds a history may move, back and forth.

    No time that moves passes one that stays, nor one of the `edges` of its day (local).
    `until_end`: how far the last event may move forth.
    """
    staying = sorted(moment for moment in moments if not moves(moment))
    back, forth = [-_DAY], [until_end, _DAY]
    for moment in moments:
        if moves(moment):
            fixed = (*_around(moment, calendar, edges), *staying)
            back += [one - moment for one in fixed if one <= moment]
            forth += [one - moment for one in fixed if one > moment]
    earliest = _whole(max(back)) + 1
    latest = _whole(min(forth)) - 1
    return (earliest, latest) if earliest <= 0 <= latest else (0, 0)


def _around(
    moment: datetime, calendar: Calendar, edges: Iterable[time]
) -> Iterator[datetime]:
    """Yield the midnights around a time, and the edges of its day."""
    day = calendar.day(moment)
    yield from (calendar.instant(day, at) for at in (time(), *edges))
    yield calendar.instant(day + _DAY)


def _whole(length: timedelta) -> int:
    return int(length.total_seconds())
