"""How the end of a limit was counted: which days counted, which did not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from msgspec import Struct

from domain.deadlines.ledger_entry import Entry, Span
from domain.deadlines.time_limits import Calendar, Limit, LimitUnit, parse_limit

_SATURDAY = 5
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


class DayRun(Struct, frozen=True):
    """Days that follow each other, the first and the last one."""

    first: date
    last: date


class WorkingDays(Struct, frozen=True, kw_only=True):
    """The days of a limit in working days.

    `skipped` are days off between the first and the last that counts; `made_up` are
    Saturdays and Sundays that count, as they are worked on in place of a holiday.
    """

    first: date
    last: date
    skipped: tuple[DayRun, ...]
    made_up: tuple[DayRun, ...]


def limit_parts(entry: Entry) -> tuple[Limit, ...]:
    """Return the length of a limit, and of each extension of it."""
    return tuple(parse_limit(one) for one in entry.length.split(" + "))


def pauses_within(entry: Entry) -> tuple[Span, ...]:
    """Return when a limit stood still before its end.

    What stands still after a missed limit is taken off its lateness, and moves no end.
    """
    return tuple(one for one in entry.pauses if one.since < entry.due)


def working_days(entry: Entry, calendar: Calendar) -> WorkingDays | None:
    """Return the days by which a limit in working days was counted.

    None of a limit that is counted otherwise, is held, or had another calendar: days
    that do not add up to its length explain nothing.
    """
    parts = limit_parts(entry)
    if entry.state == "held" or any(
        one.unit is not LimitUnit.WORKING_DAY for one in parts
    ):
        return None
    # A working day ends at the midnight at which the next one begins.
    last = calendar.day(entry.due - _INSTANT)
    # What a pause left of a limit may end within a day: no whole days explain that.
    if entry.due != calendar.instant(last + _DAY):
        return None
    days = tuple(_days(calendar.day(entry.start) + _DAY, last))
    stood = _stood_still(entry, calendar)
    counted = [one for one in days if one not in calendar.days_off | stood]
    if len(counted) != sum(one.amount for one in parts):
        return None
    first = counted[0]
    return WorkingDays(
        first=first,
        last=last,
        skipped=_runs(
            one for one in days if one > first and one in calendar.days_off - stood
        ),
        made_up=_runs(one for one in counted if one.weekday() >= _SATURDAY),
    )


def _stood_still(entry: Entry, calendar: Calendar) -> frozenset[date]:
    """Return the days that no pause left to count: the day of a pause is used up."""
    return frozenset(
        day
        for span in pauses_within(entry)
        if span.until is not None
        for day in _days(calendar.day(span.since) + _DAY, calendar.day(span.until))
    )


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def _runs(days: Iterable[date]) -> tuple[DayRun, ...]:
    """Join days that follow each other."""
    found = sorted(days)
    if not found:
        return ()
    breaks = [(a, b) for a, b in pairwise(found) if b - a > _DAY]
    firsts = (found[0], *(b for _, b in breaks))
    lasts = (*(a for a, _ in breaks), found[-1])
    return tuple(map(DayRun, firsts, lasts))
