"""Bundles of other logs, imported and kept as they came.

Their cases are shown, but are no part of this record: no deadline runs in them, no
command reaches them, and the log here does not vouch for them.
"""

from __future__ import annotations

import os
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.bundle.imported_case import (
    ImportedCase,
    ImportRefused,
    read_bundle,
    stored_events,
)
from application.jobs.locks import TAKING_BUNDLES
from application.privacy.data_keys import OF_BUNDLE, KeyStore
from application.privacy.destruction import destroy_wrapping
from application.privacy.key_changes import destroy, retire
from application.privacy.sealed_texts import NONCE_BYTES
from application.record.database import Database
from application.record.storable_values import check
from domain.refusals import Invalid
from domain.roles import Party

# The bundle that holds most of the case; of equals, the one that came last.
_FIND = """
SELECT version, origin, size, digest, key_id, sealed, taken_at FROM imported_bundles
WHERE case_id = %s ORDER BY version DESC, taken_at DESC
"""

_ADD = """
INSERT INTO imported_bundles
    (case_id, version, origin, size, digest, key_id, sealed, taken_at)
VALUES (%s, %s, %s, %s, %b, %s, %b, %s)
"""


class ImportedBundle(Struct, frozen=True, kw_only=True):
    """A bundle of another log: its case, how far it goes, and when it was imported.

    `size` is how many entries that log had at the bundle's checkpoint.
    """

    case: UUID
    version: int
    origin: str
    size: int
    digest: bytes
    content: bytes
    taken_at: datetime

    def read_case(self) -> ImportedCase:
        """Read the case. Raises ImportRefused for an event that is not known here."""
        return read_bundle(self.case, self.origin, self.size, self.content)


class ImportedBundles:
    """The table of imported bundles, each sealed under the key of its case."""

    def __init__(self, database: Database, keys: KeyStore) -> None:
        self._database = database
        self._keys = keys

    def find(self, case: UUID) -> ImportedBundle | None:
        """Return the bundle that holds most of a case, None if there is none."""
        with self._database.get_connection() as connection:
            return self._find(connection, case)

    def add(self, bundle: ImportedBundle) -> int:
        """Keep a bundle that was verified; return how many events it adds.

        A bundle that holds no more than what is here adds nothing. Raises ImportRefused
        if the two differ in an event, or if it has an event that no record takes.
        """
        _check_storable(bundle)
        subject = _subject(bundle.case)
        key_id = self._keys.current([subject])[subject]
        with self._database.get_connection() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (TAKING_BUNDLES,))
            before = self._find(connection, bundle.case)
            if before is not None:
                _check_goes_on(before, bundle)
            added = bundle.version - (before.version if before else 0)
            if added > 0:
                self._insert(connection, bundle, key_id)
        return max(added, 0)

    def forget(self, case: UUID) -> bool:
        """Destroy the key of a case's bundles; return whether there was one."""
        living = retire(self._keys.database, [_subject(case)])
        destroy(self._keys.database, living)
        destroy_wrapping(self._keys, living)
        self._keys.forget()
        return bool(living)

    def cases_of(self, platform: str, party: Party, subject: str) -> list[UUID]:
        """List the cases that name a person as a party, of bundles that open."""
        with self._database.get_connection() as connection:
            query = "SELECT DISTINCT case_id FROM imported_bundles ORDER BY case_id"
            ids = [row["case_id"] for row in connection.execute(query)]
        bundles = (one for one in map(self.find, ids) if one is not None)
        return [
            case.case
            for case in (bundle.read_case() for bundle in bundles)
            if case.dispute.platform == platform
            and getattr(case.dispute, party) == subject
        ]

    def _find(self, connection: Connection[Any], case: UUID) -> ImportedBundle | None:
        rows = connection.execute(_FIND, (case,)).fetchall()
        for row in rows:
            cipher = self._keys.cipher(row.pop("key_id"))
            sealed = row.pop("sealed")
            if cipher is not None:
                nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
                bound_to = _place(case, row["digest"])
                content = cipher.decrypt(nonce, ciphertext, bound_to)
                return ImportedBundle(case=case, content=content, **row)
        return None

    def _insert(
        self, connection: Connection[Any], one: ImportedBundle, key_id: UUID
    ) -> None:
        cipher, nonce = self._keys.cipher(key_id), os.urandom(NONCE_BYTES)
        if cipher is None:
            raise ImportRefused(f"case {one.case} is being forgotten")
        bound_to = _place(one.case, one.digest)
        sealed = nonce + cipher.encrypt(nonce, one.content, bound_to)
        about = (one.case, one.version, one.origin, one.size, one.digest)
        connection.execute(_ADD, (*about, key_id, sealed, one.taken_at))


def digest_of(bundle: bytes) -> bytes:
    """Return the SHA-256 of a bundle."""
    return sha256(bundle).digest()


def _check_storable(bundle: ImportedBundle) -> None:
    try:
        for recorded in bundle.read_case().events:
            check(recorded)
    except Invalid as error:
        raise ImportRefused(f"case {bundle.case}: {error}") from None


def _subject(case: UUID) -> str:
    """Name the data subject whose key seals the bundles of a case."""
    return f"{OF_BUNDLE}{case}"


def _place(case: UUID, digest: bytes) -> bytes:
    """Name the row that a sealed bundle is bound to: in another, it does not open."""
    return case.bytes + digest


def _check_goes_on(before: ImportedBundle, bundle: ImportedBundle) -> None:
    """Raise ImportRefused if two bundles hold different histories of one case."""
    if before.origin != bundle.origin:
        raise ImportRefused(
            f"case {bundle.case} was taken from {before.origin} already"
        )
    # One of them may be shorter: only the versions that both have can differ.
    pairs = zip(
        stored_events(before.content), stored_events(bundle.content), strict=False
    )
    for version, (one, other) in enumerate(pairs, 1):
        if one != other:
            raise ImportRefused(
                f"{bundle.origin} tells case {bundle.case} otherwise than before,"
                f" from version {version} on: the log was forked"
            )
