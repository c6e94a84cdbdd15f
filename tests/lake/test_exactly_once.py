"""Exporters that are killed and that race: nothing is doubled, nothing is missing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from random import Random

import pytest
from msgspec import Struct

from projections.lake.lake_store import Lake
from projections.lake.lake_verification import LakeStatus, verify_lake
from tests.lake.exporters import Exporting, context, same, same_files
from tests.lake.written_record import CASES, WrittenRecord, written_record
from tests.postgres import Server
from tests.sizes import WHOLE, sized

pytestmark = [pytest.mark.long, pytest.mark.kill]

KILLS = sized(12, int(os.environ.get("TEST_KILLS", "1000")))
MANY_CASES = sized(CASES, 17_500)
"""In the whole size about 200,000 events."""

EXPORTERS = 3


class Course(Struct, frozen=True):
    """What is exported, a lake of it that nobody disturbed, and who is killed when.

    `slowest`: seconds after which an exporter is killed at the latest.
    """

    record: WrittenRecord
    whole: Lake
    commit: int
    few: int
    slowest: float

    def begun(self, place: Path) -> Exporting:
        url = self.record.system.url
        return Exporting(url=url, place=str(place), commit=self.commit, few=self.few)

    def check(self, one: Exporting) -> None:
        """Hold what was exported against the other lake, and against the log."""
        same(one.lake, self.whole)
        same_files(one.lake, self.whole)
        verdict = verify_lake(one.lake, self.record.keys.verifiers)
        assert verdict.status is LakeStatus.INTACT


@pytest.fixture(scope="module")
def spilt(
    request: pytest.FixtureRequest,
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Course]:
    """Yield an export of many cases, bucket by bucket."""
    if not WHOLE:
        small, other = map(request.getfixturevalue, ("written", "lake"))
        yield Course(small, other, commit=100, few=0, slowest=1.5)
        return
    home = tmp_path_factory.mktemp("many")
    with server.database() as url, written_record(url, home, MANY_CASES) as record:
        whole = Lake(str(home / "whole"))
        record.export(whole)
        yield Course(record, whole, commit=4_000, few=0, slowest=6.0)


@pytest.fixture(scope="module")
def one_by_one(written: WrittenRecord, lake: Lake) -> Course:
    """Return an export of few cases, which are committed together."""
    return Course(written, lake, commit=100, few=20_000, slowest=1.5)


@pytest.mark.parametrize("course", ["spilt", "one_by_one"])
def test_racing_and_killed_again_and_again_they_have_everything_once(
    request: pytest.FixtureRequest, tmp_path: Path, course: str
) -> None:
    of: Course = request.getfixturevalue(course)
    rng, kills, lakes = Random(KILLS), 0, count()
    one = of.begun(tmp_path / f"lake-{next(lakes)}")
    while kills < KILLS:
        with ExitStack() as started:
            racing = [started.enter_context(one.started()) for _ in range(EXPORTERS)]
            for process in racing:
                process.join(rng.uniform(0.0, of.slowest / EXPORTERS))
            done = [process.exitcode for process in racing]
        assert set(done) <= {None, 0}
        kills += done.count(None)
        if 0 in done:
            # Of one that has everything, nothing more is to be learnt.
            of.check(one)
            one = of.begun(tmp_path / f"lake-{next(lakes)}")
    one.run()
    of.check(one)


def test_exporters_that_race_write_nothing_twice(
    written: WrittenRecord, lake: Lake, tmp_path: Path
) -> None:
    one = Exporting(url=written.system.url, place=str(tmp_path / "lake"), commit=50)
    processes = [context().Process(target=one.run) for _ in range(EXPORTERS)]
    for process in processes:
        process.start()
        time.sleep(0.05)
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
        process.close()
    same(one.lake, lake)
    same_files(one.lake, lake)
