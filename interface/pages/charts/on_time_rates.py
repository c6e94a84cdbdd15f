"""How often each step was taken in time."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from msgspec import Struct

from interface.pages.charts.chart import Chart, DataTable, Gap
from interface.pages.charts.chart_scales import FULL, PHONE
from interface.pages.charts.dot_plot import DotPlot, DotRow
from interface.pages.charts.public_numbers import denominator, numerator, value, whole
from interface.pages.charts.public_words import Wording
from projections.reports.public_report import PublicReport

ID = "on-time"
STEPS = (
    "admission-in-time",
    "response-in-time",
    "ruling-in-time",
    "closed-in-time",
    "performed-in-time",
)
OTHER = {"response-in-time": "response-in-time-with-pending"}
"""The figures that count the same step by another definition."""

_SEEN = {
    Gap.WITHHELD: "seen-withheld",
    Gap.NOTHING: "seen-withheld",
    Gap.FEW: "seen-few",
}


class StepRate(Struct, frozen=True):
    """A step: cases in time, out of how many, the rate, and by another definition."""

    name: str
    in_time: int | Gap
    of: int | Gap
    rate: float | Gap
    other: float | Gap


def on_time_rates(report: PublicReport, wording: Wording) -> Chart | None:
    """Draw the rates of a report that is not cut; None without any rate."""
    steps = _steps(report, wording)
    found = [one for each in steps for one in (each.rate, each.other)]
    numbers = [one for one in found if not isinstance(one, Gap)]
    if not numbers:
        return None
    # The axis starts at the tens below the least rate: the page says so.
    low = min(0.9, floor(min(numbers) * 10 + 1e-9) / 10)
    plot = DotPlot(
        id=ID,
        rows=[DotRow(one.name, one.rate, one.other) for one in steps],
        low=low,
        high=1,
        label=wording.percent,
        tick=wording.percent,
        gap=lambda gap: wording.say("gaps", gap),
    )
    return Chart(
        id=ID,
        heading=wording.say("rates", "heading"),
        reading=wording.say("rates", "reading", low=wording.percent(low)),
        seen=_seen(steps, wording),
        source=wording.source(*STEPS, *OTHER.values()),
        drawings=tuple(plot.drawing(frame) for frame in (FULL, PHONE)),
        table=_table(steps, wording),
    )


def _steps(report: PublicReport, wording: Wording) -> list[StepRate]:
    group = whole(report)
    if group is None:
        return []
    return [
        StepRate(
            wording.say("rates", name),
            numerator(group, name),
            denominator(group, name),
            value(group, name),
            value(group, OTHER[name]) if name in OTHER else Gap.NOTHING,
        )
        for name in STEPS
        if denominator(group, name) != 0
    ]


def _seen(steps: Sequence[StepRate], wording: Wording) -> str:
    rows = (
        wording.say("rates", _SEEN[one.rate], name=one.name)
        if isinstance(one.rate, Gap)
        else wording.say(
            "rates", "seen-row", name=one.name, rate=wording.percent(one.rate)
        )
        for one in steps
    )
    return wording.say("rates", "seen", rows=wording.joined(rows))


def _table(steps: Sequence[StepRate], wording: Wording) -> DataTable:
    columns = ("step", "in-time", "of", "rate", "other-rate")
    return DataTable(
        caption=wording.say("rates", "heading"),
        head=tuple(wording.say("rates", one) for one in columns),
        units=("", "cases", "cases", "share", "share"),
        rows=tuple(
            (one.name, one.in_time, one.of, one.rate, one.other) for one in steps
        ),
    )
