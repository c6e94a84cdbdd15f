"""`redress report`."""

from __future__ import annotations

from typing import Any

import click
import msgspec
from rich.table import Table

from interface.bootstrap import build
from interface.cli.extras import load
from interface.cli.report_publish import list_editions, publish
from interface.cli.table_output import print_table
from interface.settings.settings import read
from projections.figures.metrics import metrics
from projections.reports.period import Question
from projections.reports.public_figures import check_public, made_public
from projections.reports.report import Figure, Report
from projections.reports.report import report as counted_in
from projections.reports.report_csv import as_csv as written
from projections.reports.report_csv import (
    before_words,
    difference_words,
    figure_words,
    money_words,
)
from projections.reports.report_edition import canonical
from projections.reports.report_edition import digest as digest_of


class ReportGroup(click.Group):
    """Commands on reports; what names none of them asks for the figures of a period."""

    default = "show"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the default before a period and its options."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [self.default, *args]
        return super().parse_args(ctx, args)


@click.group(cls=ReportGroup)
def report() -> None:
    """Print the transparency figures of a period, or publish them.

    `redress report 2026-Q3` prints the figures, as `redress report show 2026-Q3` does.
    """


@report.command()
@click.argument("period")
@click.option("--by", default="none", show_default=True, help="month, category …")
@click.option("--zone", help="Where months begin [default: where the cases are].")
@click.option("--category", help="Only cases of this category.")
@click.option("--source", help="Only what was imported from this system.")
@click.option("--compare", is_flag=True, help="Beside the period before.")
@click.option("--public", is_flag=True, help="Only what everyone may see, as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the report as CSV.")
@click.option("--from", "place", metavar="DIR|s3://…", help="Count over this lake.")
@click.option("--digest", is_flag=True, help="Print the SHA-256 of the figures.")
def show(
    period: str,
    *,
    place: str | None,
    digest: bool,
    by: str,
    zone: str | None,
    category: str | None,
    source: str | None,
    compare: bool,
    public: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print the transparency figures of PERIOD: 2026, 2026-Q1, 2026-03 or all.

    --digest: of the whole report, and of the public copy that would be published.
    """
    question = Question(
        period=period, by=by, zone=zone, category=category, system=source
    )
    if public:
        check_public(question)
    counted = (
        _of_record(question, compared=compare)
        if place is None
        else _of_lake(place, question, compared=compare)
    )
    if digest:
        click.echo(f"{digest_of(canonical(counted))}  report")
        click.echo(f"{digest_of(canonical(made_public(counted)))}  public copy")
        return
    if public:
        click.echo(msgspec.json.encode(made_public(counted)))
    else:
        _print(counted, as_json=as_json, csv=as_csv)


def _of_record(question: Question, *, compared: bool) -> Report:
    system = build(read())
    try:
        with system.database.get_connection() as connection:
            return counted_in(connection, question, compared=compared)
    finally:
        system.close()


def _of_lake(place: str, question: Question, *, compared: bool) -> Report:
    # Only here: a report of the record needs no extra.
    lake_at = load("interface.cli.lake_place:lake_at")
    lake_report = load("projections.lake.lake_report:lake_report")
    counted: Report = lake_report(lake_at(place, ()), question, compared=compared)
    return counted


def _print(counted: Report, *, as_json: bool, csv: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(counted))
    elif csv:
        click.echo(written(counted), nl=False)
    else:
        for group in counted.groups:
            print_table(_table(group.key, group.figures, counted.before))


def _table(title: str, figures: tuple[Figure, ...], before: str | None) -> Table:
    words = {metric.id: metric.en for metric in metrics()}
    table = Table("figure", "value", "unit", "out of", "parts", title=title)
    for column in (before, "difference") if before else ():
        table.add_column(column)
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
            *([before_words(figure), difference_words(figure)] if before else []),
        )
    return table


def _text(number: Any) -> str:
    return "" if number is None else f"{number:g}"


report.add_command(publish)
report.add_command(list_editions)
