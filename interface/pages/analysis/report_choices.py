"""What an analyst asks of a report: a period and a cut, out of those there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from litestar import Request
from msgspec import Struct

from interface.pages.charts.public_words import Wording
from projections.reports.period import CUTS

MONTHS = 12
ALL = "all"


class ReportChoice(Struct, frozen=True, kw_only=True):
    """A report as it is asked for. `unknown`: the fields whose value is none of ours.

    `periods` and `cuts` are what can be chosen, with their labels.
    """

    period: str
    by: str
    periods: dict[str, str]
    cuts: dict[str, str]
    unknown: dict[str, str]


def report_choice(
    request: Request[Any, Any, Any], words: Wording, here: datetime
) -> ReportChoice:
    """Return what a request asks for; `here` is the local time of the platform."""
    periods = {one: _named(one, words) for one in _periods(here)}
    cuts = {one: words.say("cuts", one) for one in ("none", *CUTS)}
    asked = request.query_params
    period = asked.get("period") or next(iter(periods))
    by = asked.get("by") or "none"
    fields = (("period", period, periods), ("by", by, cuts))
    unknown = {name: value for name, value, known in fields if value not in known}
    return ReportChoice(
        period=period, by=by, periods=periods, cuts=cuts, unknown=unknown
    )


def _periods(here: datetime) -> Iterator[str]:
    """Yield the months of a year until now, their quarters, two years, and all."""
    first = here.year * 12 + here.month - 1
    months = [divmod(first - n, 12) for n in range(MONTHS)]
    yield from (f"{year}-{month + 1:02d}" for year, month in months)
    yield from dict.fromkeys(f"{year}-Q{month // 3 + 1}" for year, month in months)
    yield from (str(here.year), str(here.year - 1), ALL)


def _named(period: str, words: Wording) -> str:
    return words.say("analysis", ALL) if period == ALL else words.period(period)
