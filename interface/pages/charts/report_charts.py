"""All charts that a report has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from interface.pages.charts.appeal_results import appeal_results
from interface.pages.charts.chart import Chart
from interface.pages.charts.days_to_close import days_to_close
from interface.pages.charts.funnel import funnel
from interface.pages.charts.monthly_flow import monthly_flow
from interface.pages.charts.on_time_rates import on_time_rates
from interface.pages.charts.public_words import Wording
from interface.pages.charts.shares_by_category import (
    LIABILITY,
    OUTCOME,
    REASON,
    shares_by_category,
)
from projections.reports.public_report import PublicReport

CHARTS: Mapping[str, Callable[[PublicReport, Wording], Chart | None]] = {
    "filed-closed": monthly_flow,
    "funnel": funnel,
    "days": days_to_close,
    "outcomes": partial(shares_by_category, OUTCOME),
    "reasons": partial(shares_by_category, REASON),
    "liability": partial(shares_by_category, LIABILITY),
    "on-time": on_time_rates,
    "appeals": appeal_results,
}
"""Each chart by its name in addresses, in the order of a page."""


def charts(report: PublicReport, wording: Wording) -> list[Chart]:
    """Draw the charts of a report: those that its cut has the numbers for."""
    drawn = (draw(report, wording) for draw in CHARTS.values())
    return [one for one in drawn if one is not None]
