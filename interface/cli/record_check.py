"""What `redress verify` checks, and the exit status that it leads to."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import TupleRow
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from application.log.fsck.finding import Differs, Finding, Property
from application.log.fsck.key_destructions import check_destructions
from application.log.fsck.key_rows import check_keys
from application.log.fsck.verdict import Status, Verdict
from application.log.fsck.whole_record import Progress as Show
from application.log.fsck.whole_record import check
from application.operator_error import OperatorError
from application.privacy import master_key
from application.privacy.data_keys import KeyStore
from application.privacy.key_changes import are_made
from application.privacy.master_key import KeyFileUnusable
from application.record.database import Database, connected
from application.record.schema import migrations
from application.record.schema.database_roles import Onlooker, onlooker
from application.record.schema.migrations import (
    KEYS,
    STORE,
    ChangedByHand,
    SchemaMismatch,
)
from application.record.schema.whole_sight import refuse_hidden_rows
from application.rules.rulebook import Rulebooks
from interface.cli.progress_bars import on_stderr
from interface.settings.database_urls import database_url, keys_url_of
from interface.settings.settings import Settings, read
from interface.trust_config import kept_checkpoints, trust
from projections import registry
from projections.tables.view_presence import ViewMissing
from projections.view_audit.compared_views import ComparedView, compared_views

# Apart, so that a script can tell a changed record from one that was not checked.
EXIT = {
    Status.INTACT: 0,
    Status.DIFFERS: 1,
    Status.UNSIGNED: 3,
    Status.UNWITNESSED: 3,
    Status.ABSENT: 4,
}
"""The command's exit status."""

NO_KEYS = master_key.MasterKeys(current="", keys={}, digest=b"")
"""In the place of a key file that is not there."""

NOT_CHECKED = 2
"""The command was used wrongly, or could not check."""

CHANGED_BY_HAND = 5
"""All is intact, but triggers or tables are not as the migrations left them."""


class Checked(Struct, frozen=True, kw_only=True):
    """All that was checked. `by_hand`: what is wrong with the schema, None if nothing.

    `views`: what was compared of each view, None if that was not asked for. `keys`: how
    many data keys opened, None where there is no key file. `ended`: when, by the
    monotonic clock.
    """

    verdict: Verdict
    by_hand: str | None
    read_as: Onlooker
    views: tuple[ComparedView, ...] | None
    keys: int | None
    ended: float

    @property
    def exit_status(self) -> int:
        """Return the command's exit status."""
        if any(one.difference is not None for one in self.views or ()):
            return EXIT[Status.DIFFERS]
        if self.verdict.status is Status.INTACT and self.by_hand is not None:
            return CHANGED_BY_HAND
        return EXIT[self.verdict.status]


class NotReadable(OperatorError):
    """The record cannot be read as a whole."""


def checked(case: UUID | None, checkpoints: Sequence[Path], *, views: bool) -> Checked:
    """Check the whole record or one case, and every view if asked.

    Raises OperatorError, OSError or psycopg.Error if it cannot be checked.
    """
    settings = read(serves=False)
    url = database_url(settings)
    # Checked all the same: a trigger that is off says that somebody could have changed
    # rows, and the check then says whether they did.
    by_hand = _by_hand(url, views=views)
    whom, kept = trust(settings), kept_checkpoints(settings, checkpoints)
    books = Rulebooks(settings.policies, settings.calendars, settings.rules)
    try:
        with connected(url) as connection:
            with _bar("verify") as show:
                verdict = check(connection, whom, kept, case, show, books.rule_sets)
            compared = _compared(connection) if views else None
            read_as = onlooker(connection)
            # Also what was hidden only since the check began.
            refuse_hidden_rows(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        # Such as of row security, which would have hidden rows.
        raise NotReadable("; ".join(filter(None, (str(error), by_hand)))) from error
    keys: int | None = None
    if case is None and verdict.finding is None:
        try:
            _check_shipped(books)
            keys = _opened_keys(settings, url)
        except Differs as found:
            differs = Status.DIFFERS
            verdict = replace(
                verdict, status=differs, intact=False, finding=found.finding
            )
    return Checked(
        verdict=verdict,
        by_hand=by_hand,
        read_as=read_as,
        views=compared,
        keys=keys,
        ended=time.monotonic(),
    )


def _check_shipped(books: Rulebooks) -> None:
    """Raise Differs if rules that ship are not what was shipped."""
    for said in books.changed():
        raise Differs(Finding(property=Property.RULES, said=said))


def _opened_keys(settings: Settings, url: str) -> int | None:
    """Check all data keys; return how many opened, None where there is no key file."""
    path = settings.master_key
    database = Database(keys_url_of(settings, url), schema=KEYS.name)
    has_file = path.exists()
    try:
        master = master_key.read(path) if has_file else NO_KEYS
    except KeyFileUnusable as error:
        raise KeyFileUnusable(f"REDRESS_MASTER_KEY: {path}: {error}") from None
    store = KeyStore(database, master, path)
    try:
        opened = check_keys(store) if has_file else None
        # Also without the file, as on an auditor's machine: that a key is gone shows
        # without any.
        if has_file or are_made(database):
            with connected(url) as connection:
                check_destructions(connection, store)
        return opened
    finally:
        store.close()


def _compared(connection: Connection[TupleRow]) -> tuple[ComparedView, ...]:
    with _bar("views") as show:
        return compared_views(connection, show)


def _by_hand(url: str, *, views: bool) -> str | None:
    """Return what is wrong with the schema. Raises SchemaMismatch for another one.

    Views that are missing, or of another form, are in nobody's way but the views'.
    """
    found = []
    try:
        migrations.check(url, STORE)
    except ChangedByHand as changed:
        found.append(str(changed))
    try:
        registry.check(url)
    except ChangedByHand as changed:
        found.append(str(changed))
    except (SchemaMismatch, ViewMissing):
        if views:
            raise
    return "; ".join(found) or None


@contextmanager
def _bar(what: str) -> Iterator[Show]:
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
            bar.add_task(what, rate="")
            bar.start()
        rate = f"{done / (time.monotonic() - began):,.0f} events/s"
        bar.update(bar.task_ids[0], completed=done, total=total, rate=rate)

    try:
        yield show
    finally:
        if bar.task_ids:
            bar.stop()
