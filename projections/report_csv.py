"""A report as CSV, as people read it: one line for each figure and each of its parts.

Programs read JSON. Here a share is "95.4 %" and money "¥28,806.00".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from projections.case_view.shown_values import MoneyShown
from projections.metrics import FigureUnit
from projections.report import Figure, Report

FOR_SPREADSHEETS = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Put before a file that is downloaded: without it, Excel reads UTF-8 as GBK."""

COLUMNS = ("period", "zone", "group", "figure", "part", "unit")
NUMBERS = ("value", "numerator", "denominator", "p90", "mean")


def as_csv(counted: Report) -> str:
    """Write a report as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *NUMBERS])
    for group in counted.groups:
        for figure in group.figures:
            place = [counted.period, counted.zone or "", group.key, figure.id]
            for line in _lines(figure):
                writer.writerow([*place, *line])
    return out.getvalue()


def _lines(figure: Figure) -> Iterator[list[Any]]:
    value = figure_words(figure)
    numbers = [figure.numerator, figure.denominator, figure.p90, figure.mean]
    yield ["", figure.unit, value, *map(_number, numbers)]
    for part, number in (figure.parts or {}).items():
        yield [part, figure.unit, _number(number), number, figure.numerator, "", ""]
    for amount in figure.amounts or ():
        yield [amount.currency, figure.unit, money_words(amount), "", "", "", ""]


def figure_words(figure: Figure) -> str:
    """Return the value of a figure; "" for none, and for money of two currencies."""
    if figure.unit is FigureUnit.SHARE:
        return "" if figure.value is None else f"{figure.value:.1%}".replace("%", " %")
    amounts = figure.amounts or ()
    return money_words(amounts[0]) if len(amounts) == 1 else _number(figure.value)


def money_words(amount: MoneyShown) -> str:
    """Return an amount such as "¥28,806.00"; the yen has the same sign, so no sign."""
    whole, point, decimals = amount.amount.partition(".")
    number = f"{int(whole):,}{point}{decimals}"
    return f"¥{number}" if amount.currency == "CNY" else f"{amount.currency} {number}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
