"""One run of a rebuild: fill the new tables, catch up, compare, swap.

Readers never see half a view. The new one takes the live one's place only if both hold
the same at the same position, or if a difference has a known reason: another form of
the view, a halt, cases that were set aside, or a row that the audit has found wrong
(decisions 12 and 47).
"""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from application.jobs.locks import REBUILDING
from application.record.patience import take_turn
from application.record.session import open_session
from projections.following.follower import Following
from projections.following.view_group import ViewGroup
from projections.read_model import View
from projections.rebuild.begun_views import begin, drop, lacking, mark, unfilled
from projections.rebuild.bucket_rows import NEXT, Bucket, BucketFold, Filled
from projections.rebuild.full_disk import room_for
from projections.rebuild.ledger_spill import ranges, spill
from projections.rebuild.swap import drop_old, swap
from projections.rebuild.worker_processes import each, worker_processes
from projections.registry import VIEWS
from projections.tables.view_checksum import Sum, summed
from projections.tables.view_tables import finish, make_bare

Progress = Callable[[int, int], None]
"""Called with (events folded, events to fold)."""


def rebuild(url: str, view: View[Any], progress: Progress) -> Sum:
    """Rebuild one view in this process; return what it holds. See `rebuild_views`."""
    return rebuild_views(url, [view], progress)[view.name]


def rebuild_views(
    url: str,
    views: Sequence[View[Any]],
    progress: Progress,
    *,
    jobs: int = 1,
    folder: Path | None = None,
    swapped: bool = True,
) -> Mapping[str, Sum]:
    """Rebuild views in one pass over the ledger, and swap them in.

    `jobs`: how many processes fold; 1: this one. `folder`: where the ledger's bytes are
    spilt meanwhile, about as many as the record has. `swapped`: False leaves the new
    views beside the live ones, for a later call to go on with. Interrupted, it goes on
    where it stopped when asked again; so it does after NoRoom, for a full disk. Raises
    RebuildDiffers and leaves both as they are if they differ without a reason.
    """
    with open_session(url) as connection:
        # One rebuild at a time: all of them use the same schema. The lock belongs to
        # the session, so it ends with a process that is killed.
        take_turn(connection, REBUILDING)
        drop_old(connection)
        begin(connection, views)
        # The views' tables are found in the new schema, the ledger in the old one.
        connection.execute(f"SET search_path TO {NEXT}, redress")
        with room_for(views, folder or Path(gettempdir())):
            for upto, some in unfilled(connection, views).items():
                _fill(connection, url, some, upto, progress, jobs, folder)
            _catch_up(connection, url, views)
        if not swapped:
            return {view.name: summed(connection, view, NEXT) for view in views}
        done = {view.name: swap(connection, view) for view in views}
        drop_old(connection)
        return done


def _fill(
    connection: Connection[TupleRow],
    url: str,
    views: Sequence[View[Any]],
    upto: int,
    progress: Progress,
    jobs: int,
    folder: Path | None,
) -> None:
    """Fill the tables of views that get their rows up to one position."""
    left, done = lacking(connection, views)
    progress(done, upto)
    halted: set[str] = set()
    with _spilling(folder) as spilt, _folding(jobs) as pool:
        parts = ranges(upto, jobs)
        if left:
            list(each(pool, spill, [(url, one, set(left), spilt) for one in parts]))
        buckets = [
            (url, Bucket(number, names, parts, spilt)) for number, names in left.items()
        ]
        for filled in each(pool, _fold_one, buckets):
            done += filled.events
            halted |= set(filled.halted)
            progress(done, upto)
    for view in views:
        with connection.transaction():
            connection.execute(f"SET LOCAL search_path TO {NEXT}, redress")
            if view.name in halted:
                _go_alone(connection, view)
            else:
                _finish(connection, view, upto)
    progress(upto, upto)


def _finish(connection: Connection[TupleRow], view: View[Any], upto: int) -> None:
    """Index a filled table, and have it followed from its position on."""
    held = summed(connection, view, NEXT)
    if view.sums is not None:
        with connection.cursor() as cursor:
            view.sums.fill(cursor)
    finish(connection, view)
    connection.execute(
        "UPDATE followers SET position = %s, rows = %s, checksum = %s WHERE name = %s",
        (upto, held.rows, held.checksum, view.name),
    )
    mark(connection, view, "is_ready")
    for table in view.tables:
        connection.execute(SQL("ANALYZE {}").format(Identifier(NEXT, table)))


def _go_alone(connection: Connection[TupleRow], view: View[Any]) -> None:
    """Begin a view anew that halts at an event: what is behind it must not be seen."""
    (upto,) = connection.execute(
        f"SELECT upto FROM {NEXT}.rebuilds WHERE follower = %s", (view.name,)
    ).fetchone() or (0,)
    drop(connection, view)
    make_bare(connection, view, NEXT)
    connection.execute(f"SET LOCAL search_path TO {NEXT}, redress")
    finish(connection, view)
    connection.execute(
        f"INSERT INTO {NEXT}.rebuilds (follower, upto, alone) VALUES (%s, %s, true)",
        (view.name, upto),
    )


def _catch_up(
    connection: Connection[TupleRow], url: str, views: Sequence[View[Any]]
) -> None:
    """Bring the new views to the end of the ledger, together where they can."""
    places: dict[int, list[View[Any]]] = {}
    for view in views:
        following = Following(view, connection)
        following.retry()
        places.setdefault(following.position, []).append(view)
    for position, some in places.items():
        with (
            open_session(url, search_path=f"{NEXT}, redress") as reading,
            open_session(url, search_path=f"{NEXT}, redress") as writing,
        ):
            group = ViewGroup(some, position, reading, writing)
            try:
                while group.advance():
                    pass
            finally:
                group.close()


@contextmanager
def _spilling(folder: Path | None) -> Iterator[Path]:
    """Yield an empty folder that is removed at the end; one that was left is, too."""
    if folder is None:
        path = Path(mkdtemp(prefix="redress-rebuild-"))
    else:
        path = folder / "rebuild"
        shutil.rmtree(path, ignore_errors=True)
        # A disk of its own may be mounted there: it is emptied, and stays.
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _folding(jobs: int) -> Iterator[Executor | None]:
    """Yield processes that fold; with one job this process does, and closes after."""
    with worker_processes(jobs) as pool:
        try:
            yield pool
        finally:
            _close()


_folds: dict[str, BucketFold] = {}
"""The one that this process folds with, by its URL: a connection for all buckets."""


def _fold_one(url: str, bucket: Bucket) -> Filled:
    if url not in _folds:
        # What is made here is kept or dropped, and has no cycles: the collector would
        # go over it again and again.
        gc.disable()
        _folds[url] = BucketFold(url, VIEWS)
    return _folds[url].fold(bucket)


def _close() -> None:
    while _folds:
        _folds.popitem()[1].close()
    gc.enable()
