"""No personal text reaches a log, in clear or sealed, and nobody's own identifier."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from application.cases.disputes import Disputes
from application.cases.evidence_files import EvidenceFiles
from application.exports.pseudonyms import Pseudonyms
from application.feed.event_feed import end_of_feed
from application.privacy.sealed_texts import COMMITTED
from application.record.schema.migrations import STORE
from application.record.sequencer import Sequencer
from application.record.session import open_session
from projections.mining.ocel_file import OcelFile
from projections.mining.ocel_json import write_ocel_json
from projections.mining.told_case import ToldCase, told_cases
from projections.mining.xes import write_xes
from tests.lake.written_record import WrittenRecord
from tests.privacy.canaries import MARK, plant

BUYER = "buyer-of-canaries"


def write_ocel(cases: Iterator[ToldCase], path: Path) -> None:
    with OcelFile(path) as one:
        for told in cases:
            one.add(told)


@pytest.fixture
def planted(url: str, disputes: Disputes, tmp_path: Path) -> list[ToldCase]:
    """Return cases that hold a canary in every personal field."""
    files = EvidenceFiles(tmp_path / "evidence")
    for number in range(2):
        plant(disputes, files, number, BUYER, bodies=True, shares=1 + number)
    sequencer = Sequencer(url)
    while sequencer.tick():
        pass
    sequencer.close()
    with open_session(url, search_path=STORE.name) as connection:
        upto = end_of_feed(connection)
    return list(told_cases(url, upto, Pseudonyms(b"p" * 32).of, tmp_path))


def test_no_canary_reaches_a_log(planted: list[ToldCase], tmp_path: Path) -> None:
    assert sum(len(one.events) for one in planted) > 40
    traces, objects = io.BytesIO(), io.BytesIO()
    write_xes(iter(planted), traces)
    write_ocel(iter(planted), tmp_path / "log.sqlite")
    write_ocel_json(tmp_path / "log.sqlite", objects)
    for written in (
        traces.getvalue(),
        objects.getvalue(),
        (tmp_path / "log.sqlite").read_bytes(),
    ):
        assert len(written) > 10_000
        for needle in (MARK, COMMITTED, BUYER, '"s-1"', ":s-1", '"m-1"', ":m-1"):
            assert needle.encode() not in written, needle


def test_memory_does_not_grow_with_the_cases(
    written: WrittenRecord, tmp_path: Path
) -> None:
    one = Pseudonyms(b"p" * 32)
    told = next(told_cases(written.system.url, 1_000, one.of, tmp_path))

    def cases(many: int) -> Iterator[ToldCase]:
        for number in range(many):
            yield ToldCase(uuid5(UUID(int=0), str(number)), told.events)

    def peak(many: int) -> int:
        tracemalloc.start()
        file = tmp_path / f"{many}.sqlite"
        write_ocel(cases(many), file)
        with (tmp_path / "log").open("wb") as out:
            write_ocel_json(file, out)
            write_xes(cases(many), out)
        (_, most) = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few = peak(20)
    assert peak(200) < 1.2 * few + 100_000
