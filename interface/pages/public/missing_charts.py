"""Charts that a period does not have: why, and what an operator does to bring them."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from interface.pages.charts.public_words import Wording
from interface.pages.charts.report_charts import CHARTS
from interface.pages.public.published_period import Chosen, PublishedPeriod

DRAWN_FROM: Mapping[str, str] = {
    "filed-closed": "month",
    "funnel": "none",
    "days": "category",
    "outcomes": "category",
    "reasons": "reason",
    "liability": "category",
    "on-time": "none",
    "appeals": "none",
}
"""By what the report is cut that each chart is drawn from."""

HEADINGS: Mapping[str, tuple[str, str]] = {
    "filed-closed": ("flow", "heading"),
    "funnel": ("funnel", "heading"),
    "days": ("days", "heading"),
    "outcomes": ("shares", "outcome-heading"),
    "reasons": ("shares", "reason-heading"),
    "liability": ("shares", "liability-heading"),
    "on-time": ("rates", "heading"),
    "appeals": ("appeals", "heading"),
}

_MONTH = len("2026-03")


class MissingChart(Struct, frozen=True, kw_only=True):
    """A chart that is not drawn. `command` publishes what it is drawn from, or None."""

    id: str
    heading: str
    why: str
    command: str | None = None


def missing_charts(
    period: PublishedPeriod, drawn: Collection[str], words: Wording
) -> list[MissingChart]:
    """Return the charts that are not drawn, in the order of a page."""
    if period.edition is None or period.group is None:
        # The page says so of all its figures.
        return []
    return [_missing(chart, period, words) for chart in CHARTS if chart not in drawn]


def _missing(chart: str, period: PublishedPeriod, words: Wording) -> MissingChart:
    cut, chosen = DRAWN_FROM[chart], period.chosen
    cuts = frozenset() if cut == "none" else frozenset({cut})
    why, command = "empty", None
    if chosen.keys:
        why = "empty" if cut == "none" else "one-group"
    elif cut == "month" and _is_month(chosen.period):
        why = "one-month"
    elif cuts not in period.editions:
        why, command = f"no-{cut}", shlex.join(_command(cut, chosen))
    return MissingChart(
        id=chart,
        heading=words.say(*HEADINGS[chart]),
        why=words.say("missing_chart", why),
        command=command,
    )


def _is_month(period: str) -> bool:
    return len(period) == _MONTH and "Q" not in period


def _command(cut: str, chosen: Chosen) -> Iterator[str]:
    yield from ("redress", "report", "publish", chosen.period)
    if cut != "none":
        yield from ("--by", cut)
    if chosen.platform:
        yield from ("--platform", chosen.platform)
