"""Data keys: one per data subject, made when first needed, wrapped by a bucket key."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from application.jobs.locks import MAKING_KEYS
from application.privacy.master_key import (
    KEY_BYTES,
    KeyFileUnusable,
    MasterKeys,
    read,
)
from application.record.database import Database

REMEMBERED = 20_000
"""When a process remembers more keys than this, it forgets them all."""

OF_BUNDLE = "bundle:"
"""So begin the subjects of keys that seal bundles of other logs; the case follows."""

FRESH_SECONDS = 1.0
"""For how long a process uses the keys it remembers before it looks for changes."""

# A subject's key may be retired between the INSERT that makes it and the SELECT that
# reads it; then another one is made.
ATTEMPTS = 5


class Known(Struct):
    """The keys that a process remembers, as of one number of key changes.

    They are replaced as a whole. A thread that is still loading keys then adds them to
    the old ones, which nobody reads any more; so a key that was read before a change is
    not remembered after it.
    """

    changes: int
    ciphers: dict[UUID, AESGCM | None]
    current: dict[str, UUID]


class KeyStore:
    """The table of wrapped data keys, which may lie in a database of its own.

    A process remembers keys, for at most a second after any process has retired or
    destroyed them. `path` is the key file, which is read again whenever keys have
    changed; without one, the bucket keys are those that were given.
    """

    def __init__(
        self, database: Database, master: MasterKeys, path: Path | None = None
    ) -> None:
        self.master = master
        self.database = database
        self.path = path
        self._known = Known(-1, {}, {})
        # Before the monotonic clock's beginning: the first call looks for changes.
        self._looked = -FRESH_SECONDS

    def current(self, subjects: Iterable[str]) -> Mapping[str, UUID]:
        """Return each subject's key id, making the keys that are missing."""
        known, wanted = self.fresh(), set(subjects)
        ids = {name: known.current[name] for name in wanted & known.current.keys()}
        for _ in range(ATTEMPTS):
            missing = sorted(wanted - ids.keys())
            if not missing:
                return ids
            ids |= self._make(missing, known)
            if wanted - ids.keys():
                # Keys have changed since, and nothing was made under the old ones.
                known = self.fresh(0.0)
        raise LookupError("data keys are retired as fast as they are made")

    def cipher(self, key_id: UUID) -> AESGCM | None:
        """Return the cipher of a key, or None if the key was destroyed.

        Raises KeyFileUnusable, or DataKeyUnusable for a row that was changed.
        """
        known = self.fresh()
        if key_id in known.ciphers:
            return known.ciphers[key_id]
        return self._load([key_id], known)[key_id]

    def load(self, key_ids: Iterable[UUID]) -> None:
        """Fetch many keys in one query, before many texts are opened."""
        known = self.fresh()
        # Not a difference of sets, which looks at every key that is remembered.
        if missing := {one for one in key_ids if one not in known.ciphers}:
            self._load(sorted(missing), known)

    def known_ids(self, key_ids: Iterable[UUID]) -> set[UUID]:
        """Return those keys that were made here, also if they are destroyed."""
        return set(self.are_destroyed(key_ids))

    def fresh(self, since: float = FRESH_SECONDS) -> Known:
        """Return the keys remembered, none of them if any process has changed keys.

        `since`: for how many seconds what was seen counts.
        """
        if time.monotonic() - self._looked < since:
            return self._known
        # The time before the query: a change that the query just misses is seen within
        # FRESH_SECONDS all the same.
        asked = time.monotonic()
        with self.database.get_connection() as connection:
            row = connection.execute("SELECT made FROM key_changes").fetchone()
        changes = row["made"] if row else 0
        if changes != self._known.changes or len(self._known.ciphers) > REMEMBERED:
            # After the count: the file is then no older than what the count tells of.
            self.reload()
            self._known = Known(changes, {}, {})
        self._looked = asked
        return self._known

    def reload(self) -> MasterKeys:
        """Read the key file again, and return it."""
        if self.path is not None:
            self.master = read(self.path)
        return self.master

    def check_file(self) -> None:
        """Read the key file as it is now. Raises KeyFileUnusable, naming the file."""
        if self.path is None:
            return
        try:
            read(self.path)
        except KeyFileUnusable as error:
            raise KeyFileUnusable(f"{self.path}: {error}") from None

    def forget(self) -> None:
        """Forget all keys; they are read again when they are needed."""
        self._known = Known(self._known.changes, {}, {})

    def close(self) -> None:
        """Close the connections."""
        self.database.close()

    def _make(self, subjects: list[str], known: Known) -> dict[str, UUID]:
        ids = [uuid4() for _ in subjects]
        wrapped = [
            self.master.wrap(os.urandom(KEY_BYTES), *row)
            for row in zip(ids, subjects, strict=True)
        ]
        with self.database.get_connection() as connection, connection.transaction():
            # Whoever changes keys waits for this, and then finds what was made. After
            # the change, nothing is made under a key that is about to be destroyed:
            # the count is another one then.
            connection.execute(
                "SELECT pg_advisory_xact_lock_shared(%s)", (MAKING_KEYS,)
            )
            # Of several processes that make a subject's key at the same time, one
            # succeeds; all of them then read that one.
            connection.execute(
                "INSERT INTO data_keys (key_id, subject, wrapped, wrapped_by)"
                " SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::text[])"
                " WHERE (SELECT made FROM key_changes) = %s"
                " ON CONFLICT (subject) WHERE wrapped IS NOT NULL"
                " AND retired_at IS NULL DO NOTHING",
                (
                    ids,
                    subjects,
                    [sealed for sealed, _ in wrapped],
                    [by for _, by in wrapped],
                    known.changes,
                ),
            )
            rows = connection.execute(
                f"{_ROWS} WHERE subject = ANY(%s) AND wrapped IS NOT NULL"
                " AND retired_at IS NULL",
                (subjects,),
            ).fetchall()
        found = {row["subject"]: row["key_id"] for row in rows}
        known.ciphers |= {row["key_id"]: self.open_row(row) for row in rows}
        known.current |= found
        return found

    def _load(self, key_ids: list[UUID], known: Known) -> dict[UUID, AESGCM | None]:
        loaded: dict[UUID, AESGCM | None] = dict.fromkeys(key_ids)
        for row in self._rows(key_ids):
            loaded[row["key_id"]] = self.open_row(row)
        known.ciphers |= loaded
        return loaded

    def _rows(self, key_ids: list[UUID]) -> list[dict[str, Any]]:
        with self.database.get_connection() as connection:
            query = f"{_ROWS} WHERE key_id = ANY(%s)"
            return connection.execute(query, (key_ids,)).fetchall()

    def rows_after(self, key_id: UUID, most: int) -> list[dict[str, Any]]:
        """Return the rows of the next keys that are not destroyed, in order of id."""
        with self.database.get_connection() as connection:
            query = f"{_ROWS} WHERE key_id > %s AND wrapped IS NOT NULL"
            where = " ORDER BY key_id LIMIT %s"
            return connection.execute(query + where, (key_id, most)).fetchall()

    def are_destroyed(self, key_ids: Iterable[UUID]) -> Mapping[UUID, bool]:
        """Tell of each key that was made here whether it is destroyed."""
        with self.database.get_connection() as connection:
            rows = connection.execute(
                "SELECT key_id, wrapped IS NULL AS destroyed FROM data_keys"
                " WHERE key_id = ANY(%s)",
                (list(key_ids),),
            ).fetchall()
        return {row["key_id"]: row["destroyed"] for row in rows}

    def open_row(self, row: dict[str, Any]) -> AESGCM | None:
        """Return the cipher of a row, None if it was destroyed since.

        Raises KeyFileUnusable, or DataKeyUnusable for a row that was changed.
        """
        try:
            return _opened(row, self.master)
        except KeyFileUnusable:
            # It was wrapped again after this process had read the file, or after it had
            # read the row.
            for later in self._rows([row["key_id"]]):
                return _opened(later, self.reload())
            raise


_ROWS = "SELECT key_id, subject, wrapped, wrapped_by FROM data_keys"


def _opened(row: dict[str, Any], master: MasterKeys) -> AESGCM | None:
    if row["wrapped"] is None:
        return None
    sealed, by = row["wrapped"], row["wrapped_by"]
    return AESGCM(master.unwrap(sealed, by, row["key_id"], row["subject"]))
