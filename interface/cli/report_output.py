"""How `redress report` writes: as tables, for programs, or in an authority's form."""

from __future__ import annotations

from typing import IO, Any

import click
import msgspec
from rich.table import Table

from domain.policy.codes import Codes
from interface.cli.table_output import REPORT_WIDTH, print_table
from projections.authorities.forms import FORMS
from projections.figures.metrics import metrics
from projections.reports.period import Question
from projections.reports.report import Group, Report
from projections.reports.report_csv import (
    as_csv,
    before_words,
    difference_words,
    figure_words,
    money_words,
)
from projections.reports.report_workbook import workbook

FORMATS = ("csv", "json", "xlsx", *FORMS)


def write(
    counted: Report, form: str | None, asked: Question, codes: Codes, to: IO[bytes]
) -> None:
    """Write a report in a form of FORMATS; as tables for people without one.

    Where a record begins after the first day, standard error says it beside a file:
    cells of the time before are empty. JSON has it.
    """
    if form not in {None, "json"}:
        for name, day in counted.beginnings.items():
            click.echo(_begins(name, day), err=True)
    if form is None:
        for group in counted.groups:
            title = f"{counted.period} · {group.key}"
            table = _table(title, group, counted.before)
            print_table(table, most=REPORT_WIDTH)
            if group.record_from:
                click.echo(_begins(group.key, group.record_from))
        if counted.record_from:
            click.echo(_begins(counted.period, counted.record_from))
    elif form == "xlsx":
        if to.isatty():
            raise click.UsageError("a workbook is no text: write it with --output FILE")
        to.write(workbook(counted))
    elif form == "json":
        to.write(msgspec.json.encode(counted) + b"\n")
    elif form == "csv":
        to.write(as_csv(counted).encode())
    else:
        to.write(FORMS[form].written(counted, asked, codes).encode())


def _begins(name: str, day: str) -> str:
    return f"{name}: the record begins on {day}"


def _table(title: str, group: Group, before: str | None) -> Table:
    words = {metric.id: metric.en for metric in metrics()}
    table = Table("figure", "value", "unit", "out of", "parts", title=title)
    for column in (before, "difference") if before else ():
        table.add_column(column)
    for figure in group.figures:
        parts = figure.parts or {}
        table.add_row(
            words[figure.id],
            figure_words(figure),
            figure.unit,
            _text(None if group.is_before_record else figure.denominator),
            ", ".join(
                [f"{name} {number}" for name, number in parts.items()]
                + [money_words(amount) for amount in figure.amounts or ()]
            ),
            *([before_words(figure), difference_words(figure)] if before else []),
        )
    return table


def _text(number: Any) -> str:
    return "" if number is None else f"{number:g}"
