"""The editions of calendars by which the processes on a database count.

Each session carries its process's editions in its name, where every other process
finds them: they are gone with the sessions, however a process ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from application.record.session import NAME_LENGTH, given_name
from domain.deadlines.time_limits import Calendar

_DIGEST_LENGTH = 8
_SHORTEST_NAME = 20
"""Characters that are left for what a process is, whatever its editions are."""

# Names of sessions are shown to every role, unlike what the sessions do.
_OTHERS = """
SELECT DISTINCT substring(application_name FROM %(mark)s) AS name
FROM pg_stat_activity
WHERE datname = current_database() AND application_name ~ %(mark)s
    AND position(%(own)s IN application_name) = 0
ORDER BY name
"""
_MARK = r"\[[0-9a-f]{8} (.*)\]$"


def with_editions(url: str, calendars: Sequence[Calendar]) -> str:
    """Return a database's URL whose sessions name the editions of the calendars.

    They stand behind the name that the sessions have already: of the process, or the
    one in the URL.
    """
    given = str(conninfo_to_dict(url).get("application_name") or given_name())
    left = NAME_LENGTH - _SHORTEST_NAME - _DIGEST_LENGTH - len(" [ ]")
    mark = f" [{_digest(calendars)} {editions(calendars)[:left]}]"
    name = given[: NAME_LENGTH - len(mark)] + mark
    return make_conninfo(url, application_name=name)


def editions(calendars: Sequence[Calendar]) -> str:
    """Return the editions in words: "CN@holidays-0.109+2"."""
    return ", ".join(sorted({one.name for one in calendars}))


def other_editions(
    connection: Connection[Any], calendars: Sequence[Calendar]
) -> tuple[str, ...]:
    """Return the editions by which other processes count, if they count otherwise."""
    looked = {"mark": _MARK, "own": f" [{_digest(calendars)} "}
    rows = connection.execute(_OTHERS.encode(), looked).fetchall()
    return tuple(row["name"] for row in rows)


def _digest(calendars: Sequence[Calendar]) -> str:
    # Of the days, not of the names only: a version that was edited in one place would
    # count otherwise under the same name.
    days = sorted({(one.name, *map(str, sorted(one.days_off))) for one in calendars})
    return sha256(repr(days).encode()).hexdigest()[:_DIGEST_LENGTH]
