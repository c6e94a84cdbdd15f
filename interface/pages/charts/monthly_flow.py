"""Filed and closed over time: two lines over the months of a report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from interface.pages.charts.chart import Chart, DataTable, Gap
from interface.pages.charts.chart_scales import FULL, PHONE, round_top
from interface.pages.charts.monthly_lines import ID, SERIES, MonthCounts, Series, drawn
from interface.pages.charts.public_numbers import numerator
from interface.pages.charts.public_words import Wording
from projections.reports.public_report import PublicReport

MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
LEAST_MONTHS = 2


def monthly_flow(report: PublicReport, wording: Wording) -> Chart | None:
    """Draw a report by month; None of one that is cut otherwise, or is too short."""
    months = _months(report)
    counts = [n for one in months for n in (one.opened, one.closed)]
    shown = [n for n in counts if not isinstance(n, Gap)]
    if len(months) < LEAST_MONTHS or not any(shown):
        return None
    top = round_top(max(shown))
    return Chart(
        id=ID,
        heading=wording.say("flow", "heading"),
        reading=wording.say("flow", "reading"),
        seen=wording.say("flow", "seen", series=wording.joined(_seen(months, wording))),
        source=wording.source("opened", "closed"),
        drawings=tuple(drawn(one, months, top, wording) for one in (FULL, PHONE)),
        table=_table(months, wording),
    )


def _months(report: PublicReport) -> list[MonthCounts]:
    """Return every month from the first to the last; one without a group has none."""
    if report.by != "month":
        return []
    found = {
        group.key: MonthCounts(
            group.key, numerator(group, "opened"), numerator(group, "closed")
        )
        for group in report.groups
        if MONTH.fullmatch(group.key)
    }
    keys = _between(min(found), max(found)) if found else ()
    return [found.get(key) or MonthCounts(key, 0, 0) for key in keys]


def _between(first: str, last: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while (key := f"{year:04d}-{month:02d}") <= last:
        yield key
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004


def _seen(months: Sequence[MonthCounts], wording: Wording) -> Iterator[str]:
    for series in SERIES:
        yield _seen_of(series, months, wording)
    if any(Gap.WITHHELD in (one.opened, one.closed) for one in months):
        yield wording.say("flow", "some-withheld")


def _seen_of(series: Series, months: Sequence[MonthCounts], wording: Wording) -> str:
    name = wording.say("flow", series.name)
    counts = [(getattr(one, series.name), one.key) for one in months]
    shown = [(n, key) for n, key in counts if not isinstance(n, Gap)]
    if not shown:
        return wording.say("flow", "series-withheld", name=name)
    most, least = max(shown), min(shown)
    return wording.say(
        "flow",
        "series-seen" if most[0] != least[0] else "series-same",
        name=name,
        most=wording.number(most[0]),
        least=wording.number(least[0]),
        most_month=wording.month(most[1]),
        least_month=wording.month(least[1]),
    )


def _table(months: Sequence[MonthCounts], wording: Wording) -> DataTable:
    columns = ("month", "opened", "closed", "more")
    return DataTable(
        caption=wording.say("flow", "heading"),
        head=tuple(wording.say("flow", one) for one in columns),
        units=("", "cases", "cases", "change"),
        rows=tuple(
            (wording.month(one.key), one.opened, one.closed, _more(one))
            for one in months
        ),
    )


def _more(month: MonthCounts) -> int | Gap:
    if isinstance(month.opened, Gap) or isinstance(month.closed, Gap):
        return Gap.WITHHELD
    return month.closed - month.opened
