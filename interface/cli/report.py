"""`redress report`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click
import msgspec

from application.rules.rulebook import Rulebooks
from domain.policy.codes import Codes
from interface.bootstrap import build
from interface.cli.extras import load
from interface.cli.known_values_of_record import known_values
from interface.cli.output_file import FORCE, refuse_to_replace
from interface.cli.report_consistency import consistency
from interface.cli.report_output import FORMATS, write
from interface.cli.report_publish import list_editions, publish
from interface.settings.settings import read
from projections.authorities.forms import FORMS
from projections.reports.known_values import check_known
from projections.reports.period import Question
from projections.reports.public_figures import check_public, made_public
from projections.reports.report import Report
from projections.reports.report import report as counted_in
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
@click.option("--platform", help="Only cases of this platform.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="For programs, or authorities."
)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option("--csv", "form", flag_value="csv", help="The same as --format csv.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write into this file.",
)
@FORCE
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
    platform: str | None,
    form: str | None,
    output: Path | None,
    force: bool,
) -> None:
    """Print the transparency figures of PERIOD: 2026, 2026-Q1, 2026-03 or all.

    --digest: of the whole report, and of the public copy that would be published.
    --format dsa, adr, p2b, cn12315: in the form that an authority asks for.
    """
    if output is not None:
        refuse_to_replace(output, force=force)
    asked = Question(
        period=period,
        by=by,
        zone=zone,
        category=category,
        system=source,
        platform=platform,
    )
    of_authority = FORMS.get(form or "")
    question = of_authority.question(asked) if of_authority else asked
    compare = compare or (of_authority is not None and of_authority.compared)
    if public:
        check_public(question)
    count = _of_record if place is None else partial(_of_lake, place)
    counted, codes = count(question, compared=compare)
    if of_authority and not counted.groups:
        # No platform has a case in the period, which the form says of all of them.
        counted, codes = count(asked, compared=compare)
    if digest:
        click.echo(f"{digest_of(canonical(counted))}  report")
        click.echo(f"{digest_of(canonical(made_public(counted)))}  public copy")
        return
    if public:
        click.echo(msgspec.json.encode(made_public(counted)))
    else:
        _write(counted, form, asked, codes, output)


def _write(
    counted: Report,
    form: str | None,
    asked: Question,
    codes: Codes,
    output: Path | None,
) -> None:
    if output is None:
        write(counted, form, asked, codes, sys.stdout.buffer)
        return
    with output.open("wb") as file:
        write(counted, form, asked, codes, file)


def _of_record(question: Question, *, compared: bool) -> tuple[Report, Codes]:
    system = build(read())
    try:
        with system.database.get_connection() as connection:
            check_known(question, known_values(connection))
            counted = counted_in(connection, question, compared=compared)
        return counted, system.rulebooks.codes
    finally:
        system.close()


def _of_lake(place: str, question: Question, *, compared: bool) -> tuple[Report, Codes]:
    # Only here: a report of the record needs no extra.
    lake_at = load("interface.cli.lake_place:lake_at")
    lake_report = load("projections.lake.lake_report:lake_report")
    counted: Report = lake_report(lake_at(place, ()), question, compared=compared)
    return counted, Rulebooks().codes


report.add_command(publish)
report.add_command(list_editions)
report.add_command(consistency)
