"""Cases of other logs, taken over in their bundles and kept as they came.

They are shown, but are no part of this record: no clock runs in them, no command
reaches them, and the log here does not vouch for them.
"""

from __future__ import annotations

import io
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
from psycopg.rows import class_row

from application.bundle.sealed import CLOSED, Opened, Redaction
from application.envelope import Imported, Recorded, decode
from application.explained import Explained
from application.keys import SEALED
from application.mapper import ERASED
from application.stream import Stream
from domain.evolve.folding import fold
from domain.personal import map_personal

TAKING = 7_243_020
"""Advisory lock under which one bundle at a time is taken."""

ANYWHERE = "Etc/UTC"

_FIND = """
SELECT case_id AS case, version, origin, size, digest, bundle, taken_at
FROM imported_bundles WHERE case_id = %s ORDER BY version DESC, taken_at DESC LIMIT 1
"""


class NotTaken(Explained):
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
    def stream(self) -> Stream:
        """Return the case, each fact marked as taken from that log."""
        facts = tuple(_facts(self))
        return Stream(self.case, facts, fold(fact.event for fact in facts))


def shelved(connection: Connection[object], case: UUID) -> Shelved | None:
    """Return the bundle that tells most of a case, None if none was taken."""
    with connection.cursor(row_factory=class_row(Shelved)) as cursor:
        return cursor.execute(_FIND.encode(), (case,), binary=True).fetchone()


def take(connection: Connection[object], bundle: Shelved) -> int:
    """Keep a bundle that was verified; return how many facts it adds. Raises NotTaken.

    A bundle that tells less than one that is here, or the same, adds nothing.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (TAKING,))
        before = shelved(connection, bundle.case)
        if before is not None:
            _check_goes_on(before, bundle)
        added = bundle.version - (before.version if before else 0)
        if added <= 0 and before is not None:
            return 0
        names = ", ".join(("case_id", *Shelved.__struct_fields__[1:]))
        connection.execute(
            f"INSERT INTO imported_bundles ({names})"
            " VALUES (%s, %s, %s, %s, %s, %b, %s)",
            msgspec.structs.astuple(bundle),
        )
    return added


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
