"""`redress verify`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import click
import msgspec
import psycopg
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from application.log.checking.whole import Verdict, check
from application.schema import migrations
from application.schema.migrations import STORE
from interface.bootstrap import database_url
from interface.cli.maintaining import on_stderr
from interface.settings import read
from interface.trusting import kept_checkpoints, trust


def run_verify(
    case: UUID | None, checkpoints: Sequence[Path], *, as_json: bool
) -> None:
    """Check the record, or one case; exit 1 and name the first difference, if any."""
    settings = read(serves=False)
    url = database_url(settings)
    migrations.check(url, STORE)
    whom, kept = trust(settings), kept_checkpoints(settings, checkpoints)
    began = time.monotonic()
    with psycopg.connect(url, autocommit=True) as connection, _bar() as progress:
        connection.execute("SET ROLE redress_app")
        connection.execute("SET search_path TO redress")
        bar = progress.add_task("verify", total=None, rate="")

        def show(done: int, total: int) -> None:
            rate = f"{done / (time.monotonic() - began):,.0f} events/s"
            progress.update(bar, completed=done, total=total, rate=rate)

        verdict = check(connection, whom, kept, case, show)
    _print(verdict, time.monotonic() - began, as_json=as_json)
    if not verdict.intact:
        sys.exit(1)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        console=on_stderr(),
    )


def _print(verdict: Verdict, seconds: float, *, as_json: bool) -> None:
    if as_json:
        told = msgspec.to_builtins(verdict) | {"seconds": round(seconds, 3)}
        click.echo(msgspec.json.encode(told))
    elif verdict.finding is not None:
        click.echo(f"redress verify: {verdict.finding}")
    else:
        click.echo(_said(verdict, seconds))


def _said(verdict: Verdict, seconds: float) -> str:
    by = "signed by the log"
    if verdict.witnesses:
        by += f", co-signed by {', '.join(verdict.witnesses)}"
        by += "" if verdict.quorum else " (not enough for the policy)"
    if not verdict.size:
        by = "nothing is signed yet"
    rest = (
        f", {verdict.unsigned} entries are not signed yet" if verdict.unsigned else ""
    )
    if verdict.waiting:
        rest += f", {verdict.waiting} events are not in the log yet"
    if verdict.reads:
        rest += f"; {verdict.reads:,} reads in the access log"
    return (
        f"intact: {verdict.events:,} events, {verdict.entries:,} log entries;"
        f" checkpoint of {verdict.size:,}, {by}{rest}"
        f" ({verdict.events / seconds:,.0f} events/s)"
    )
