"""Checks the files of evidence that the record tells of, one after the other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import scalar_row

from application.cases.case_files import FILE_TOPICS, stored_file
from application.cases.evidence_files import EvidenceFiles
from application.cases.file_flaws import clear, flaws, note
from application.cases.orphan_files import OLD_SECONDS, is_old_file
from application.cases.sealed_file import FileDamaged, StoredFile
from application.privacy.data_keys import KeyStore
from application.privacy.master_key import DataKeyUnusable, KeyFileUnusable
from application.record.envelope import decode

EVENTS = 5_000
"""How many events are looked through at once for files."""

FILTER_BITS = 1 << 24
HASHES = 4
"""Two MiB, whatever the number of files: of a million that events name, one in 400 of
the others passes for named, in this round and not in the next."""

_TOLD = """
SELECT state FROM events WHERE notification_id > %s AND notification_id <= %s
    AND topic = ANY(%s) ORDER BY notification_id
"""


class SeenNames:
    """Names that were seen: it never says of one that it was not, if it was."""

    def __init__(self) -> None:
        self._bits = bytearray(FILTER_BITS // 8)
        # Another one each round, so that what passes for another name does so once.
        self._salt = os.urandom(16)

    def add(self, name: str) -> None:
        """Note a name."""
        for at in self._places(name):
            self._bits[at >> 3] |= 1 << (at & 7)

    def __contains__(self, name: str) -> bool:
        """Tell whether a name was seen, or passes for one that was."""
        return all(self._bits[at >> 3] & 1 << (at & 7) for at in self._places(name))

    def _places(self, name: str) -> Iterator[int]:
        digest = blake2b(name.encode(), salt=self._salt, digest_size=4 * HASHES)
        whole = digest.digest()
        for start in range(0, len(whole), 4):
            yield int.from_bytes(whole[start : start + 4], "big") % FILTER_BITS


class FileWalk:
    """A check of all files, each a step; what is wrong is noted among the flaws."""

    def __init__(
        self, connection: Connection[Any], files: EvidenceFiles, keys: KeyStore
    ) -> None:
        self._connection, self._files, self._keys = connection, files, keys
        self._event = 0
        self._waiting: list[StoredFile] = []
        self._seen = SeenNames()
        self._folders: list[Path] | None = None
        self._flawed = {(one.case_id, one.version) for one in flaws(connection, 2_000)}
        self.checked = self.orphans = 0

    def step(self) -> int:
        """Check a file, or look for the next ones; return 0 once all are checked."""
        if self._waiting:
            self._check(self._waiting.pop())
            return 1
        return self._events() or self._orphans()

    def _check(self, file: StoredFile) -> None:
        self._seen.add(file.name)
        try:
            self._open(file)
        except FileDamaged as damage:
            # An erasure may have deleted it just now.
            self._keys.fresh(0.0)
            if self._keys.cipher(file.key) is not None:
                note(self._connection, damage)
                return
        except (DataKeyUnusable, KeyFileUnusable):
            # The check of the keys names it; of the file, nothing is known.
            return
        if (file.case, file.version) in self._flawed:
            clear(self._connection, file)

    def _open(self, file: StoredFile) -> None:
        cipher = self._keys.cipher(file.key)
        # Of an erased subject: the file is deleted, or about to be.
        if cipher is not None:
            self._files.check(file, cipher)
            self.checked += 1

    def _events(self) -> int:
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            query = "SELECT coalesce(max(notification_id), 0) FROM redress.events"
            last = int(cursor.execute(query).fetchone() or 0)
            until = min(last, self._event + EVENTS)
            values = self._event, until, list(FILE_TOPICS)
            states = cursor.execute(_TOLD, values).fetchall()
        self._waiting = list(filter(None, map(_file_of, states)))
        done, self._event = until - self._event, until
        return done

    def _orphans(self) -> int:
        """Count the old files of one folder that no event names."""
        if self._folders is None:
            self._folders = sorted(self._files.folder.glob("??"))
        if not self._folders:
            return 0
        for path in self._folders.pop().glob("*"):
            if path.name not in self._seen and is_old_file(path, OLD_SECONDS):
                self.orphans += 1
        return 1


def _file_of(state: bytes) -> StoredFile | None:
    try:
        return stored_file(decode(state))
    except (msgspec.DecodeError, UnicodeDecodeError):
        # The audit of the record names it.
        return None
