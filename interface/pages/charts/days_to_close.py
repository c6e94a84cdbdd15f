"""Days from filing to closing, by category: the median, and the 90th percentile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from interface.pages.charts.chart import Chart, DataTable, Gap
from interface.pages.charts.chart_scales import HALF, PHONE, round_top
from interface.pages.charts.dot_plot import DotPlot, DotRow
from interface.pages.charts.public_numbers import numerator, p90, value
from interface.pages.charts.public_words import Wording
from projections.reports.public_report import PublicReport

ID = "days"
NET, GROSS = "days-open-net", "days-open"


class CategoryDays(Struct, frozen=True):
    """The days of a category, and of how many cases."""

    name: str
    cases: int | Gap
    net: float | Gap
    p90: float | Gap
    gross: float | Gap


def days_to_close(report: PublicReport, wording: Wording) -> Chart | None:
    """Draw the days of a report by category; None of one that is cut otherwise."""
    days = _days(report, wording)
    shown = [one for each in days for one in (each.net, each.p90)]
    numbers = [one for one in shown if not isinstance(one, Gap)]
    if not numbers:
        return None
    plot = DotPlot(
        id=ID,
        rows=[DotRow(one.name, one.net, one.p90) for one in days],
        low=0,
        high=round_top(max(numbers)),
        label=lambda number: wording.number(number, 1),
        tick=lambda number: wording.say("amounts", "tick-days", n=f"{number:g}"),
        gap=lambda gap: wording.say("gaps", gap),
    )
    return Chart(
        id=ID,
        heading=wording.say("days", "heading"),
        reading=wording.say("days", "reading"),
        seen=wording.say("days", "seen", parts=wording.joined(_seen(days, wording))),
        source=wording.source(NET, GROSS),
        drawings=tuple(plot.drawing(frame) for frame in (HALF, PHONE)),
        is_full=False,
        table=_table(days, wording),
    )


def _days(report: PublicReport, wording: Wording) -> list[CategoryDays]:
    if report.by != "category":
        return []
    days = [
        CategoryDays(
            wording.label("categories", group.key),
            numerator(group, NET),
            value(group, NET),
            p90(group, NET),
            value(group, GROSS),
        )
        for group in report.groups
    ]
    # The longest first; what has no number last.
    return sorted(days, key=lambda one: -_number(one.net))


def _number(value: float | Gap) -> float:
    return -1 if isinstance(value, Gap) else value


def _seen(days: Sequence[CategoryDays], wording: Wording) -> Iterator[str]:
    shown = [one for one in days if not isinstance(one.net, Gap)]
    if shown:
        most, least = shown[0], shown[-1]
        yield wording.say(
            "days",
            "seen-range" if len(shown) > 1 else "seen-one",
            most_name=most.name,
            most=wording.number(_number(most.net), 1),
            least_name=least.name,
            least=wording.number(_number(least.net), 1),
        )
    withheld = sum(one.net is Gap.WITHHELD for one in days)
    if withheld:
        yield wording.say("days", "seen-withheld", n=str(withheld))


def _table(days: Sequence[CategoryDays], wording: Wording) -> DataTable:
    columns = ("cases", "net", "p90", "gross")
    return DataTable(
        caption=wording.say("days", "heading"),
        head=(
            wording.say("chart_parts", "category"),
            *(wording.say("days", one) for one in columns),
        ),
        units=("", "cases", "days", "days", "days"),
        rows=tuple((one.name, one.cases, one.net, one.p90, one.gross) for one in days),
    )
