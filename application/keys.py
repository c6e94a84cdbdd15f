"""Data keys: one per data subject, made when first needed, wrapped by a master key."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.database import Database
from application.master_key import KEY_BYTES, MasterKeys

SEALED = "enc1:"
"""Begins every sealed text: AES-256-GCM, base64 of nonce, ciphertext and tag."""

NONCE_BYTES = 12
REMEMBERED = 20_000


class KeyStore:
    """The table of wrapped data keys. It may lie in a database of its own."""

    def __init__(self, database: Database, master: MasterKeys) -> None:
        self.master = master
        self._database = database
        self._ciphers: dict[UUID, AESGCM | None] = {}
        self._current: dict[str, UUID] = {}

    def current(self, subjects: Iterable[str]) -> Mapping[str, UUID]:
        """Return each subject's key id, making the keys that are missing."""
        wanted = set(subjects)
        if missing := wanted - self._current.keys():
            self._make(sorted(missing))
        return {subject: self._current[subject] for subject in wanted}

    def cipher(self, key_id: UUID) -> AESGCM | None:
        """Return the cipher of a key, or None if the key was destroyed."""
        if key_id not in self._ciphers:
            self._load([key_id])
        return self._ciphers[key_id]

    def load(self, key_ids: Iterable[UUID]) -> None:
        """Fetch many keys in one query, before many texts are opened."""
        if missing := set(key_ids) - self._ciphers.keys():
            self._load(sorted(missing))

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def _make(self, subjects: list[str]) -> None:
        fresh = [os.urandom(KEY_BYTES) for _ in subjects]
        wrapped = [self.master.wrap(key) for key in fresh]
        with self._database.get_connection() as connection:
            connection.execute(
                "INSERT INTO data_keys (key_id, subject, wrapped, wrapped_by)"
                " SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::text[])"
                " ON CONFLICT (subject) WHERE wrapped IS NOT NULL DO NOTHING",
                (
                    [uuid4() for _ in subjects],
                    subjects,
                    wrapped,
                    [self.master.current] * len(subjects),
                ),
            )
            rows = connection.execute(
                "SELECT subject, key_id, wrapped, wrapped_by FROM data_keys"
                " WHERE subject = ANY(%s) AND wrapped IS NOT NULL",
                (subjects,),
            ).fetchall()
        self._forget_if_many()
        for row in rows:
            self._current[row["subject"]] = row["key_id"]
            self._remember(row["key_id"], row["wrapped"], row["wrapped_by"])

    def _load(self, key_ids: list[UUID]) -> None:
        with self._database.get_connection() as connection:
            rows = connection.execute(
                "SELECT key_id, wrapped, wrapped_by FROM data_keys"
                " WHERE key_id = ANY(%s)",
                (key_ids,),
            ).fetchall()
        self._forget_if_many()
        self._ciphers.update(dict.fromkeys(key_ids))
        for row in rows:
            self._remember(row["key_id"], row["wrapped"], row["wrapped_by"])

    def _remember(self, key_id: UUID, wrapped: bytes | None, by: str) -> None:
        self._ciphers[key_id] = (
            None if wrapped is None else AESGCM(self.master.unwrap(wrapped, by))
        )

    def _forget_if_many(self) -> None:
        if len(self._ciphers) > REMEMBERED:
            self._ciphers = {}
            self._current = {}


def seal(cipher: AESGCM, text: str, bound_to: str) -> str:
    """Encrypt a text so that it can be opened only in the place it is bound to."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), bound_to.encode())
    return SEALED + base64.b64encode(sealed).decode("ascii")


def unseal(cipher: AESGCM, sealed: str, bound_to: str) -> str:
    """Decrypt a sealed text. Raises ValueError if it is not what was sealed there."""
    raw = base64.b64decode(sealed.removeprefix(SEALED), validate=True)
    nonce, ciphertext = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    try:
        return cipher.decrypt(nonce, ciphertext, bound_to.encode()).decode()
    except InvalidTag:
        raise ValueError(f"{bound_to}: the sealed text was altered or moved") from None
