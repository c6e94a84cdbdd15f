"""`redress imports`: which imports there were, what came of them, setting one aside."""

from __future__ import annotations

from uuid import UUID

import click
import msgspec
from rich.table import Table

from application.imports.import_runs import ImportRun, listed_imports
from application.imports.source.source_row import shown
from application.imports.withdrawals import Withdrawals
from application.record.schema import migrations
from application.record.schema.migrations import STORE
from application.record.session import open_session
from domain.names import same
from domain.refusals import NotFound
from interface.bootstrap import build
from interface.cli.table_output import print_table
from interface.settings.database_urls import database_url
from interface.settings.installed import installed
from interface.settings.settings import SettingError, read

LONGEST = 500
"""Of the name of a file, which may be anything."""

MOST_BASIS = 200


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
@click.pass_context
def imports(context: click.Context, *, as_json: bool) -> None:
    """List imports: who began which, of which files, and what came of it."""
    if context.invoked_subcommand is not None:
        return
    url = database_url(installed(read(serves=False)))
    migrations.check(url, STORE)
    with open_session(url, search_path=STORE.name) as connection:
        found = listed_imports(connection)
    if as_json:
        for one in found:
            click.echo(msgspec.json.encode(one))
    else:
        print_table(_table(found))


@imports.command()
@click.argument("import_id", type=click.UUID, metavar="IMPORT")
@click.option("--basis", required=True, help="Why, such as minutes by their number.")
@click.option("--requester", required=True, help="Who asks for it, by pseudonym.")
@click.option("--approver", required=True, help="The second person, by pseudonym.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def withdraw(
    import_id: UUID, *, basis: str, requester: str, approver: str, as_json: bool
) -> None:
    """Set all cases of IMPORT aside: provable, and in no queue, list or figure.

    Interrupted, it goes on. Cases that were there before and only grew stay.
    """
    basis = basis.strip()
    if not basis.isprintable() or not 0 < len(basis) <= MOST_BASIS:
        raise SettingError(f"--basis: is not 1-{MOST_BASIS} visible characters")
    if same(requester, approver):
        raise SettingError("--approver: has to be another person than --requester")
    system = build(read())
    try:
        withdrawals = Withdrawals(system.disputes)
        asked = withdrawals.request(import_id, None, basis, requester)
        if asked.approved_by is None:
            asked = withdrawals.approve(import_id, None, approver)
        done = withdrawals.carry_out(asked)
    except NotFound:
        raise SettingError(f"{import_id}: there is no such import") from None
    finally:
        system.close()
    if as_json:
        click.echo(msgspec.json.encode(done))
    else:
        click.echo(
            f"{done.cases:,} cases set aside: {done.basis}"
            f" ({done.requested_by}, {done.approved_by})"
        )


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
            _state(one),
            between if one.last_position else "",
            str(one.id),
        )
    return table


def _state(one: ImportRun) -> str:
    if one.withdrawn_at is not None:
        return f"set aside {one.withdrawn_at:%Y-%m-%d}"
    return "ended" if one.finished else "interrupted"
