"""A record for the tests of the lake, and what it writes lakes with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from psycopg import Connection

from application.exports.pseudonyms import Pseudonyms
from application.log.sign.key_file import KeyFile, read_or_make
from application.log.sign.last_signed import StateFile
from application.log.sign.signer import Signer
from application.record.schema.migrations import STORE
from application.record.session import open_session
from interface.bootstrap import System, build
from interface.generator.ledger_growth import grow
from interface.generator.record_writer import RecordWriter
from interface.settings.settings import read
from projections.lake.lake_export import LakeExport
from projections.lake.lake_store import Lake

CASES, SEED = 150, 7
UNTIL = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)
KEY = b"k" * 32


def told_nothing(done: int, total: int) -> None:
    """Take what an export tells of its progress."""


class WrittenRecord(Struct, frozen=True):
    """A system with generated cases, and the keys by which its log is signed."""

    system: System
    keys: KeyFile

    def export(self, lake: Lake, key: bytes = KEY, **options: Any) -> int:
        """Bring a lake to the end of the record."""
        return self.export_under(lake, Pseudonyms(key), **options)

    def export_under(self, lake: Lake, pseudonyms: Pseudonyms, **options: Any) -> int:
        """Bring a lake to the end of the record, under pseudonyms that are there."""
        one = LakeExport(
            url=self.system.url,
            lake=lake,
            pseudonyms=pseudonyms,
            books=self.system.rulebooks,
            **options,
        )
        with self.session() as connection:
            return one.run(connection, told_nothing, told_nothing)

    @contextmanager
    def session(self) -> Iterator[Connection[Any]]:
        """Yield a session that sees the whole record."""
        with open_session(self.system.url, search_path=STORE.name) as connection:
            yield connection


@contextmanager
def written_record(url: str, home: Path, cases: int) -> Iterator[WrittenRecord]:
    """Write generated cases into an empty database, and sign their log."""
    system = build(read({"DATABASE_URL": url, "REDRESS_HOME": str(home)}))
    with open_session(url, search_path=STORE.name) as owner:
        writer = RecordWriter(system, owner, cases, SEED, UNTIL)
        tuple(writer.drawn())
        writer.check()
        writer.write(lambda _: None)
        grow(url, owner, told_nothing)
    keys = read_or_make(home / "log.json", "example.com/log", UNTIL)
    state = StateFile(home / "signed.json")
    signer = Signer(url, keys, state, lambda: datetime.now(UTC))
    assert signer.tick()
    signer.close()
    yield WrittenRecord(system, keys)
    system.close()
