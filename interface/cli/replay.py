"""`redress replay`."""

from __future__ import annotations

from uuid import UUID

import click
import msgspec
from click.core import ParameterSource
from rich.table import Table

from application.privacy.redaction import opened_for
from application.record.envelope import topic
from application.record.plain_values import plain
from domain.case.dispute import Dispute
from domain.case.evolve import evolve
from interface.bootstrap import build
from interface.cli.case_argument import CASE
from interface.cli.case_lookup import BY, MOMENT, found, known_then
from interface.cli.table_output import print_table
from interface.settings.settings import SettingError, read

SECONDS = "%Y-%m-%d %H:%M:%SZ"
COLUMNS = {
    "version": 7,
    "happened": 10,
    "learnt": 10,
    "who": 8,
    "event": 12,
    "phase after it": 11,
}


@click.command()
@click.argument("case", type=CASE)
@click.option("--as-of", help=MOMENT)
@BY
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def replay(case: UUID | str, *, as_of: str | None, by: str, as_json: bool) -> None:
    """Show every event of a case, and the phase after it; --as-of: as it was then."""
    source = click.get_current_context().get_parameter_source("by")
    if as_of is None and source is not ParameterSource.DEFAULT:
        raise SettingError("--by: goes only with --as-of")
    system = build(read())
    loaded = known_then(system, found(system, case), "--as-of", as_of, by)
    dispute = Dispute()
    table = _replay_table()
    record = system.record
    for recorded in opened_for(None, record, loaded.events, loaded.restricted):
        dispute = evolve(dispute, recorded.event)
        if as_json:
            line = {"fact": plain(recorded), "phase": dispute.phase}
            click.echo(msgspec.json.encode(line))
            continue
        who = f"{recorded.actor.role} {recorded.actor.id or ''}".strip()
        times = (f"{recorded.at:{SECONDS}}", f"{recorded.recorded_at:{SECONDS}}")
        name = topic(recorded.event)
        table.add_row(str(recorded.version), *times, who, name, dispute.phase)
    if not as_json:
        print_table(table)
    system.close()


def _replay_table() -> Table:
    """Return a table whose times are folded between day and hour at most."""
    # Widths for 80 columns: without them, rich folds the times first.
    table = Table()
    for name, width in COLUMNS.items():
        table.add_column(name, min_width=width)
    return table
