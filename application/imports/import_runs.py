"""The record of imports: who began which, of what, how far it is, what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent
from msgspec import Struct, structs
from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from application.imports.progress import Progress
from application.jobs.locks import IMPORTING
from application.record.database import Database

_COUNTS = (
    "rows_read AS rows, cases, grown, events, present, skipped, rejected,"
    " rejects_size, finished"
)
_LIST = f"""
SELECT id, system, platform, begun_by, began_at,
    ended_at, digests, encode(mapping, 'hex') AS mapping, {_COUNTS},
    f.position AS first_position, l.position AS last_position,
    (SELECT done_at FROM import_withdrawals w WHERE w.import_id = imports.id)
    AS withdrawn_at
FROM imports
LEFT JOIN ledger f ON (f.originator_id, f.originator_version)
    = (first_case, first_version)
LEFT JOIN ledger l ON (l.originator_id, l.originator_version)
    = (last_case, last_version)
WHERE began_at IS NOT NULL AND (%(platform)s::text IS NULL OR platform = %(platform)s)
AND (%(id)s::uuid IS NULL OR (began_at, id) < (%(began)s, %(id)s))
ORDER BY began_at DESC, id DESC LIMIT %(limit)s
"""


class Source(Struct, frozen=True):
    """What is imported: its files with their SHA-256 (hex), and the mapping's.

    `whole` is the hash of both, by which an import is found again.
    """

    digests: Mapping[str, str]
    mapping: bytes
    whole: bytes


class ImportRun(Struct, frozen=True, kw_only=True):
    """An import as the record has it.

    `digests`: SHA-256 (hex) of each file by name; `mapping`: that of the mapping. Its
    events lie between two positions of the ledger, and others may lie among them.
    `withdrawn_at`: when all of its cases were set aside.
    """

    id: UUID
    system: str
    platform: str
    begun_by: str
    began_at: datetime
    ended_at: datetime | None
    digests: dict[str, str]
    mapping: str | None
    rows: int
    cases: int
    grown: int
    events: int
    present: int
    skipped: int
    rejected: int
    rejects_size: int
    finished: bool
    first_position: int | None
    last_position: int | None
    withdrawn_at: datetime | None


def source_of(paths: Sequence[Path], mapping_text: str) -> Source:
    """Read the hashes of what is imported."""
    whole = sha256(mapping_text.encode())
    digests = {}
    for path in paths:
        digest = sha256()
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
                whole.update(piece)
        digests[path.name] = digest.hexdigest()
    mapping = sha256(mapping_text.encode()).digest()
    return Source(digests=digests, mapping=mapping, whole=whole.digest())


class Begun(Struct, frozen=True):
    """An import that goes on: its id, and how far it has come."""

    id: UUID
    progress: Progress


@contextmanager
def begun(
    database: Database, source: Source, names: tuple[str, str, str], now: datetime
) -> Iterator[Begun]:
    """Begin an import, or go on with the same one that was interrupted.

    `names` are the system, the platform and who begins it. While it runs nobody else
    can go on with it: the same import begun twice at once has two records.
    """
    with database.get_connection() as connection:
        found = _interrupted(connection, source)
        if found is None:
            found = Begun(uuid4(), Progress())
            _lock(connection, found.id)
            _insert(connection, found.id, source, names, now)
        try:
            yield found
        finally:
            connection.execute(
                "SELECT pg_advisory_unlock(%s, hashtext(%s))",
                (IMPORTING, str(found.id)),
            )


def _interrupted(connection: Connection[Any], source: Source) -> Begun | None:
    """Return the import of this source that did not end, and that nobody is at.

    One that has ended is not gone on with: what is recorded may be other by now.
    """
    rows = connection.execute(
        f"SELECT id, {_COUNTS} FROM imports WHERE source = %s AND NOT finished"
        " ORDER BY began_at DESC NULLS LAST",
        (source.whole,),
    ).fetchall()
    for row in rows:
        of_run = row.pop("id")
        if _lock(connection, of_run):
            return Begun(of_run, Progress(**row))
    return None


def _lock(connection: Connection[Any], of_run: UUID) -> bool:
    row = connection.execute(
        "SELECT pg_try_advisory_lock(%s, hashtext(%s)) AS ours",
        (IMPORTING, str(of_run)),
    ).fetchone()
    return bool(row and row["ours"])


def _insert(
    connection: Connection[Any],
    of_run: UUID,
    source: Source,
    names: tuple[str, str, str],
    now: datetime,
) -> None:
    connection.execute(
        "INSERT INTO imports (id, source, file, digests, mapping, system, platform,"
        " begun_by, began_at, rows_read, cases, events, rejected, rejects_size,"
        " finished) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, 0, 0, 0, 0, false)",
        (
            of_run,
            source.whole,
            ", ".join(source.digests),
            Jsonb(source.digests),
            source.mapping,
            *names,
            now,
        ),
    )


def note(
    connection: Connection[Any],
    of_run: UUID,
    progress: Progress,
    stored: Sequence[StoredEvent] = (),
) -> None:
    """Store how far an import has come, in the caller's transaction.

    `stored` are the events that it adds in this transaction.
    """
    counts = structs.asdict(progress)
    if stored:
        first, last = stored[0], stored[-1]
        connection.execute(
            "UPDATE imports SET first_case = coalesce(first_case, %s),"
            " first_version = coalesce(first_version, %s),"
            " last_case = %s, last_version = %s WHERE id = %s",
            (
                *(first.originator_id, first.originator_version),
                *(last.originator_id, last.originator_version),
                of_run,
            ),
        )
    connection.execute(
        "UPDATE imports SET rows_read = %(rows)s, cases = %(cases)s,"
        " grown = %(grown)s, events = %(events)s, present = %(present)s,"
        " skipped = %(skipped)s, rejected = %(rejected)s,"
        " rejects_size = %(rejects_size)s, finished = %(finished)s,"
        " ended_at = CASE WHEN %(finished)s THEN now() END WHERE id = %(id)s",
        {**counts, "id": of_run},
    )


Place = tuple[datetime, UUID]
"""When an import began, and its id: where a page ends."""


def listed_imports(
    connection: Connection[Any],
    platform: str | None = None,
    limit: int = 1_000,
    after: Place | None = None,
) -> list[ImportRun]:
    """List the imports of a platform (None: of all), the newest first."""
    values = {
        "platform": platform,
        "limit": limit,
        "began": after[0] if after else None,
        "id": after[1] if after else None,
    }
    with connection.cursor(row_factory=class_row(ImportRun)) as cursor:
        return cursor.execute(_LIST, values).fetchall()
