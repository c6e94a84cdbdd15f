"""`redress verify`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import click
import msgspec
import psycopg
from msgspec.structs import replace
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from application.log.fsck.finding import Differs
from application.log.fsck.key_rows import check_keys
from application.log.fsck.verdict import Status, Verdict
from application.log.fsck.whole_record import Progress as Show
from application.log.fsck.whole_record import check
from application.operator_error import OperatorError
from application.privacy import master_key
from application.privacy.data_keys import KeyStore
from application.record.database import Database, connected
from application.record.schema import migrations
from application.record.schema.migrations import KEYS, STORE, ChangedByHand
from application.rules.rulebook import Rulebooks
from interface.cli.progress_bars import on_stderr
from interface.database_urls import database_url, keys_url_of
from interface.settings import Settings, read
from interface.trust_config import kept_checkpoints, trust

# Apart, so that a script can tell a changed record from one that was not checked.
EXIT = {
    Status.INTACT: 0,
    Status.DIFFERS: 1,
    Status.UNSIGNED: 3,
    Status.UNWITNESSED: 3,
    Status.ABSENT: 4,
}
"""The command's exit status."""

NOT_CHECKED = 2
"""The command was used wrongly, or could not check."""

CHANGED_BY_HAND = 5
"""All is intact, but triggers or tables are not as the migrations left them."""


@click.command()
@click.argument("case", type=click.UUID, required=False)
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A signed checkpoint that was kept elsewhere.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(case: UUID | None, *, checkpoints: tuple[Path, ...], as_json: bool) -> None:
    """Recompute the record, or one case, and hold it against what was signed.

    It is held against every checkpoint that the log signed. Exit status 1: the first
    difference, by its case, version and position. 3: nothing differs, but no signed
    checkpoint covers it, or none has the quorum that the policy asks for. 4: there is
    no such CASE. 2: it could not be checked. 5: intact, but the database's schema was
    changed by hand.
    """
    began = time.monotonic()
    try:
        verdict, by_hand, keys = _checked(case, checkpoints)
    except (OperatorError, OSError, psycopg.Error) as error:
        said = " ".join(str(error).split())
        click.echo(f"redress: not checked: {said}", err=True)
        if as_json:
            click.echo(msgspec.json.encode({"status": "not-checked", "said": said}))
        sys.exit(NOT_CHECKED)
    seconds = time.monotonic() - began
    if as_json:
        shown = msgspec.to_builtins(verdict) | {"seconds": round(seconds, 3)}
        shown |= {"data_keys": keys}
        click.echo(msgspec.json.encode(shown | {"changed_by_hand": by_hand}))
    else:
        click.echo(_said(verdict, seconds, whole=case is None) + _of_keys(keys))
    if by_hand is not None:
        click.echo(f"redress verify: {by_hand}", err=True)
    is_all = verdict.status is Status.INTACT and by_hand is not None
    sys.exit(CHANGED_BY_HAND if is_all else EXIT[verdict.status])


def _checked(
    case: UUID | None, checkpoints: Sequence[Path]
) -> tuple[Verdict, str | None, int | None]:
    """Return the verdict, what is wrong with the schema, and how many keys opened."""
    settings = read(serves=False)
    url, by_hand = database_url(settings), None
    # Checked all the same: a trigger that is off says that somebody could have changed
    # rows, and the check then says whether they did.
    try:
        migrations.check(url, STORE)
    except ChangedByHand as found:
        by_hand = str(found)
    whom, kept = trust(settings), kept_checkpoints(settings, checkpoints)
    rules = Rulebooks(settings.policies, settings.calendars).rule_sets
    with connected(url) as connection, _bar() as show:
        verdict = check(connection, whom, kept, case, show, rules)
    keys: int | None = None
    if case is None and verdict.finding is None:
        try:
            keys = _opened_keys(settings, url)
        except Differs as found:
            verdict = replace(
                verdict, status=Status.DIFFERS, intact=False, finding=found.finding
            )
    return verdict, by_hand, keys


def _opened_keys(settings: Settings, url: str) -> int | None:
    """Open all data keys; return how many, None where there is no key file."""
    path = settings.master_key
    if not path.exists():
        return None
    database = Database(keys_url_of(settings, url), schema=KEYS.name)
    store = KeyStore(database, master_key.read(path), path)
    try:
        return check_keys(store)
    finally:
        store.close()


def _of_keys(keys: int | None) -> str:
    return "" if keys is None else f"; {_counted(keys, 'data key')} opened"


@contextmanager
def _bar() -> Iterator[Show]:
    """Yield a function that shows progress; the bar appears with the first call."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        console=on_stderr(),
    )
    began = time.monotonic()

    def show(done: int, total: int) -> None:
        if not bar.task_ids:
            bar.add_task("verify", rate="")
            bar.start()
        rate = f"{done / (time.monotonic() - began):,.0f} events/s"
        bar.update(bar.task_ids[0], completed=done, total=total, rate=rate)

    try:
        yield show
    finally:
        if bar.task_ids:
            bar.stop()


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


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
