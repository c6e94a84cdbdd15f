"""By how many weeks a pattern may be moved, and still be what the domain decides.

A week keeps the days of the week. Where the days off fall alike too, and the clocks go
alike, all working days and midnights of the history are as far apart as before.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from domain.case.context import Rulebook
from domain.policy.regulation import in_force
from interface.generator.pattern import Pattern

WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


class Span(Struct, frozen=True):
    """The time (UTC) in which cases are filed and go on."""

    since: datetime
    until: datetime


class PatternWeeks:
    """Finds the weeks of patterns, in a time and under the rules of one profile."""

    def __init__(self, rules: Rulebook, times: Span) -> None:
        self._rules, self._times = rules, times
        self._first = rules.calendar.day(times.since) - 60 * _DAY
        last = rules.calendar.day(times.until) + 400 * _DAY
        days = [self._first + n * _DAY for n in range((last - self._first).days)]
        zone = ZoneInfo(rules.calendar.zone)
        usual = _offset(days[0], zone)
        self._off = _bits(days, lambda day: day in rules.calendar.days_off)
        self._moved = _bits(days, lambda day: _offset(day, zone) != usual)
        self._in_force = cache(
            lambda day: tuple(one.id for one in in_force(rules.regulations, day))
        )

    def of(self, pattern: Pattern) -> tuple[int, ...]:
        """Return the weeks, negative for earlier ones; 0 is always among them."""
        events = pattern.history.events
        begins, ends = pattern.begins, events[-1].recorded_at
        back = -((begins - self._times.since - _DAY) // WEEK)
        # What would have fallen due by now has to have been dealt with.
        if (due := pattern.history.next_due) is not None:
            back = max(back, -((due - self._times.until - _DAY) // WEEK))
        forth = (self._times.until - ends - _DAY) // WEEK
        near = range(min(back, 0), max(forth, 0) + 1)
        return tuple(one for one in near if one == 0 or self._alike(pattern, one))

    def _alike(self, pattern: Pattern, weeks: int) -> bool:
        day = self._rules.calendar.day
        times = [moment.at for moment in pattern.moments]
        first = (day(min(times)) - self._first).days - 1
        length = (max(times) - min(times)).days + 4
        if first < 0 or first + 7 * weeks < 0:
            return False
        filed = day(pattern.begins)
        return (
            _part(self._off, first, length)
            == _part(self._off, first + 7 * weeks, length)
            and _part(self._moved, first, length)
            == _part(self._moved, first + 7 * weeks, length)
            and self._in_force(filed) == self._in_force(filed + weeks * WEEK)
        )


def _offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset()


def _bits(days: list[date], holds: Callable[[date], bool]) -> int:
    return sum(1 << number for number, day in enumerate(days) if holds(day))


def _part(bits: int, first: int, length: int) -> int:
    return bits >> first & (1 << length) - 1
