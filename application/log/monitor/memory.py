"""What a monitor remembers between two looks: one small database in a file.

The memory of the process stays the same, however many cases a log has.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from application.log.format.tree import Edge
from application.operator_error import OperatorError
from domain.case.dispute import Phase
from domain.case.event_order import Standing

_TABLES = """
CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS histories (
    id BLOB PRIMARY KEY, version INTEGER NOT NULL, leaf BLOB NOT NULL,
    standings TEXT NOT NULL, headless INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS headless ON histories (id) WHERE headless;
CREATE TABLE IF NOT EXISTS rules (digest BLOB PRIMARY KEY) WITHOUT ROWID;
"""


class MemoryUnusable(OperatorError):
    """The file of a monitor's memory cannot be used; the message names it."""


class Progress(Struct, frozen=True, kw_only=True):
    """How far a log has been checked.

    `size` entries were checked, of which `peaks` are the tree's complete subtrees by
    level. `note` is the last checkpoint whose root they gave, `since` the first entry
    with a statement. `contradiction` is what was found; it stays.
    """

    origin: str
    size: int = 0
    peaks: dict[int, bytes] = {}
    note: str | None = None
    since: int | None = None
    contradiction: str | None = None

    @property
    def edge(self) -> Edge:
        """Return the tree that was checked so far."""
        return Edge(self.size, self.peaks)


class History(Struct, frozen=True):
    """The last event of a case or other history, and where the case may stand.

    `headless`: the log has not stated its length since.
    """

    version: int
    leaf: bytes
    standings: frozenset[Standing]
    headless: bool


class Memory:
    """The memory of one log."""

    def __init__(self, path: Path, origin: str) -> None:
        self._path, self._origin = path, origin
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Several writes are one transaction: see `together`.
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.executescript(_TABLES)
            # One process at a time: two would check on from each other's half.
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("BEGIN IMMEDIATE")
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            raise MemoryUnusable(f"{path}: {error}") from None
        self._texts: dict[str, frozenset[Standing]] = {}

    @property
    def progress(self) -> Progress:
        """Return how far the log has been checked. Raises MemoryUnusable."""
        row = self._one("SELECT content FROM progress WHERE one = 1", ())
        if row is None:
            return Progress(origin=self._origin)
        try:
            found: Progress = msgspec.json.decode(row[0], type=Progress)
        except msgspec.DecodeError as error:
            raise MemoryUnusable(f"{self._path}: {error}") from None
        if found.origin != self._origin:
            raise MemoryUnusable(f"{self._path}: is about the log {found.origin}")
        return found

    def keep(self, progress: Progress) -> None:
        """Remember how far the log has been checked."""
        self._do(
            "INSERT OR REPLACE INTO progress VALUES (1, ?)",
            (msgspec.json.encode(progress),),
        )

    def history(self, which: bytes) -> History | None:
        """Return what is known of a history, None if it is new."""
        query = "SELECT version, leaf, standings, headless FROM histories WHERE id = ?"
        row = self._one(query, (which,))
        if row is None:
            return None
        version, leaf, text, headless = row
        return History(version, leaf, self._standings(text), bool(headless))

    def note(self, which: bytes, history: History) -> None:
        """Remember a history."""
        text = ";".join(
            sorted(f"{phase}/{before or ''}" for phase, before in history.standings)
        )
        self._do(
            "INSERT OR REPLACE INTO histories VALUES (?, ?, ?, ?, ?)",
            (which, history.version, history.leaf, text, history.headless),
        )

    def headless(self) -> bytes | None:
        """Return a history whose length the log has not stated since, if there is."""
        row = self._one("SELECT id FROM histories WHERE headless LIMIT 1", ())
        return row[0] if row else None

    def adopt(self, digests: Iterable[bytes]) -> None:
        """Remember rules that were adopted."""
        for digest in digests:
            self._do("INSERT OR IGNORE INTO rules VALUES (?)", (digest,))

    def knows_rules(self, digest: bytes) -> bool:
        """Tell whether rules were adopted."""
        query = "SELECT 1 FROM rules WHERE digest = ?"
        return self._one(query, (digest,)) is not None

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write all or nothing of what is remembered inside."""
        self._do("BEGIN", ())
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._do("COMMIT", ())

    def close(self) -> None:
        """Let another process use the memory."""
        self._database.close()

    def _standings(self, text: str) -> frozenset[Standing]:
        # There are a few dozen such sets in all: most events lead to one of them.
        if text not in self._texts:
            pairs = (one.split("/") for one in text.split(";") if one)
            self._texts[text] = frozenset(
                (Phase(phase), Phase(before) if before else None)
                for phase, before in pairs
            )
        return self._texts[text]

    def _one(self, query: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._do(query, values).fetchone()
        return row

    def _do(self, query: str, values: tuple[object, ...]) -> sqlite3.Cursor:
        try:
            return self._database.execute(query, values)
        except sqlite3.Error as error:
            raise MemoryUnusable(f"{self._path}: {error}") from None
