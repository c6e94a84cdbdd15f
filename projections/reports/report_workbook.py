"""A report as a workbook (XLSX): figures, their definitions, and what was counted."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.metadata import version

import xlsxwriter

from projections.figures.metrics import FigureUnit, metrics
from projections.reports.figure import Figure
from projections.reports.report import Group, Report

FIGURES = (
    *("group", "figure", "name", "part", "unit", "value"),
    *("numerator", "denominator", "p90", "mean", "before", "difference"),
)
DEFINITIONS = (
    *("figure", "version", "zh", "en", "unit", "dated", "counted", "out_of"),
    *("measured", "broken_down"),
)
WIDTHS = {"figures": 18, "definitions": 24, "about": 24}

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a workbook."""

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the same for all, so that bytes are too

Cell = str | int | float | None


def workbook(counted: Report) -> bytes:
    """Write a report as a workbook: the same bytes for the same report.

    Numbers stay numbers: a share is 0.95, money the decimal amount of its currency.
    """
    out = io.BytesIO()
    # In memory: it writes temporary files otherwise.
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE, "title": f"Redress {counted.period}"})
        bold = book.add_format({"bold": True})
        # What a reader opens first is first; the rest says how to count it again.
        for name, rows in (
            ("figures", _figures(counted)),
            ("definitions", _definitions()),
            ("about", _about(counted)),
        ):
            sheet = book.add_worksheet(name)
            # The heading stays in sight over thousands of lines.
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    _write(sheet, number, column, cell, bold if not number else None)
            sheet.set_column(0, 20, WIDTHS[name])
    return out.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Cell,
    form: xlsxwriter.format.Format | None,
) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        # Named, so that nothing that a source wrote is run as a formula.
        sheet.write_string(row, column, cell, form)
    else:
        sheet.write_number(row, column, cell, form)


def _figures(counted: Report) -> Iterable[Sequence[Cell]]:
    yield FIGURES
    names = {one.id: one.en for one in metrics()}
    for group in counted.groups:
        for figure in group.figures:
            yield from _lines(group, figure, names[figure.id])


def _lines(group: Group, figure: Figure, name: str) -> Iterable[Sequence[Cell]]:
    place = (group.key, figure.id, name)
    numbers: tuple[Cell, ...] = (None, None, None, None)
    if not group.is_before_record:
        numbers = (figure.numerator, figure.denominator, figure.p90, figure.mean)
    beside = (figure.before, figure.difference)
    yield (*place, None, str(figure.unit), figure.value, *numbers, *beside)
    # Parts are numbers of cases, whatever the whole figure is.
    for part, number in (figure.parts or {}).items():
        yield (*place, part, str(FigureUnit.CASES), number, number)
    # A float holds fifteen digits, more than the money of any period has.
    for amount in figure.amounts or ():
        yield (*place, amount.currency, str(figure.unit), float(amount.amount))


def _definitions() -> Iterable[Sequence[Cell]]:
    yield DEFINITIONS
    for one in metrics():
        names = (one.id, one.version, one.zh, one.en, str(one.unit), one.dated)
        yield (*names, one.counted, one.out_of, one.measured, one.broken_down)


def _about(counted: Report) -> Iterable[Sequence[Cell]]:
    yield ("what", "value")
    yield ("period", counted.period)
    yield ("before", counted.before)
    yield ("zone", counted.zone)
    yield ("by", counted.by)
    yield ("category", counted.category)
    yield ("source", counted.system)
    yield ("position", counted.position)
    yield ("code_version", version("redress"))
    for name, day in counted.beginnings.items():
        yield (f"record_from {name}", day)
    for name, cases in counted.left_out.items():
        yield (f"left_out {name}", cases)
