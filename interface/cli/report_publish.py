"""`redress report publish` and `redress report editions`."""

from __future__ import annotations

from datetime import UTC

import click
import msgspec
from rich.table import Table

from interface.bootstrap import build
from interface.cli.revoke import operator
from interface.cli.table_output import print_table
from interface.settings.settings import read
from projections.reports.period import Question
from projections.reports.publication_terms import Author
from projections.reports.report_edition import Difference
from projections.reports.report_publication import editions
from projections.reports.report_publication import publish as published


@click.command("publish")
@click.argument("period")
@click.option("--by", default="none", show_default=True, help="category, channel …")
@click.option("--platform", help="Only cases of this platform.")
@click.option("--reason", help="Why an edition that is published is corrected.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON.")
def publish(
    period: str, *, by: str, platform: str | None, reason: str | None, as_json: bool
) -> None:
    """Publish the report of PERIOD, once it is over: 2026, 2026-Q3 or 2026-09.

    What is published never changes. If PERIOD has an edition already, the next one
    corrects it, and says why.
    """
    question = Question(period=period, by=by, platform=platform)
    system = build(read())
    try:
        author = Author(
            by=operator(), at=system.clock(), zone=system.zone, reason=reason
        )
        with system.database.get_connection() as connection:
            made, changed = published(connection, question, author)
    finally:
        system.close()
    if as_json:
        click.echo(msgspec.json.encode(made))
        return
    if changed:
        print_table(_table(changed))
    click.echo(
        f"{made.name}: edition {made.edition} is published, sha256 {made.sha256}"
    )
    if made.checkpoint is None:
        click.echo(f"No signed checkpoint has the event at {made.position} in it yet.")


@click.command("editions")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON each.")
def list_editions(name: str | None, *, as_json: bool) -> None:
    """List the reports that are published, or the editions of NAME."""
    system = build(read())
    try:
        with system.database.get_connection() as connection:
            found = editions(connection, name)
    finally:
        system.close()
    if as_json:
        for one in found:
            click.echo(msgspec.json.encode(one))
        return
    table = Table("name", "edition", "published", "position", "sha256", "reason")
    for one in found:
        at = f"{one.published_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        number, position = str(one.edition), str(one.position)
        table.add_row(one.name, number, at, position, one.sha256, one.reason or "")
    print_table(table)


def _table(changed: tuple[Difference, ...]) -> Table:
    table = Table("group", "figure", "number", "before", "after")
    for one in changed:
        before, after = (
            "" if number is None else str(number) for number in (one.before, one.after)
        )
        table.add_row(one.group, one.figure, one.number, before, after)
    return table
