"""A record of generated cases, for benchmarks that need many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from application.record.schema.migrations import STORE
from application.record.session import open_session
from interface.bootstrap import build
from interface.generator.ledger_growth import grow
from interface.generator.record_writer import RecordWriter
from interface.settings.settings import read
from tests.benchmarks.measurement import Bench

SEED = 1


@contextmanager
def generated(bench: Bench, cases: int) -> Iterator[str]:
    """Yield the URL of a database with generated cases, which no view has followed."""
    with bench.database() as url, TemporaryDirectory() as home:
        fill(url, Path(home), cases)
        yield url


def fill(url: str, home: Path, cases: int) -> None:
    """Write generated cases, and give them their positions."""
    system = build(read({"DATABASE_URL": url, "REDRESS_HOME": str(home)}))
    try:
        with open_session(url, search_path=STORE.name) as owner:
            until = datetime.now(UTC)
            RecordWriter(system, owner, cases, SEED, until).write(lambda _: None)
            grow(url, owner, lambda *_: None)
    finally:
        system.close()
