"""What a report is asked for: a period, a time zone, a cut, filters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from application.operator_error import OperatorError
from application.record.time_zones import is_zone

CALENDAR_CUTS = ("month", "quarter", "year")
OTHER_CUTS = (
    *(
        "category",
        "reason",
        "channel",
        "platform",
        "system",
        "seller",
        "seller-size",
        "mediator",
        "policy",
    ),
    *("liability", "outcome", "amount"),
)
CUTS = (*CALENDAR_CUTS, *OTHER_CUTS)
"""By what a report is cut into groups; by two of them at once at most."""

MOST_CUTS = 2
_KNOWN = frozenset(CUTS)
FREE_CUT = re.compile(r"extra\.([a-z][a-z0-9_]{0,39})", re.ASCII)
"""A cut by a free field of imported cases, such as `extra.region`."""

_PERIOD = re.compile(r"([12]\d{3})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?", re.ASCII)


class BadQuestion(OperatorError):
    """A report cannot be asked for like that; `field` says what is wrong.

    `allowed`: what can be asked for instead, if that is a list.
    """

    def __init__(
        self, field: str, value: str, said: str, allowed: Iterable[str] = ()
    ) -> None:
        super().__init__(f"{value!r} {said}")
        self.field = field
        self.value = value
        self.allowed = tuple(allowed)


def _is_cut(name: str) -> bool:
    return name in _KNOWN or FREE_CUT.fullmatch(name) is not None


class Question(Struct, frozen=True, kw_only=True):
    """A question to report on. `period`: "2026", "2026-Q1", "2026-03" or "all".

    `zone` is where days and months begin (None: where the cases are at home); `by` cuts
    the report into groups, "none", or one or two of CUTS ("category,liability") or
    `extra.NAME`, a free field of imports; `system` chooses what was imported from one
    system ("": our own cases).
    """

    period: str
    zone: str | None = None
    by: str = "none"
    category: str | None = None
    system: str | None = None
    platform: str | None = None

    @property
    def cuts(self) -> tuple[str, ...]:
        """Return by what the report is cut. Raises BadQuestion."""
        if self.by == "none":
            return ()
        cuts = tuple(self.by.split(","))
        if (
            len(set(cuts)) != len(cuts)
            or len(cuts) > MOST_CUTS
            or not all(map(_is_cut, cuts))
        ):
            known = ", ".join(CUTS)
            said = f"is no cut: write none, or one or two of {known}, extra.NAME"
            raise BadQuestion("by", self.by, said, CUTS)
        return cuts

    @property
    def before(self) -> Question:
        """Return the question about the period before. Raises BadQuestion."""
        match = _PERIOD.fullmatch(self.period)
        if match is None or set(self.cuts) & set(CALENDAR_CUTS):
            said = "has no period before it, or is cut by months, quarters or years"
            raise BadQuestion("compare", self.period, said)
        first, months = _months(match)
        year, month = divmod(first - months, 12)
        names = {12: f"{year:04d}", 3: f"{year:04d}-Q{month // 3 + 1}"}
        name = names.get(months, f"{year:04d}-{month + 1:02d}")
        return replace(self, period=name)

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
