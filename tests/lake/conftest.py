"""A record with generated cases, signed, and a lake that was written of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from application.exports.pseudonyms import Pseudonyms
from application.log.sign.key_file import read_or_make
from application.log.sign.last_signed import StateFile
from application.log.sign.signer import Signer
from application.record.schema.migrations import STORE
from application.record.session import open_session
from interface.bootstrap import build
from interface.generator.ledger_growth import grow
from interface.generator.record_writer import RecordWriter
from interface.settings.settings import read
from projections.lake.lake_store import Lake
from projections.rebuild.rebuild_run import rebuild_views
from projections.registry import VIEWS
from tests.lake.written_record import CASES, SEED, UNTIL, WrittenRecord
from tests.postgres import Server


@pytest.fixture(scope="session")
def written(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WrittenRecord]:
    """Write a record; nothing may be added to it."""
    home = tmp_path_factory.mktemp("written")
    with server.database() as url:
        system = build(read({"DATABASE_URL": url, "REDRESS_HOME": str(home)}))
        with open_session(url, search_path=STORE.name) as owner:
            writer = RecordWriter(system, owner, CASES, SEED, UNTIL)
            tuple(writer.drawn())
            writer.check()
            writer.write(lambda _: None)
            grow(url, owner, lambda *_: None)
        keys = read_or_make(home / "log.json", "example.com/log", UNTIL)
        state = StateFile(home / "signed.json")
        signer = Signer(url, keys, state, lambda: datetime.now(UTC))
        assert signer.tick()
        signer.close()
        rebuild_views(url, VIEWS, lambda *_: None)
        yield WrittenRecord(system, keys)
        system.close()


@pytest.fixture(scope="session")
def lake(written: WrittenRecord, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake that has all of the record, and that nobody changes."""
    place = Lake(str(tmp_path_factory.mktemp("lakes") / "lake"))
    written.export(place)
    return place


@pytest.fixture
def own_lake(written: WrittenRecord, tmp_path: Path) -> Lake:
    """Return a lake with all of the record, for a test to change."""
    place = Lake(str(tmp_path / "lake"))
    written.export(place)
    return place


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    return Pseudonyms(b"k" * 32)
