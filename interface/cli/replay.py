"""`redress replay` and `redress report`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click
import msgspec
from rich.console import Console
from rich.table import Table

from application.privacy.redaction import opened_for
from domain.case.dispute import Dispute
from domain.case.evolve import evolve
from interface.api.routes.transparency import as_csv as written
from interface.bootstrap import build
from interface.cli.difference import found, known_then
from interface.settings import SettingError, read
from projections.metrics import metrics
from projections.period import Question
from projections.report import Figure, Report, report

SECONDS = "%Y-%m-%d %H:%M:%SZ"
COLUMNS = {
    "version": 7,
    "happened": 10,
    "learnt": 10,
    "who": 8,
    "fact": 12,
    "phase after it": 11,
}


def run_replay(case: UUID, as_of: str | None, by: str, *, as_json: bool) -> None:
    """Print the facts of a case in order, personal texts opened."""
    system = build(read())
    stream = known_then(system, found(system, case), "--as-of", as_of, by)
    dispute = Dispute()
    table = _replay_table()
    record = system.record
    for fact in opened_for(None, record, stream.facts, stream.restricted):
        dispute = evolve(dispute, fact.event)
        if as_json:
            line = {"fact": fact, "phase": dispute.phase}
            click.echo(msgspec.json.encode(line))
            continue
        who = f"{fact.actor.role} {fact.actor.id or ''}".strip()
        times = (f"{fact.at:{SECONDS}}", f"{fact.recorded_at:{SECONDS}}")
        name = type(fact.event).__name__
        table.add_row(str(fact.version), *times, who, name, dispute.phase)
    if not as_json:
        Console().print(table)
    system.close()


def _replay_table() -> Table:
    """Return a table whose times are folded between day and hour, never cut off."""
    table = Table()
    for name, width in COLUMNS.items():
        table.add_column(name, min_width=width, overflow="fold")
    return table


def run_report(
    period: str,
    *,
    by: str,
    zone: str | None,
    category: str | None,
    source: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print the figures of a period."""
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
        counted = report(connection, question)
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
            _text(figure.value),
            figure.unit,
            _text(figure.denominator),
            ", ".join(f"{name} {number}" for name, number in parts.items()),
        )
    return table


def _text(number: Any) -> str:
    return "" if number is None else f"{number:g}"
