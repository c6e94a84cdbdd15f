"""A system with generated cases of every kind, made once for all that look at them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from msgspec import Struct

from application.record.schema.migrations import STORE
from application.record.session import open_session
from interface.bootstrap import System, build
from interface.generator.generated_case import GeneratedCase
from interface.generator.ledger_growth import grow
from interface.generator.record_writer import RecordWriter, Written
from interface.settings.settings import read
from tests.postgres import Server

CASES, SEED = 300, 4
UNTIL = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)


class Generated(Struct, frozen=True):
    """A system, and the cases that were written into it."""

    system: System
    cases: tuple[GeneratedCase, ...]
    written: Written


@pytest.fixture(scope="session")
def generated(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Generated]:
    with server.database() as url:
        yield from _generated(url, tmp_path_factory.mktemp("generated"))


def _generated(url: str, home: Path) -> Iterator[Generated]:
    system = build(read({"DATABASE_URL": url, "REDRESS_HOME": str(home)}))
    with open_session(url, search_path=STORE.name) as owner:
        writer = RecordWriter(system, owner, CASES, SEED, UNTIL)
        cases = tuple(writer.drawn())
        writer.check()
        written = writer.write(lambda _: None)
        grow(url, owner, lambda *_: None)
    yield Generated(system, cases, written)
    system.close()


@pytest.fixture
def owner(generated: Generated) -> Iterator[psycopg.Connection]:
    with open_session(generated.system.url, search_path=STORE.name) as session:
        yield session
