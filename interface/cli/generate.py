"""`redress generate`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from psycopg import Connection
from psycopg.rows import TupleRow
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from application.record.schema.migrations import STORE
from application.record.session import open_session
from interface.bootstrap import System, build, migrate
from interface.cli.progress_bars import on_stderr
from interface.generator.ledger_growth import grow
from interface.generator.record_writer import RecordWriter, Written
from interface.settings.database_urls import owner_url, rights_of_the_owner
from interface.settings.settings import SettingError, read


@click.command()
@click.option("--cases", default=10_000, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=1, show_default=True, help="Another one: other cases.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    help="The moment (UTC) from which they are filed"
    " [default: two years before, as far as the rules were in force].",
)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    help="The moment (UTC) up to which they have gone on [default: now].",
)
def generate(
    *, cases: int, seed: int, since: datetime | None, until: datetime | None
) -> None:
    """Write many plausible cases, in every phase and outcome, for tests of scale.

    They pass `redress verify`; `redress work` brings the views up to them.
    """
    settings = read()
    if not settings.is_development:
        raise SettingError("REDRESS_MODE: generated cases are for development only")
    migrate(settings)
    system = build(settings)
    moment = until.replace(tzinfo=UTC) if until else datetime.now(UTC)
    begin = since.replace(tzinfo=UTC) if since else None
    try:
        with (
            rights_of_the_owner(),
            open_session(owner_url(settings), search_path=STORE.name) as owner,
        ):
            writer = RecordWriter(system, owner, cases, seed, moment, begin)
            _generate(system, owner, cases, writer)
    finally:
        system.close()


def _generate(
    system: System,
    owner: Connection[TupleRow],
    cases: int,
    writer: RecordWriter,
) -> None:
    writer.check()
    began = time.monotonic()
    with _bars() as progress:
        bar = progress.add_task("write cases", total=cases, said="")

        def show(now: Written) -> None:
            rate = now.events / max(0.001, time.monotonic() - began)
            said = f"{now.events:,} events, {rate:,.0f}/s"
            progress.update(bar, completed=now.cases, said=said)

        written = writer.write(show)
        seconds = time.monotonic() - began
        order = progress.add_task("order and log the events", total=None, said="")
        grow(
            system.url,
            owner,
            lambda positions, logged: progress.update(
                order, completed=logged, total=max(positions, written.events)
            ),
        )
    click.echo(
        f"{written.cases:,} cases with {written.events:,} events written in"
        f" {seconds:.1f} s ({written.events / max(seconds, 0.001):,.0f}/s), from"
        f" {writer.times.since:%Y-%m-%d} to {writer.times.until:%Y-%m-%d};"
        " `redress work` brings the views up to them"
    )


@contextmanager
def _bars() -> Iterator[Progress]:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[said]}"),
        TimeRemainingColumn(),
        console=on_stderr(),
    ) as progress:
        yield progress
