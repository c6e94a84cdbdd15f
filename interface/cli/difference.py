"""`redress difference`."""

from __future__ import annotations

from uuid import UUID

import click
import msgspec
from rich.table import Table

from application.cases import diff
from application.privacy.redaction import opened_for
from application.record.envelope import topic
from application.record.plain_values import plain
from interface.bootstrap import build
from interface.cli.case_argument import CASE
from interface.cli.case_lookup import BY, MOMENT, at_moment, found
from interface.cli.table_output import print_table
from interface.settings.settings import SettingError, read


@click.command()
@click.argument("case", type=CASE)
@click.option("--from", "earlier", required=True, help=MOMENT)
@click.option("--to", "later", required=True, help=MOMENT)
@BY
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def difference(
    case: UUID | str, *, earlier: str, later: str, by: str, as_json: bool
) -> None:
    """Show which events came between two moments, and what they changed."""
    system = build(read())
    loaded = found(system, case)
    before = at_moment(system, loaded, "--from", earlier, by)
    after = at_moment(system, loaded, "--to", later, by)
    record, kept = system.record, loaded.restricted
    earlier_facts, later_facts = (
        opened_for(None, record, one.events, kept) for one in (before, after)
    )
    try:
        compared = diff.difference(earlier_facts, later_facts)
    except diff.Backwards:
        raise SettingError("--from: is later than --to") from None
    finally:
        system.close()
    if as_json:
        versions = {"before": before.version, "after": after.version}
        shown = {"dispute": case, **versions, **plain(compared)}
        click.echo(msgspec.json.encode(shown))
    else:
        print_table(_table(compared, before.version, after.version))


def _table(compared: diff.Difference, before: int, after: int) -> Table:
    names = ", ".join(f"{f.version} {topic(f.event)}" for f in compared.events)
    table = Table("field", "before", "after", title=f"{before} -> {after}: {names}")
    for change in compared.changes:
        old, new = (msgspec.json.encode(one) for one in (change.before, change.after))
        table.add_row(change.field, old.decode(), new.decode())
    return table
