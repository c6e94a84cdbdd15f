"""`redress verify`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from uuid import UUID

import click
import msgspec
import psycopg

from application.log.fsck.verdict import Status, Verdict
from application.operator_error import OperatorError
from interface.cli.record_check import NOT_CHECKED, checked


@click.command()
@click.argument("case", type=click.UUID, required=False)
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A signed checkpoint that was kept elsewhere.",
)
@click.option("--views", is_flag=True, help="Hold every view against the record, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(
    case: UUID | None, *, checkpoints: tuple[Path, ...], views: bool, as_json: bool
) -> None:
    """Recompute the record, or one case, and hold it against what was signed.

    It is held against every checkpoint that the log signed. Exit status 1: the first
    difference, by its case, version and position, or by its view and row. 3: nothing
    differs, but no signed checkpoint covers it, or none has the quorum that the policy
    asks for. 4: there is no such CASE. 2: it could not be checked. 5: intact, but the
    database's schema was changed by hand.
    """
    if views and case is not None:
        raise click.UsageError("--views holds all cases against the record: no CASE")
    began = time.monotonic()
    try:
        done = checked(case, checkpoints, views=views)
    except (OperatorError, OSError, psycopg.Error) as error:
        said = " ".join(str(error).split())
        click.echo(f"redress: not checked: {said}", err=True)
        if as_json:
            click.echo(msgspec.json.encode({"status": "not-checked", "said": said}))
        sys.exit(NOT_CHECKED)
    verdict, by_hand, seconds = done.verdict, done.by_hand, done.ended - began
    if as_json:
        shown = msgspec.to_builtins(verdict) | {"seconds": round(seconds, 3)}
        shown |= {"read_as": done.read_as, "views": done.views}
        shown |= {"data_keys": done.keys}
        click.echo(msgspec.json.encode(shown | {"changed_by_hand": by_hand}))
    else:
        said = _said(verdict, seconds, whole=case is None)
        click.echo(f"{said}{_of_keys(done.keys)}; read as {done.read_as}")
        for line in map(str, done.views or ()):
            click.echo(line)
    if by_hand is not None:
        click.echo(f"redress verify: {by_hand}", err=True)
    sys.exit(done.exit_status)


def _said(verdict: Verdict, seconds: float, *, whole: bool) -> str:
    if verdict.finding is not None:
        return f"redress verify: {verdict.finding}"
    if verdict.status is Status.ABSENT:
        return f"redress verify: {verdict.said}"
    rate = f" ({verdict.events / seconds:,.0f} events/s)" if whole else ""
    counts = (
        f"{_counted(verdict.events, 'event')}, {verdict.entries:,} log entries;"
        f" {_held_against(verdict)}{_left(verdict)}{rate}"
    )
    if verdict.intact:
        return f"intact: {counts}"
    return f"redress verify: {verdict.status}: {verdict.said}: {counts}"


def _held_against(verdict: Verdict) -> str:
    if not verdict.size:
        return "nothing is signed yet"
    said = f"checkpoint of {verdict.size:,}, signed by the log"
    if verdict.witnesses:
        said += f", co-signed by {', '.join(verdict.witnesses)}"
    if verdict.quorum is False:
        said += " (not enough for the policy)"
    if verdict.signed > verdict.size:
        said += f", {verdict.signed - verdict.size:,} more by the log alone"
    if not verdict.timed:
        said += "; times were not checked: no trusted signature states one"
    return said


def _left(verdict: Verdict) -> str:
    """Say what the checkpoint does not cover yet, and how many reads were recorded."""
    said = ""
    if verdict.unsigned:
        said += f", {_counted(verdict.unsigned, 'entry', 'entries')} not signed yet"
    if verdict.waiting:
        said += f", {_counted(verdict.waiting, 'event')} not in the log yet"
    if verdict.unordered:
        has = "has" if verdict.unordered == 1 else "have"
        said += f", {_counted(verdict.unordered, 'event')} {has} no position yet"
    if verdict.stated and not verdict.vouched:
        said += "; who appended events was not checked: no key of statements is trusted"
    if verdict.unstated:
        has = "has" if verdict.unstated == 1 else "have"
        said += f"; {_counted(verdict.unstated, 'event')} {has} no statement"
    if verdict.reads:
        said += f"; {_counted(verdict.reads, 'read')} in the access log"
    return said


def _of_keys(keys: int | None) -> str:
    return "" if keys is None else f"; {_counted(keys, 'data key')} opened"


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
