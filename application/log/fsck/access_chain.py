"""Checks the access log in order, and holds it against its seals in the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import scalar_row, tuple_row

from application.access.access_log import columns, decode_entry
from application.access.seals import SealRecorded, decode_seal
from application.log.fsck.finding import Differs, Finding, Property
from application.record.envelope import leaf
from domain.identity import ACCESS_LOG

BATCH = 2_000

_ENTRIES = """
SELECT number, at, reader, role, platform, what, case_id, entry, hash
FROM access_log WHERE number > %s ORDER BY number LIMIT %s
"""

_SEALS = """
SELECT state FROM events WHERE originator_id = %s AND originator_version > %s
ORDER BY originator_version LIMIT %s
"""


class AccessWalk:
    """A check of the access log, batch by batch; raises Differs where it is wrong."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._head: bytes | None = None
        self._seals = _seals(connection)
        self._seal = next(self._seals, None)
        self.entries = 0

    def step(self) -> int:
        """Check a batch; return how many entries it has, 0 once all are checked."""
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            rows = cursor.execute(_ENTRIES, (self.entries, BATCH)).fetchall()
        for row in rows:
            self._take(row)
        if not rows:
            self._finish()
        return len(rows)

    def _take(self, row: tuple[Any, ...]) -> None:
        number = self.entries + 1
        if row[0] != number:
            raise _differs(f"entry {number} is missing")
        if wrong := _wrong(row, self._head):
            raise _differs(f"entry {number} {wrong}")
        self.entries, self._head = number, bytes(row[-1])
        while self._seal is not None and self._seal.event.entries == number:
            if self._seal.event.hash != self._head:
                raise _differs(f"entry {number} is not the one that was sealed")
            self._seal = next(self._seals, None)

    def _finish(self) -> None:
        if self._seal is None:
            return
        # A seal of more entries than were read: they were added and sealed meanwhile,
        # or the end was cut off. The table tells which.
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            query = "SELECT coalesce(max(number), 0) FROM access_log"
            last = cursor.execute(query).fetchone()
        sealed = self._seal.event.entries
        if not last or last < sealed:
            raise _differs(
                f"its end was cut off: it has {last} entries, and"
                f" {sealed} were sealed at {self._seal.at.isoformat()}"
            )


def check_access(connection: Connection[Any]) -> int:
    """Check the whole access log; return how many entries it has. Raises Differs."""
    walk = AccessWalk(connection)
    while walk.step():
        pass
    return walk.entries


def _seals(connection: Connection[Any]) -> Iterator[SealRecorded]:
    version = 0
    while True:
        with connection.cursor(row_factory=scalar_row) as cursor:
            states = cursor.execute(_SEALS, (ACCESS_LOG, version, BATCH)).fetchall()
        for state in states:
            try:
                seal = decode_seal(state)
            except (msgspec.DecodeError, UnicodeDecodeError):
                raise _differs("a seal of it cannot be read") from None
            version = seal.version
            yield seal
        if len(states) < BATCH:
            return


def _wrong(row: tuple[Any, ...], head: bytes | None) -> str | None:
    written = bytes(row[-2])
    try:
        entry = decode_entry(written)
    except msgspec.DecodeError:
        return "cannot be read"
    if entry.prev != head:
        return "does not follow the one before"
    if bytes(row[-1]) != leaf(written):
        return "is not what was hashed"
    # The other columns are searched by: a wrong one would hide the entry from a search.
    if row[:-2] != columns(entry, written)[:-2]:
        return "is listed as something else than it says"
    return None


def _differs(said: str) -> Differs:
    return Differs(Finding(property=Property.ACCESS, said=said))
