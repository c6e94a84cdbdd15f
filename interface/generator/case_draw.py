"""Draws which course each case takes, and in which week: each by itself.

So many cases take a course as chance has it. They come in the order in which they are
filed, day by day, so that no more than those of one day are in memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import accumulate
from random import Random

from msgspec import Struct

from interface.generator.pattern import Pattern
from interface.generator.pattern_weeks import WEEK, PatternWeeks, Span

GROWTH = 0.25
"""The platform grows: after a sixteenth of the time a day has half of its cases."""

UNEVEN = 0.4
"""By how much a day's cases differ from what the growth alone would make them."""

ENOUGH = 12
"""Courses of a day; with fewer it has fewer cases, for they would all be alike."""

AT_ONCE = 10_000

Course = tuple[int, int]
"""The index of a pattern, and the weeks by which it is moved."""


class Drawn(Struct, frozen=True):
    """The pattern that a case is made from, and the weeks by which it is moved."""

    pattern: Pattern
    weeks: int

    @property
    def begins(self) -> datetime:
        """Return when the case is filed, before its hour is moved."""
        return self.pattern.begins + self.weeks * WEEK


class CaseDraw:
    """Draws cases from patterns; the same arguments draw the same cases.

    `certain`: each of so many first patterns makes a case where it was told.
    """

    def __init__(
        self,
        made: Sequence[Pattern],
        weeks: PatternWeeks,
        times: Span,
        certain: int,
        chance: Random,
    ) -> None:
        self._made, self._times, self._chance = made, times, chance
        self._certain = range(min(certain, len(made)))
        self._weeks = [weeks.of(one) for one in made]
        self._weights = _weights(made)

    def cases(self, many: int, live: int) -> Iterator[Drawn]:
        """Yield the cases in the order of filing; `live` of them are still open."""
        sure = [one for one in self._certain if self._made[one].is_live]
        days: dict[date, Counter[Course]] = defaultdict(Counter)
        for one in self._certain:
            days[self._day((one, 0))][one, 0] += 1
        self._add_live(days, max(0, live - len(sure)))
        closed = many - sum(counts.total() for counts in days.values())
        courses = self._closed_courses()
        counts = self._daily(courses, closed)
        for day in sorted({*days, *counts}):
            drawn = self._closed(courses[day], counts.get(day, 0))
            drawn += [
                Drawn(self._made[index], week)
                for (index, week), times in sorted(days[day].items())
                for _ in range(times)
            ]
            drawn.sort(key=lambda one: one.begins)
            yield from drawn

    def _day(self, course: Course) -> date:
        index, week = course
        return (self._made[index].begins + week * WEEK).date()

    def _add_live(self, days: dict[date, Counter[Course]], many: int) -> None:
        live = [n for n, one in enumerate(self._made) if one.is_live]
        if not live:
            return
        weights = list(accumulate(self._weights[one] for one in live))
        for begin in range(0, many, AT_ONCE):
            some = min(AT_ONCE, many - begin)
            for index in self._chance.choices(live, cum_weights=weights, k=some):
                course = index, self._chance.choice(self._weeks[index])
                days[self._day(course)][course] += 1

    def _closed_courses(self) -> dict[date, list[Course]]:
        courses: dict[date, list[Course]] = defaultdict(list)
        for index, one in enumerate(self._made):
            if not one.is_live:
                for week in self._weeks[index]:
                    courses[self._day((index, week))].append((index, week))
        return courses

    def _daily(self, courses: dict[date, list[Course]], many: int) -> dict[date, int]:
        """Return how many cases are filed on each day; in all, as many as wanted."""
        first = self._times.since.date()
        length = max(1, (self._times.until.date() - first).days)
        days, sizes = sorted(courses), []
        for day in days:
            grown = max(1, (day - first).days) / length
            uneven = self._chance.uniform(1 - UNEVEN, 1 + UNEVEN)
            varied = min(1, len(courses[day]) / ENOUGH)
            sizes.append(grown**GROWTH * uneven * varied)
        ends = list(accumulate(sizes))
        counts, before = {}, 0
        for day, end in zip(days, ends, strict=True):
            upto = round(many * end / ends[-1])
            counts[day], before = upto - before, upto
        return counts

    def _closed(self, courses: Sequence[Course], many: int) -> list[Drawn]:
        if not many:
            return []
        weights = [self._weights[index] for index, _ in courses]
        found = self._chance.choices(courses, weights, k=many)
        return [Drawn(self._made[index], week) for index, week in found]


def _weights(made: Sequence[Pattern]) -> list[float]:
    """Return how often each is taken: few categories have most of the complaints."""
    categories = sorted({one.category for one in made})
    shares = {name: 1 / place for place, name in enumerate(categories, start=1)}
    return [shares[one.category] for one in made]
