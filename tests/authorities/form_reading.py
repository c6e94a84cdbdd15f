"""Forms as programs read them: lines by their columns, and the figures behind them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from domain.policy.codes import Codes
from projections.authorities.forms import FORMS
from projections.reports.figure import Figure
from projections.reports.period import Question
from projections.reports.report import Report

ASKED = Question(period="2026", platform="x")
"""What forms are asked for: the random rows lie in 2026, half of them on x."""

Line = dict[str, str]


def lines(
    name: str, counted: Report, codes: Codes, asked: Question = ASKED
) -> list[Line]:
    text = FORMS[name].written(counted, asked, codes)
    return list(csv.DictReader(io.StringIO(text)))


def value(line: Line) -> str:
    return next(line[name] for name in ("Value", "数值") if name in line)


def note(line: Line) -> str:
    names = ("Contextual Information", "Note", "说明")
    return next(line[name] for name in names if name in line)


def figure(counted: Report, name: str) -> Figure:
    return counted.groups[0][name]


def percents(counted: Report, name: str) -> Iterator[str]:
    """Yield how large each part of a figure is, in percent, as the forms write it."""
    found = figure(counted, name)
    for number in (found.parts or {}).values():
        yield f"{round(100 * number / found.numerator, 2):g}"
