"""A report as CSV: one line for each figure and for each of its parts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import msgspec

from projections.report import Figure, Report


def as_csv(counted: Report) -> str:
    """Write a report as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    fixed = ["period", "zone", "group", "figure", "part", "unit"]
    numbers = ["value", "numerator", "denominator", "p90", "mean"]
    writer.writerow([*fixed, *numbers])
    for group in counted.groups:
        for figure in group.figures:
            place = [counted.period, counted.zone or "", group.key, figure.id]
            for line in _lines(figure):
                writer.writerow([*place, *line])
    return out.getvalue()


def _lines(figure: Figure) -> Iterator[list[Any]]:
    numbers = msgspec.structs.asdict(figure)
    shown = [numbers[n] for n in ("value", "numerator", "denominator", "p90", "mean")]
    yield ["", figure.unit, *("" if one is None else one for one in shown)]
    for part, number in (figure.parts or {}).items():
        yield [part, figure.unit, number, number, figure.numerator, "", ""]
