"""A lake in an object store that answers late, fails, or says so of what was done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.context import ForkServerProcess
from random import Random

import pytest

from projections.lake.lake_errors import LakeWrong
from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import TABLES
from projections.lake.lake_verification import LakeStatus, verify_lake
from tests.lake.exporters import Exporting, same, same_files
from tests.lake.object_store import ObjectStore, object_store
from tests.lake.stored_objects import BUCKET, Weather
from tests.lake.written_record import WrittenRecord
from tests.sizes import sized

KILLS = sized(6, 300)
EXPORTERS = 3
SLOWEST = 3.0
"""Seconds after which an exporter is killed at the latest."""


@pytest.fixture
def store() -> Iterator[ObjectStore]:
    with object_store() as one:
        yield one


def exporting(written: WrittenRecord, store: ObjectStore) -> Exporting:
    # Few commits: for each of them all that come later read the table's log again.
    return Exporting(
        url=written.system.url,
        place=f"s3://{BUCKET}/lake",
        options=store.options,
        commit=400,
        few=20_000,
    )


@contextmanager
def racing(one: Exporting) -> Iterator[list[ForkServerProcess]]:
    """Yield exporters that are killed at the end."""
    with ExitStack() as started:
        yield [started.enter_context(one.started()) for _ in range(EXPORTERS)]


def test_a_lake_in_an_object_store_is_that_on_a_disk(
    written: WrittenRecord, lake: Lake, store: ObjectStore
) -> None:
    one = exporting(written, store)
    one.run()
    assert not any("race" in key for key in store.seen.keys)
    same(one.lake, lake)
    with opened_lake(one.lake) as (connection, _):
        for listing, column in (("SHOW TABLES", 0), ("DESCRIBE", 2)):
            listed = [row[column] for row in connection.sql(listing).fetchall()]
            assert sorted(listed) == sorted(table.name for table in TABLES)
    verdict = verify_lake(one.lake, written.keys.verifiers)
    assert verdict.status is LakeStatus.INTACT


def test_what_was_done_and_answered_by_an_error_is_done_once(
    written: WrittenRecord, lake: Lake, store: ObjectStore
) -> None:
    store.turn(Weather(lost=1 / 4))
    one = exporting(written, store)
    one.run()
    seen = store.seen
    assert seen.lost > 10
    assert seen.conflicts
    same(one.lake, lake)
    same_files(one.lake, lake)


def test_a_store_that_lets_a_commit_be_replaced_is_refused(
    written: WrittenRecord, store: ObjectStore
) -> None:
    store.turn(Weather(conditional=False))
    with pytest.raises(LakeWrong, match="lets a commit replace another one"):
        exporting(written, store).run()
    assert store.seen.keys == []


@pytest.mark.long
@pytest.mark.kill
def test_exporters_that_race_and_are_killed_have_everything_once(
    written: WrittenRecord, lake: Lake, store: ObjectStore
) -> None:
    store.turn(Weather(late=0.01, refused=0.02, lost=0.1))
    one, rng = exporting(written, store), Random(KILLS)
    for _ in range(KILLS // EXPORTERS):
        with racing(one) as processes:
            for process in processes:
                process.join(rng.uniform(0.0, SLOWEST / EXPORTERS))
    with racing(one) as processes:
        for process in processes:
            process.join(120)
            assert process.exitcode == 0
    seen = store.seen
    assert seen.lost
    assert seen.conflicts
    same(one.lake, lake)
    same_files(one.lake, lake)
