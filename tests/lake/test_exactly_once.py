"""Exporters that are killed and that race: nothing is doubled, nothing is missing."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from random import Random

import pytest

from application.exports.pseudonyms import Pseudonyms
from application.record.schema.migrations import STORE
from application.record.session import open_session
from application.rules.rulebook import Rulebooks
from projections.lake.lake_export import LakeExport
from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import TABLES
from projections.lake.lake_verification import LakeStatus, verify_lake
from tests.lake.written_record import KEY, WrittenRecord, told_nothing
from tests.sizes import sized

pytestmark = [pytest.mark.long, pytest.mark.kill]

KILLS = sized(25, 1_000)
EXPORTERS = 3
SLOWEST = 1.5
"""Seconds after which an exporter is killed at the latest."""


def exporting(url: str, place: str, commit: int, few: int) -> None:
    one = LakeExport(
        url=url,
        lake=Lake(place),
        pseudonyms=Pseudonyms(KEY),
        books=Rulebooks(),
        commit=commit,
        few=few,
        most_files=4,
    )
    with open_session(url, search_path=STORE.name) as connection:
        one.run(connection, told_nothing, told_nothing)


@pytest.fixture(scope="module")
def context() -> ForkServerContext:
    """Start processes from one that has imported everything already."""
    one = multiprocessing.get_context("forkserver")
    one.set_forkserver_preload([__name__])
    return one


@contextmanager
def started(
    context: ForkServerContext, *arguments: object
) -> Iterator[ForkServerProcess]:
    process = context.Process(target=exporting, args=arguments)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()
        process.close()


def same(lake: Lake, whole: Lake) -> None:
    """Hold a lake against one that was written without disturbance."""
    with opened_lake(lake) as (own, position), opened_lake(whole) as (other, end):
        assert position == end
        for table in TABLES:
            query = f'SELECT * FROM "{table.name}" ORDER BY ALL'
            assert own.sql(query).fetchall() == other.sql(query).fetchall(), table.name


@pytest.mark.parametrize("few", [0, 20_000], ids=["spilt", "one-by-one"])
def test_killed_again_and_again_it_has_everything_once(
    written: WrittenRecord,
    lake: Lake,
    tmp_path: Path,
    context: ForkServerContext,
    few: int,
) -> None:
    rng, place = Random(KILLS), str(tmp_path / "lake")
    arguments = (written.system.url, place, 100, few)
    kills = 0
    while kills < KILLS // 2:
        with started(context, *arguments) as process:
            process.join(rng.uniform(0.0, SLOWEST))
            # One that has done everything begins a new lake with the next.
            if process.exitcode == 0:
                same(Lake(place), lake)
                place = str(tmp_path / f"lake-{kills}")
                arguments = (written.system.url, place, 100, few)
        kills += 1
    exporting(*arguments)
    same(Lake(place), lake)
    verdict = verify_lake(Lake(place), written.keys.verifiers)
    assert verdict.status is LakeStatus.INTACT


def test_exporters_that_race_write_nothing_twice(
    written: WrittenRecord, lake: Lake, tmp_path: Path, context: ForkServerContext
) -> None:
    place = str(tmp_path / "lake")
    arguments = (written.system.url, place, 50, 0)
    processes = [
        context.Process(target=exporting, args=arguments) for _ in range(EXPORTERS)
    ]
    for one in processes:
        one.start()
        time.sleep(0.05)
    for one in processes:
        one.join(120)
        assert one.exitcode == 0
        one.close()
    same(Lake(place), lake)
    # Also in the files, from which readers choose the last rows of each case.
    for table in TABLES:
        counted = Lake(place).open(table).to_pyarrow_dataset().count_rows()
        assert counted == lake.open(table).to_pyarrow_dataset().count_rows()
