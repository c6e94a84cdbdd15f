"""Sees whether an object store keeps a commit from being replaced by another one.

All that keeps two exporters apart is that an object is written only where none is
(`If-None-Match: *`). Some stores take that header and do not heed it: two commits of
one version then both succeed, and the second one takes the place of the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier
from uuid import uuid4

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake.exceptions import CommitFailedError
from deltalake.fs import DeltaStorageHandler

from projections.lake.lake_errors import LakeWrong
from projections.lake.lake_store import Lake

RACERS = 4
ROUNDS = 2
"""Of four that commit at once, nearly all succeed in each round where they can."""


def check_store(lake: Lake) -> None:
    """Have several commit the same version of a table. Raises LakeWrong."""
    for _ in range(ROUNDS):
        with _table(lake) as uri, ThreadPoolExecutor(RACERS) as pool:
            start = Barrier(RACERS)
            tables = [
                DeltaTable(uri, storage_options=lake.options) for _ in range(RACERS)
            ]
            done = [pool.submit(_commits, one, start) for one in tables]
            if sum(one.result() for one in done) > 1:
                said = (
                    "the object store lets a commit replace another one: it does not"
                    " heed If-None-Match, and two exporters would lose events there"
                )
                raise LakeWrong(f"{lake.place}: {said}")


def _commits(table: DeltaTable, start: Barrier) -> bool:
    moved = CommitProperties(app_transactions=[Transaction("race", 1)])
    start.wait()
    try:
        table.create_write_transaction(
            [], "append", table.schema(), commit_properties=moved
        )
    except CommitFailedError:
        return False
    return True


@contextmanager
def _table(lake: Lake) -> Iterator[str]:
    """Yield a table for the race; its log, which is all of it, is removed."""
    uri = lake.uri(f"race-{uuid4().hex}")
    schema = pa.schema([("nothing", pa.bool_())])
    # Its answer may be lost, and the library then meets what it has made itself.
    with suppress(CommitFailedError):
        DeltaTable.create(uri, schema, mode="ignore", storage_options=lake.options)
    try:
        yield uri
    finally:
        files = DeltaStorageHandler(uri, lake.options)
        for version in range(RACERS + 1):
            with suppress(OSError):
                files.delete_file(f"_delta_log/{version:020}.json")
