"""`redress report`."""

from __future__ import annotations

from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from interface.bootstrap import build
from interface.settings import SettingError, read
from projections.metrics import metrics
from projections.period import Question
from projections.report import Figure, Report
from projections.report import report as counted_in
from projections.report_csv import as_csv as written
from projections.report_csv import figure_words, money_words


@click.command()
@click.argument("period")
@click.option("--by", default="none", show_default=True, help="month, category …")
@click.option("--zone", help="Where months begin [default: where the cases are].")
@click.option("--category", help="Only cases of this category.")
@click.option("--source", help="Only what was imported from this system.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the report as CSV.")
def report(
    period: str,
    *,
    by: str,
    zone: str | None,
    category: str | None,
    source: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print the transparency figures of PERIOD: 2026, 2026-Q1, 2026-03 or all."""
    asked = {
        "period": period,
        "by": by,
        "zone": zone,
        "category": category,
        "system": source,
    }
    try:
        question = msgspec.convert(asked, Question)
    except msgspec.ValidationError as error:
        raise SettingError(f"--by: {error}") from None
    system = build(read())
    with system.database.get_connection() as connection:
        counted = counted_in(connection, question)
    system.close()
    _print(counted, as_json=as_json, csv=as_csv)


def _print(counted: Report, *, as_json: bool, csv: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(counted))
    elif csv:
        click.echo(written(counted), nl=False)
    else:
        for group in counted.groups:
            Console().print(_table(group.key, group.figures))


def _table(title: str, figures: tuple[Figure, ...]) -> Table:
    words = {metric.id: metric.en for metric in metrics()}
    table = Table("figure", "value", "unit", "out of", "parts", title=title)
    for figure in figures:
        parts = figure.parts or {}
        table.add_row(
            words[figure.id],
            figure_words(figure),
            figure.unit,
            _text(figure.denominator),
            ", ".join(
                [f"{name} {number}" for name, number in parts.items()]
                + [money_words(amount) for amount in figure.amounts or ()]
            ),
        )
    return table


def _text(number: Any) -> str:
    return "" if number is None else f"{number:g}"
