"""Evidence files that no event names: a server was killed between the two."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.cases.evidence_files import EvidenceFiles

OLD_SECONDS = 24 * 3_600.0
"""How long a file may wait for its event, in seconds: far longer than any request."""

_DIGEST = re.compile(rb"[0-9a-f]{64}")
_NAME = re.compile(r"[0-9a-f]{64}(\.[0-9a-f]{16})?\.[0-9a-f]{32}")

# Of every topic that has one: an event that is added later is not forgotten here.
_NAMED = """
SELECT state FROM redress.events
WHERE notification_id > %s AND position(%s::bytea IN state) > 0
ORDER BY notification_id
"""


class OrphanFile(Struct, frozen=True):
    """A file that no event names, as it was when it was found."""

    path: Path
    inode: int
    key: UUID

    @property
    def digest(self) -> str:
        """Return the SHA-256 (hex) of what was handed in."""
        return self.path.name.partition(".")[0]


def orphan_files(
    files: EvidenceFiles, connection: Connection[Any], older: float = OLD_SECONDS
) -> tuple[OrphanFile, ...]:
    """Return the files that no event names, of those that are old enough.

    A file counts as named by its digest alone, whatever key it is sealed with.
    """
    # The files first: what is put in place and recorded meanwhile is not looked at.
    old = tuple(_old(files, older))
    if not old:
        return ()
    named = named_digests(connection)
    return tuple(one for one in old if one.digest not in named)


def named_digests(connection: Connection[Any], since: int = 0) -> set[str]:
    """Return the digests of all files that events name, after one event's id."""
    named: set[str] = set()
    with (
        connection.transaction(),
        connection.cursor("named_files", row_factory=tuple_row) as cursor,
    ):
        # A cursor of the server: the record can be larger than the memory.
        for (state,) in cursor.execute(_NAMED, (since, b'"sha256"')):
            # Whatever looks like a digest counts, wherever an event has it: to keep a
            # file too many is no loss.
            named |= {one.decode() for one in _DIGEST.findall(state)}
    return named


def _old(files: EvidenceFiles, older: float) -> Iterator[OrphanFile]:
    for path in files.folder.glob("??/*"):
        if (status := _status_if_old(path, older)) is not None:
            key = UUID(path.name.rpartition(".")[2])
            yield OrphanFile(path, status.st_ino, key)


def is_old_file(path: Path, older: float) -> bool:
    """Tell whether this is a file of evidence, and there for so long."""
    return _status_if_old(path, older) is not None


def _status_if_old(path: Path, older: float) -> os.stat_result | None:
    if not _NAME.fullmatch(path.name):
        # Not ours: nothing is known of it.
        return None
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    # The time of its name counts too: a restored file is as old as its content.
    is_old = max(status.st_mtime, status.st_ctime) < time.time() - older
    return status if is_old else None


def remove_orphan(one: OrphanFile, connection: Connection[Any], since: int) -> bool:
    """Delete an orphan, unless it has got an event or another file since it was found.

    `since` is the id of the last event when the orphans were looked for.
    """
    aside = one.path.with_name(f".{one.path.name[:40]}.{os.urandom(8).hex()}")
    try:
        # Out of the way first: whoever hands in the same file now puts a new one there.
        one.path.rename(aside)
    except FileNotFoundError:
        return False
    if aside.lstat().st_ino != one.inode or one.digest in named_digests(
        connection, since
    ):
        # An upload was faster, and its event names this very file.
        if not one.path.exists():
            aside.rename(one.path)
        else:
            aside.unlink()
        return False
    aside.unlink()
    return True
