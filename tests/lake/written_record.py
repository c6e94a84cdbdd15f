"""A record for the tests of the lake, and what it writes lakes with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection

from application.exports.pseudonyms import Pseudonyms
from application.log.sign.key_file import KeyFile
from application.record.schema.migrations import STORE
from application.record.session import open_session
from interface.bootstrap import System
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

    def export(self, lake: Lake, key: bytes = KEY) -> int:
        """Bring a lake to the end of the record."""
        one = LakeExport(
            url=self.system.url,
            lake=lake,
            pseudonyms=Pseudonyms(key),
            books=self.system.rulebooks,
        )
        with self.session() as connection:
            return one.run(connection, told_nothing, told_nothing)

    @contextmanager
    def session(self) -> Iterator[Connection[Any]]:
        """Yield a session that sees the whole record."""
        with open_session(self.system.url, search_path=STORE.name) as connection:
            yield connection
