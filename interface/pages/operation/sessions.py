"""The processes of an installation, as the database sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

_PROCESSES = """
SELECT regexp_replace(application_name, ' \\([^)]*\\)$', '') AS name,
       count(*) AS sessions
FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'redress%'
GROUP BY 1 ORDER BY 1
"""


class ProcessSeen(Struct, frozen=True, kw_only=True):
    """What runs under a name, and how many sessions it has in the database."""

    name: str
    sessions: int

    @property
    def part(self) -> str:
        """Return the part that it does, or the command that began it."""
        _, command, *part = self.name.split(" ", 2)
        return command if not part or part[0].startswith("[") else part[0]


def processes(connection: Connection[Any]) -> Sequence[ProcessSeen]:
    """Return what has sessions in this database, by name."""
    with connection.cursor(row_factory=class_row(ProcessSeen)) as cursor:
        return cursor.execute(_PROCESSES).fetchall()
