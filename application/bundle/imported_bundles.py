"""Cases of other logs, taken over in their bundles and kept as they came.

They are shown, but are no part of this record: no clock runs in them, no command
reaches them, and the log here does not vouch for them.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection

from application.bundle.redactions import CLOSED, Opened, Redaction
from application.cases.case import Case
from application.jobs.locks import TAKING_BUNDLES
from application.operator_error import OperatorError
from application.privacy.data_keys import SEALED, KeyStore
from application.privacy.key_changes import destroy, retire
from application.record.codec import ERASED
from application.record.database import Database
from application.record.envelope import Imported, Recorded, decode
from domain.case.evolve import fold
from domain.personal import map_personal
from domain.roles import Party

ANYWHERE = "Etc/UTC"

NONCE_BYTES = 12

_FIND = """
SELECT version, origin, size, digest, key_id, sealed, taken_at FROM imported_bundles
WHERE case_id = %s ORDER BY version DESC, taken_at DESC
"""

_KEEP = """
INSERT INTO imported_bundles
    (case_id, version, origin, size, digest, key_id, sealed, taken_at)
VALUES (%s, %s, %s, %s, %b, %s, %b, %s)
"""


class NotTaken(OperatorError):
    """A bundle cannot be taken over; says why."""


class Shelved(Struct, frozen=True, kw_only=True):
    """A bundle of another log: of which case, up to where, and when it was taken."""

    case: UUID
    version: int
    origin: str
    size: int
    digest: bytes
    bundle: bytes
    taken_at: datetime

    @property
    def stream(self) -> Case:
        """Return the case, each fact marked as taken from that log."""
        facts = tuple(_facts(self))
        return Case(self.case, facts, fold(fact.event for fact in facts))


class Shelf:
    """The table of taken bundles, each sealed under the key of its case."""

    def __init__(self, database: Database, keys: KeyStore) -> None:
        self._database = database
        self._keys = keys

    def find(self, case: UUID) -> Shelved | None:
        """Return the bundle that tells most of a case, None if there is none."""
        with self._database.get_connection() as connection:
            return self._found(connection, case)

    def take(self, bundle: Shelved) -> int:
        """Keep a bundle that was verified; return how many facts it adds.

        One that tells less than what is here, or the same, adds nothing. Raises
        NotTaken for one that tells the case otherwise.
        """
        subject = _subject(bundle.case)
        key_id = self._keys.current([subject])[subject]
        with self._database.get_connection() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (TAKING_BUNDLES,))
            before = self._found(connection, bundle.case)
            if before is not None:
                _check_goes_on(before, bundle)
            added = bundle.version - (before.version if before else 0)
            if added > 0:
                self._keep(connection, bundle, key_id)
        return max(added, 0)

    def forget(self, case: UUID) -> bool:
        """Destroy what opens the bundles of a case; tell whether there was any."""
        living = retire(self._keys.database, _subject(case))
        destroy(self._keys.database, living)
        self._keys.forget()
        return bool(living)

    def telling_of(self, platform: str, party: Party, subject: str) -> list[UUID]:
        """List the cases whose bundles here name a party, and can be opened."""
        with self._database.get_connection() as connection:
            query = "SELECT DISTINCT case_id FROM imported_bundles ORDER BY case_id"
            cases = [row["case_id"] for row in connection.execute(query)]
        opened = [one for one in map(self.find, cases) if one is not None]
        return [
            one.case
            for one in opened
            if one.stream.dispute.platform == platform
            and getattr(one.stream.dispute, party) == subject
        ]

    def _found(self, connection: Connection[Any], case: UUID) -> Shelved | None:
        rows = connection.execute(_FIND, (case,)).fetchall()
        for row in rows:
            cipher = self._keys.cipher(row.pop("key_id"))
            sealed = row.pop("sealed")
            if cipher is not None:
                bound = case.bytes + row["digest"]
                nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
                bundle = cipher.decrypt(nonce, ciphertext, bound)
                return Shelved(case=case, bundle=bundle, **row)
        return None

    def _keep(self, connection: Connection[Any], one: Shelved, key_id: UUID) -> None:
        cipher, nonce = self._keys.cipher(key_id), os.urandom(NONCE_BYTES)
        if cipher is None:
            raise NotTaken(f"case {one.case} is being forgotten")
        sealed = nonce + cipher.encrypt(nonce, one.bundle, one.case.bytes + one.digest)
        about = (one.case, one.version, one.origin, one.size, one.digest)
        connection.execute(_KEEP, (*about, key_id, sealed, one.taken_at))


def _subject(case: UUID) -> str:
    return f"bundle:{case}"


def events(bundle: bytes) -> list[bytes]:
    """Return the stored bytes of a bundle's events, in order."""
    members = _members(bundle)
    return [members[name] for name in sorted(members) if name.startswith("events/")]


def digest_of(bundle: bytes) -> bytes:
    """Return the SHA-256 of a bundle."""
    return sha256(bundle).digest()


def _check_goes_on(before: Shelved, bundle: Shelved) -> None:
    """Raise NotTaken if two bundles tell different stories of one case."""
    if before.origin != bundle.origin:
        raise NotTaken(f"case {bundle.case} was taken from {before.origin} already")
    pairs = zip(events(before.bundle), events(bundle.bundle), strict=False)
    for version, (one, other) in enumerate(pairs, 1):
        if one != other:
            raise NotTaken(
                f"{bundle.origin} tells case {bundle.case} otherwise than before,"
                f" from version {version} on: the log was forked"
            )


def _facts(shelf: Shelved) -> list[Recorded]:
    members = _members(shelf.bundle)
    texts = _texts(members)
    try:
        facts = [decode(state) for state in events(shelf.bundle)]
    except msgspec.ValidationError as error:
        raise NotTaken(f"case {shelf.case}: not an event known here: {error}") from None
    source = Imported(system=shelf.origin, record=str(shelf.case), zone=ANYWHERE)
    return [
        replace(_readable(fact, texts), imported=fact.imported or source)
        for fact in facts
    ]


def _readable(fact: Recorded, texts: Mapping[tuple[int, str], str]) -> Recorded:
    """Put opened texts in their place, and marks where a text stays sealed."""
    if fact.key is None:
        return fact

    def said(path: str, text: str) -> str:
        known = texts.get((fact.version, path), CLOSED)
        return known if text.startswith(SEALED) else text

    return replace(fact, key=None, event=map_personal(fact.event, said))


def _texts(members: Mapping[str, bytes]) -> dict[tuple[int, str], str]:
    listed = _read(members, "redactions.json", Redaction)
    found = {(r.version, r.path): ERASED for r in listed if r.state == "erased"}
    for one in _read(members, "opened.json", Opened):
        found[one.version, one.path] = one.text
    return found


def _read(members: Mapping[str, bytes], name: str, kind: type[Struct]) -> list[Any]:
    content = members.get(name, b"[]")
    found: list[Any] = msgspec.json.decode(content, type=list[kind])  # type: ignore[valid-type]
    return found


def _members(bundle: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
