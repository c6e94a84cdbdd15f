"""Data keys: one per data subject, made when first needed, wrapped by a master key."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from application.privacy.master_key import KEY_BYTES, KeyFileUnusable, MasterKeys
from application.record.database import Database

REMEMBERED = 20_000
"""When a process remembers more keys than this, it forgets them all."""

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
    destroyed them. `reload` reads the master keys again after a rotation.
    """

    def __init__(
        self,
        database: Database,
        master: MasterKeys,
        reload: Callable[[], MasterKeys] | None = None,
    ) -> None:
        self.master = master
        self.database = database
        self._reload = reload or (lambda: self.master)
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
        raise LookupError("data keys are retired as fast as they are made")

    def cipher(self, key_id: UUID) -> AESGCM | None:
        """Return the cipher of a key, or None if the key was destroyed."""
        known = self.fresh()
        if key_id in known.ciphers:
            return known.ciphers[key_id]
        return self._load([key_id], known)[key_id]

    def load(self, key_ids: Iterable[UUID]) -> None:
        """Fetch many keys in one query, before many texts are opened."""
        known = self.fresh()
        if missing := set(key_ids) - known.ciphers.keys():
            self._load(sorted(missing), known)

    def known_ids(self, key_ids: Iterable[UUID]) -> set[UUID]:
        """Return those keys that were made here, also if they are destroyed."""
        with self.database.get_connection() as connection:
            rows = connection.execute(
                "SELECT key_id FROM data_keys WHERE key_id = ANY(%s)", (list(key_ids),)
            ).fetchall()
        return {row["key_id"] for row in rows}

    def fresh(self) -> Known:
        """Return the keys remembered, none of them if any process has changed keys."""
        if time.monotonic() - self._looked < FRESH_SECONDS:
            return self._known
        # The time before the query: a change that the query just misses is seen within
        # FRESH_SECONDS all the same.
        asked = time.monotonic()
        with self.database.get_connection() as connection:
            row = connection.execute("SELECT made FROM key_changes").fetchone()
        changes = row["made"] if row else 0
        if changes != self._known.changes or len(self._known.ciphers) > REMEMBERED:
            # On the first look the master keys have only just been read.
            if self._known.changes >= 0:
                self.master = self._reload()
            self._known = Known(changes, {}, {})
        self._looked = asked
        return self._known

    def forget(self) -> None:
        """Forget all keys; they are read again when they are needed."""
        self._known = Known(self._known.changes, {}, {})

    def close(self) -> None:
        """Close the connections."""
        self.database.close()

    def _make(self, subjects: list[str], known: Known) -> dict[str, UUID]:
        wrapped = [self.master.wrap(os.urandom(KEY_BYTES)) for _ in subjects]
        with self.database.get_connection() as connection:
            # Of several processes that make a subject's key at the same time, one
            # succeeds; all of them then read that one.
            connection.execute(
                "INSERT INTO data_keys (key_id, subject, wrapped, wrapped_by)"
                " SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::text[])"
                " ON CONFLICT (subject) WHERE wrapped IS NOT NULL"
                " AND retired_at IS NULL DO NOTHING",
                (
                    [uuid4() for _ in subjects],
                    subjects,
                    wrapped,
                    [self.master.current] * len(subjects),
                ),
            )
            rows = connection.execute(
                "SELECT subject, key_id, wrapped, wrapped_by FROM data_keys WHERE"
                " subject = ANY(%s) AND wrapped IS NOT NULL AND retired_at IS NULL",
                (subjects,),
            ).fetchall()
        ids = {row["subject"]: row["key_id"] for row in rows}
        known.ciphers |= {
            row["key_id"]: self._cipher(row["wrapped"], row["wrapped_by"])
            for row in rows
        }
        known.current |= ids
        return ids

    def _load(self, key_ids: list[UUID], known: Known) -> dict[UUID, AESGCM | None]:
        with self.database.get_connection() as connection:
            rows = connection.execute(
                "SELECT key_id, wrapped, wrapped_by FROM data_keys"
                " WHERE key_id = ANY(%s)",
                (key_ids,),
            ).fetchall()
        loaded: dict[UUID, AESGCM | None] = dict.fromkeys(key_ids)
        for row in rows:
            loaded[row["key_id"]] = self._cipher(row["wrapped"], row["wrapped_by"])
        known.ciphers |= loaded
        return loaded

    def _cipher(self, wrapped: bytes | None, by: str) -> AESGCM | None:
        if wrapped is None:
            return None
        try:
            return AESGCM(self.master.unwrap(wrapped, by))
        except KeyFileUnusable:
            # The master key was rotated after this process had read the file.
            self.master = self._reload()
            return AESGCM(self.master.unwrap(wrapped, by))
