"""What a report is asked for: a period, a time zone, a cut, filters."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from msgspec import Struct

from application.operator_error import OperatorError
from application.record.time_zones import is_zone

Cut = Literal[
    "none", "month", "quarter", "year", "category", "reason", "channel", "system"
]

_PERIOD = re.compile(r"([12]\d{3})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?", re.ASCII)


class BadQuestion(OperatorError):
    """The period or the time zone of a report is none; `field` says which."""

    def __init__(self, field: str, value: str, said: str) -> None:
        super().__init__(f"{value!r} {said}")
        self.field = field
        self.value = value


class Question(Struct, frozen=True, kw_only=True):
    """A question to report on. `period`: "2026", "2026-Q1", "2026-03" or "all".

    `zone` is where days and months begin (None: where the cases are at home); `by` cuts
    the report into groups; `system` chooses what was imported from one system ("": our
    own cases).
    """

    period: str
    zone: str | None = None
    by: Cut = "none"
    category: str | None = None
    system: str | None = None
    platform: str | None = None

    @property
    def bounds(self) -> tuple[datetime, datetime] | None:
        """Return the first local time and the first one after; None: no bounds.

        Raises BadQuestion.
        """
        _check_zone(self.zone)
        if self.period == "all":
            return None
        match = _PERIOD.fullmatch(self.period)
        if match is None:
            said = "is not a period: write 2026, 2026-Q1, 2026-03 or all"
            raise BadQuestion("period", self.period, said)
        first, months = _months(match)
        last = first + months
        return _first_day(first), _first_day(last)


def _months(match: re.Match[str]) -> tuple[int, int]:
    """Return the first month of a period, counted from year 0, and how many it has."""
    year, quarter, month = match.groups()
    january = int(year) * 12
    if quarter:
        return january + (int(quarter) - 1) * 3, 3
    if month:
        return january + int(month) - 1, 1
    return january, 12


def _first_day(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1)  # noqa: DTZ001 - local, anywhere


def _check_zone(name: str | None) -> None:
    if name is not None and not is_zone(name):
        said = "is not a time zone of the IANA database"
        raise BadQuestion("zone", name, said)
