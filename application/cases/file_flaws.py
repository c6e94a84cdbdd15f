"""The files of evidence in which something was found wrong, until they are right again.

Whoever reads a file finds it, or the audit does; health and the doctor name it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import PersistenceError
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import dict_row

from application.cases.sealed_file import SAID, FileDamaged, Flaw, StoredFile
from application.record.database import Database
from application.record.row_scope import Beyond, beyond

MOST_FLAWS = 1_000
"""So many are kept: a folder that is not there would make one of every file."""

_log = logging.getLogger(__name__)


class FileFlaw(Struct, frozen=True, kw_only=True):
    """A file that is not what was handed in: of which event, and what is wrong."""

    case_id: UUID
    version: int
    flaw: Flaw
    found_at: datetime

    def __str__(self) -> str:
        """Return it in one line."""
        said = SAID[self.flaw]
        return f"case {self.case_id}, version {self.version}: its file {said}"


def told(database: Database, damage: FileDamaged) -> None:
    """Log what is wrong with a file, and note it for health."""
    _log.error("evidence: %s", damage)
    try:
        with beyond(Beyond.FLAW), database.get_connection() as connection:
            note(connection, damage)
    except PersistenceError as error:
        # Its reader is answered all the same; the audit finds it again.
        _log.warning("evidence: not noted: %s", str(error).strip())


def note(connection: Connection[Any], damage: FileDamaged) -> None:
    """Store what is wrong with a file, since when."""
    connection.execute(
        "INSERT INTO file_flaws (case_id, version, flaw, found_at)"
        " SELECT %s, %s, %s, %s WHERE (SELECT count(*) FROM file_flaws) < %s"
        " ON CONFLICT (case_id, version) DO UPDATE SET flaw = EXCLUDED.flaw",
        (
            *(damage.file.case, damage.file.version, damage.flaw),
            *(datetime.now(UTC), MOST_FLAWS),
        ),
    )


def clear(connection: Connection[Any], file: StoredFile) -> None:
    """Forget what was wrong with a file: it is right again, or erased."""
    connection.execute(
        "DELETE FROM file_flaws WHERE case_id = %s AND version = %s",
        (file.case, file.version),
    )


def flaws(connection: Connection[Any], most: int) -> Sequence[FileFlaw]:
    """Return what is wrong with files, found first, at most so many."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "SELECT case_id, version, flaw, found_at FROM file_flaws"
            " ORDER BY found_at, case_id, version LIMIT %s",
            (most,),
        ).fetchall()
    return [FileFlaw(**(row | {"flaw": Flaw(row["flaw"])})) for row in rows]
