"""No personal text reaches a lake, in clear or sealed, and nobody's own identifier."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from application.cases.disputes import Disputes
from application.cases.evidence_files import EvidenceFiles
from application.exports.pseudonyms import Pseudonyms
from application.log.build.integrate import LogBuilder
from application.privacy.sealed_texts import COMMITTED
from application.record.schema.migrations import STORE
from application.record.sequencer import Sequencer
from application.record.session import open_session
from projections.lake.lake_errors import LakeWrong
from projections.lake.lake_export import LakeExport
from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import TABLES
from tests.lake.written_record import WrittenRecord, told_nothing
from tests.privacy.canaries import MARK, plant
from tests.samples import BOOKS

BUYER = "buyer-of-canaries"


def texts(lake: Lake) -> Iterator[str]:
    """Yield all values of a lake, each row as one text."""
    with opened_lake(lake) as (connection, _):
        for table in TABLES:
            found = connection.sql(f'SELECT * FROM "{table.name}"').to_arrow_table()
            for row in found.to_pylist():
                yield json.dumps(row, default=str, ensure_ascii=False)


@pytest.fixture
def planted(url: str, disputes: Disputes, tmp_path: Path) -> Lake:
    """Return a lake of cases that hold a canary in every personal field."""
    files = EvidenceFiles(tmp_path / "evidence")
    for number in range(4):
        plant(disputes, files, number, BUYER, bodies=True, shares=1 + number)
    for job in (Sequencer(url), LogBuilder(url)):
        while job.tick():
            pass
        job.close()
    lake = Lake(str(tmp_path / "lake"))
    one = LakeExport(url=url, lake=lake, pseudonyms=Pseudonyms(b"p" * 32), books=BOOKS)
    with open_session(url, search_path=STORE.name) as connection:
        assert one.run(connection, told_nothing, told_nothing) > 40
    return lake


def test_no_canary_reaches_the_lake(planted: Lake) -> None:
    found = "\n".join(texts(planted))
    assert len(found) > 10_000
    for needle in (MARK, COMMITTED, BUYER, '"s-1"', '"m-1"'):
        assert needle not in found, needle


def test_two_lakes_cannot_be_joined_by_people_unless_that_is_asked_for(
    written: WrittenRecord, lake: Lake, tmp_path: Path
) -> None:
    def people(of: Lake) -> set[str]:
        with opened_lake(of) as (connection, _):
            query = "SELECT buyer FROM cases UNION SELECT seller FROM cases"
            return {name for (name,) in connection.sql(query).fetchall() if name}

    other, again = Lake(str(tmp_path / "other")), Lake(str(tmp_path / "again"))
    written.export(other, key=b"o" * 32)
    written.export(again)
    assert len(people(lake)) > 40
    assert not people(lake) & people(other)
    assert people(lake) == people(again)


def test_a_lake_goes_on_under_its_own_key_only(
    written: WrittenRecord, own_lake: Lake
) -> None:
    with pytest.raises(LakeWrong, match="another key of pseudonyms"):
        written.export(own_lake, key=b"o" * 32)


def test_no_file_of_a_lake_says_where_it_was_made(own_lake: Lake) -> None:
    """It is given away as a copy of its files."""
    files = [one for one in Path(own_lake.place).rglob("*") if one.is_file()]
    assert any(one.name == f"{0:020}.json" for one in files)
    for file in files:
        assert own_lake.place.encode() not in file.read_bytes(), file
    assert not [one for one in files if one.name.startswith(".")]
