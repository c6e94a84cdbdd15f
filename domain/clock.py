"""Limits and how they run: by the clock, or in working days of a calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

_LIMIT = re.compile(r"([1-9]\d{0,3}) (hour|day|working day)s?", re.ASCII)


class LimitName(StrEnum):
    """The limits that a policy profile sets (standard, section 5)."""

    ADMISSION = "admission"
    RESPONSE = "response"
    NEGOTIATION = "negotiation"
    ESCALATION = "escalation"
    OFFER_ANSWER = "offer-answer"
    EVIDENCE = "evidence"
    RULING = "ruling"
    PERFORMANCE_MONEY = "performance-money"
    PERFORMANCE_GOODS = "performance-goods"
    PERFORMANCE_RETURN = "performance-return"
    PERFORMANCE_REFUND_AFTER_RETURN = "performance-refund-after-return"
    CONFIRMATION = "confirmation"


class Unit(StrEnum):
    """What a limit counts."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working day"


class Limit(Struct, frozen=True):
    """A length of time such as "24 hours" or "1 working day"."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'s' * (self.amount > 1)}"


def parse_limit(text: str) -> Limit:
    """Read "24 hours", "3 days" or "1 working day". Raises ValueError."""
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is not '<n> hours', '<n> days' or '<n> working days'"
        )
    return Limit(int(match[1]), Unit(match[2]))


class Calendar(Struct, frozen=True, kw_only=True):
    """Which days are working days somewhere; `name` says which edition this is."""

    name: str
    zone: str
    days_off: frozenset[date]

    def working_days_after(self, day: date) -> Iterator[date]:
        """Yield the working days after `day`, without end."""
        while True:
            day += timedelta(days=1)
            if day not in self.days_off:
                yield day


def due(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """Return the instant (UTC) at which a limit that began at `start` ends."""
    match limit.unit:
        case Unit.HOUR:
            return start + timedelta(hours=limit.amount)
        case Unit.DAY:
            return start + timedelta(days=limit.amount)
        case Unit.WORKING_DAY:
            return _end_of_working_day(start, limit.amount, calendar)


def _end_of_working_day(start: datetime, count: int, calendar: Calendar) -> datetime:
    zone = ZoneInfo(calendar.zone)
    days = calendar.working_days_after(start.astimezone(zone).date())
    last = next(day for number, day in enumerate(days, 1) if number == count)
    midnight = datetime.combine(last + timedelta(days=1), time(), zone)
    return midnight.astimezone(UTC)
