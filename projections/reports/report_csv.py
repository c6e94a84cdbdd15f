"""A report as CSV, as people read it: one line for each figure and each of its parts.

Programs read JSON. Here a share is "95.4 %" and money "¥28,806.00".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from projections.case_view.shown_values import MoneyShown
from projections.figures.metrics import FigureUnit
from projections.reports.figure import Figure
from projections.reports.report import Group, Report
from projections.reports.spreadsheet_text import as_text

COLUMNS = ("period", "zone", "group", "figure", "part", "unit")
NUMBERS = ("value", "numerator", "denominator", "p90", "mean")
BESIDE = ("before", "difference")
"""What a report adds that is compared with the period before."""

BEGINS = ("record_from",)
"""What a report adds of which a record begins after the first day."""


def as_csv(counted: Report) -> str:
    """Write a report as CSV.

    Of a time before the record it has no numbers, and says from which day on it has.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    begins = BEGINS if any(one.record_from for one in counted.groups) else ()
    more = (*(BESIDE if counted.before else ()), *begins)
    writer.writerow([*COLUMNS, *NUMBERS, *more])
    for group in counted.groups:
        since = [group.record_from or ""] if begins else []
        for figure in group.figures:
            place = [counted.period, counted.zone or "", as_text(group.key), figure.id]
            beside = _beside(figure) if counted.before else []
            for line in _lines(group, figure):
                writer.writerow([*place, *line, *beside, *since])
                beside = [""] * len(beside)
    return out.getvalue()


def _lines(group: Group, figure: Figure) -> Iterator[list[Any]]:
    if group.is_before_record:
        yield ["", figure.unit, *[""] * len(NUMBERS)]
        return
    value = figure_words(figure)
    numbers = [figure.numerator, figure.denominator, figure.p90, figure.mean]
    unit = figure.unit
    yield ["", unit, value, *map(_number, numbers)]
    for part, number in (figure.parts or {}).items():
        yield [as_text(part), unit, _number(number), number, figure.numerator, "", ""]
    for amount in figure.amounts or ():
        yield [as_text(amount.currency), unit, money_words(amount), "", "", "", ""]


def figure_words(figure: Figure) -> str:
    """Return the value of a figure; "" for none, and for money of two currencies."""
    if figure.unit is FigureUnit.SHARE:
        return "" if figure.value is None else f"{figure.value:.1%}".replace("%", " %")
    amounts = figure.amounts or ()
    return money_words(amounts[0]) if len(amounts) == 1 else _number(figure.value)


def _beside(figure: Figure) -> list[str]:
    return [before_words(figure), difference_words(figure)]


def before_words(figure: Figure) -> str:
    """Return the value of the period before, as `figure_words` does."""
    return figure_words(
        replace(figure, value=figure.before, amounts=figure.amounts_before)
    )


def difference_words(figure: Figure) -> str:
    """Return what a figure has changed by: of a share, in points of a percent."""
    if figure.difference is None:
        return ""
    if figure.unit is FigureUnit.SHARE:
        return f"{100 * figure.difference:+.1f}"
    whole = isinstance(figure.difference, int)
    return f"{figure.difference:+,}" if whole else f"{figure.difference:+,.1f}"


def money_words(amount: MoneyShown) -> str:
    """Return an amount such as "¥28,806.00"; the yen has the same sign, so no sign."""
    whole, point, decimals = amount.amount.partition(".")
    number = f"{int(whole):,}{point}{decimals}"
    return f"¥{number}" if amount.currency == "CNY" else f"{amount.currency} {number}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
