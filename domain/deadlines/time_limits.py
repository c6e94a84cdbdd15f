"""Limits and how they run: by the clock, in working days, or in business windows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from msgspec import Struct

# A sign is read so that "-1 days" is refused for being less than one, not for its form.
_LIMIT = re.compile(r"(-?\d{1,4}) (hour|day|working day|window hour)s?", re.ASCII)
# The finest step of a datetime. A working day ends at 24:00, which is written 0:00 of
# the next day; one step earlier lies on the day that is meant.
_INSTANT = timedelta(microseconds=1)


class LimitName(StrEnum):
    """The limits that a policy profile sets (standard, section 5)."""

    FILING = "filing"
    ADMISSION = "admission"
    RESPONSE = "response"
    NEGOTIATION = "negotiation"
    ESCALATION = "escalation"
    ESCALATION_SELLER = "escalation-seller"
    OFFER_ANSWER = "offer-answer"
    EVIDENCE = "evidence"
    INQUIRY = "inquiry"
    INSPECTION_PAUSE = "inspection-pause"
    RULING = "ruling"
    PERFORMANCE_MONEY = "performance-money"
    PERFORMANCE_GOODS = "performance-goods"
    PERFORMANCE_RETURN = "performance-return"
    PERFORMANCE_REFUND_AFTER_RETURN = "performance-refund-after-return"
    CONFIRMATION = "confirmation"
    VOLUNTARY = "voluntary"
    ENFORCEMENT = "enforcement"
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal-decision"
    SUSPENSION = "suspension"
    SUSPENSION_PROOF = "suspension-proof"
    SUSPENSION_REVIEW = "suspension-review"
    SANCTION_PUBLICATION = "sanction-publication"


class LimitUnit(StrEnum):
    """What a limit counts."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working day"
    WINDOW_HOUR = "window hour"


class Limit(Struct, frozen=True):
    """A length of time such as "24 hours" or "1 working day"."""

    amount: int
    unit: LimitUnit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'s' * (self.amount > 1)}"


def parse_limit(text: str) -> Limit:
    """Read "24 hours", "3 days", "1 working day" or "4 window hours".

    Raises ValueError.
    """
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is not '<n> hours', '<n> days', '<n> working days' "
            "or '<n> window hours'"
        )
    if int(match[1]) < 1:
        raise ValueError(f"{text!r} is not more than zero")
    return Limit(int(match[1]), LimitUnit(match[2]))


class Calendar(Struct, frozen=True, kw_only=True):
    """Which days are working days somewhere, and the business window of every day.

    `name` says which edition this is; `opens` and `closes` are local times.
    """

    name: str
    zone: str
    days_off: frozenset[date]
    opens: time = time(9)
    closes: time = time(18)

    def day(self, instant: datetime) -> date:
        """Return the local day that an instant falls on."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def instant(self, day: date, at: time = time()) -> datetime:
        """Return the instant (UTC) of a local time on a day."""
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)

    def working_days_after(self, day: date) -> Iterator[date]:
        """Yield the working days after `day`, without end."""
        while True:
            day += timedelta(days=1)
            if day not in self.days_off:
                yield day

    def windows(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield what is left of each business window from `start` on, without end."""
        day = self.day(start)
        while True:
            # Made from the local time of each day, not by adding 24 hours: a window
            # opens at 9:00 on the day after the clocks change as well.
            closes = self.instant(day, self.closes)
            opens = max(start, self.instant(day, self.opens))
            if opens < closes:
                yield opens, closes
            day += timedelta(days=1)


def due(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """Return the instant (UTC) at which a limit that began at `start` ends."""
    match limit.unit:
        case LimitUnit.HOUR:
            return start + timedelta(hours=limit.amount)
        case LimitUnit.DAY:
            # 5: calendar time runs by the clock, so three days are 72 hours.
            return start + timedelta(days=limit.amount)
        case LimitUnit.WORKING_DAY:
            return _end_of_working_day(start, limit.amount, calendar)
        case LimitUnit.WINDOW_HOUR:
            return _in_windows(start, timedelta(hours=limit.amount), calendar)


def extended(due_before: datetime, extension: Limit, calendar: Calendar) -> datetime:
    """Return the new end of a limit that is extended: the end of the added time."""
    if extension.unit is LimitUnit.WORKING_DAY:
        # The midnight at which a working day ends is already the next day. Counted
        # from there, the day that begins would be skipped: one more than was added.
        return due(due_before - _INSTANT, extension, calendar)
    return due(due_before, extension, calendar)


def resumed(
    due_before: datetime,
    limit: Limit,
    paused_at: datetime,
    resumed_at: datetime,
    calendar: Calendar,
) -> datetime:
    """Return the new end of a limit whose clock stood still for a while.

    What was left, in the limit's own unit, is counted from `resumed_at`.
    """
    # Nothing was left, so nothing is given back.
    if paused_at >= due_before:
        return resumed_at
    # max: `calendar` may be a newer edition than the one that counted `due_before`, in
    # which a day that was left is a day off; or the case has taken a policy with other
    # business hours. A pause must not shorten a limit even then.
    match limit.unit:
        case LimitUnit.HOUR | LimitUnit.DAY:
            return due_before + (resumed_at - paused_at)
        case LimitUnit.WORKING_DAY:
            end = _working_days_on(due_before, paused_at, resumed_at, calendar)
            return max(due_before, end)
        case LimitUnit.WINDOW_HOUR:
            left = window_time(paused_at, due_before, calendar)
            return max(due_before, _in_windows(resumed_at, left, calendar))


def window_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Return how much of the time from `start` to `end` lies in business windows."""
    total = timedelta()
    for opens, closes in calendar.windows(start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def _end_of_working_day(start: datetime, count: int, calendar: Calendar) -> datetime:
    # 5: "1 working day" ends at the close of the next working day. The day on which it
    # starts never counts, so that nobody's day is as short as what is left of it.
    days = calendar.working_days_after(calendar.day(start))
    last = next(islice(days, count - 1, None))
    # 24:00 is the midnight at which the next day begins, also where that is a day off.
    return calendar.instant(last + timedelta(days=1))


def _in_windows(start: datetime, left: timedelta, calendar: Calendar) -> datetime:
    """Return when `left` of window time is used up, at the latest when one closes."""
    # Nothing left ends at once; below, it would end when the next window opens.
    if not left:
        return start
    windows = calendar.windows(start)
    opens, closes = next(windows)
    # Not >=: what fits exactly ends at closing time, not at the next opening.
    while left > closes - opens:
        left -= closes - opens
        opens, closes = next(windows)
    return opens + left


def _working_days_on(
    due_before: datetime, paused_at: datetime, resumed_at: datetime, calendar: Calendar
) -> datetime:
    paused = calendar.day(paused_at)
    # Days are counted, not hours: a pause within one day takes none away.
    if calendar.day(resumed_at) == paused:
        return due_before
    last = calendar.day(due_before - _INSTANT)
    days = calendar.working_days_after(paused)
    left = sum(1 for _ in takewhile(lambda day: day <= last, days))
    # The day of the pause is used up. Where it was the last one, a whole day is given
    # back all the same: its rest would be minutes in place of hours (decision 19).
    return _end_of_working_day(resumed_at, max(left, 1), calendar)
