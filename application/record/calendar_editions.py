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

from domain.deadlines.time_limits import Calendar

_MARK = "redress calendars "

# The server cuts names of sessions off after 63 bytes.
_DIGEST_LENGTH = 8
_EDITION_LENGTH = 63 - len(_MARK) - _DIGEST_LENGTH - 1

# Names of sessions are shown to every role, unlike what the sessions do.
_OTHERS = """
SELECT DISTINCT application_name AS name FROM pg_stat_activity
WHERE datname = current_database() AND starts_with(application_name, %(mark)s)
    AND application_name NOT LIKE %(own)s
ORDER BY name
"""


def with_editions(url: str, calendars: Sequence[Calendar]) -> str:
    """Return a database's URL whose sessions name the editions of the calendars.

    A name that the URL has already is put behind them.
    """
    theirs = str(conninfo_to_dict(url).get("application_name") or "")
    if theirs.startswith(_MARK):
        theirs = ""
    name = f"{_MARK}{_digest(calendars)} {editions(calendars)[:_EDITION_LENGTH]}"
    name += f"; {theirs}" if theirs else ""
    return make_conninfo(url, application_name=name)


def editions(calendars: Sequence[Calendar]) -> str:
    """Return the editions in words: "CN@holidays-0.109+2"."""
    return ", ".join(sorted({one.name for one in calendars}))


def other_editions(
    connection: Connection[Any], calendars: Sequence[Calendar]
) -> tuple[str, ...]:
    """Return the editions by which other processes count, if they count otherwise."""
    own = f"{_MARK}{_digest(calendars)}%"
    rows = connection.execute(_OTHERS.encode(), {"mark": _MARK, "own": own}).fetchall()
    named = (row["name"][len(_MARK) + _DIGEST_LENGTH + 1 :] for row in rows)
    return tuple(name.partition(";")[0] for name in named)


def _digest(calendars: Sequence[Calendar]) -> str:
    # Of the days, not of the names only: a version that was edited in one place would
    # count otherwise under the same name.
    days = sorted({(one.name, *map(str, sorted(one.days_off))) for one in calendars})
    return sha256(repr(days).encode()).hexdigest()[:_DIGEST_LENGTH]
