"""A record with generated cases, signed, and a lake that was written of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.exports.pseudonyms import Pseudonyms
from projections.lake.lake_store import Lake
from projections.rebuild.rebuild_run import rebuild_views
from projections.registry import VIEWS
from tests.lake.written_record import (
    CASES,
    WrittenRecord,
    told_nothing,
    written_record,
)
from tests.postgres import Server


@pytest.fixture(scope="session")
def written(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WrittenRecord]:
    """Write a record; nothing may be added to it."""
    home = tmp_path_factory.mktemp("written")
    with server.database() as url, written_record(url, home, CASES) as record:
        rebuild_views(url, VIEWS, told_nothing)
        yield record


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
