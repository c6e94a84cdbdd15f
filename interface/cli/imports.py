"""`redress imports`: which imports there were, and what came of them."""

from __future__ import annotations

import click
import msgspec
from rich.table import Table

from application.imports.import_runs import ImportRun, listed_imports
from application.imports.source.source_row import shown
from application.record.schema import migrations
from application.record.schema.migrations import STORE
from application.record.session import open_session
from interface.cli.table_output import print_table
from interface.settings.database_urls import database_url
from interface.settings.installed import installed
from interface.settings.settings import read


LONGEST = 500
"""Of the name of a file, which may be anything."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
def imports(*, as_json: bool) -> None:
    """List imports: who began which, of which files, and what came of it."""
    url = database_url(installed(read(serves=False)))
    migrations.check(url, STORE)
    with open_session(url, search_path=STORE.name) as connection:
        found = listed_imports(connection)
    if as_json:
        for one in found:
            click.echo(msgspec.json.encode(one))
    else:
        print_table(_table(found))


def _table(found: list[ImportRun]) -> Table:
    table = Table(
        *("began", "by", "system", "files", "rows", "cases", "grown", "events"),
        *("there already", "rejected", "state", "positions", "id"),
    )
    for one in found:
        between = f"{one.first_position}-{one.last_position}"
        table.add_row(
            f"{one.began_at:%Y-%m-%d %H:%M}Z",
            one.begun_by,
            one.system,
            ", ".join(shown(name, LONGEST) for name in one.digests),
            *(f"{count:,}" for count in (one.rows, one.cases, one.grown, one.events)),
            *(f"{count:,}" for count in (one.present, one.rejected)),
            "ended" if one.finished else "interrupted",
            between if one.last_position else "",
            str(one.id),
        )
    return table
