"""The access log: who read what, each entry with the hash of the entry before.

An entry is recorded before its reader is answered. The length of the log and its last
hash are sealed in the record, because a chain alone does not show that its end was cut
off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection

from application.jobs.locks import ACCESS_LOGGING
from application.record.database import Database
from application.record.envelope import leaf
from application.record.storable_values import check, check_reads_back
from domain.access_events import AccessEvent, CaseViewed
from domain.roles import Actor


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An access event in its envelope.

    `platform`: the platform whose cases it is about, None for cases of all platforms.
    """

    number: int
    at: datetime
    actor: Actor
    platform: str | None = None
    prev: bytes | None = None
    event: AccessEvent


class Sought(Struct, frozen=True, kw_only=True):
    """Which entries to find: those that agree with every field that is not None.

    Times are UTC; `since` is included, `until` is not.
    """

    platform: str | None = None
    reader: str | None = None
    role: str | None = None
    what: str | None = None
    case_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


decode_entry = msgspec.json.Decoder(Entry).decode
_CONDITIONS = {
    # Not those about cases of all platforms: what was typed there may be about others.
    "platform": "platform = %(platform)s",
    "reader": "reader = %(reader)s",
    "role": "role = %(role)s",
    "what": "what = %(what)s",
    "case_id": "case_id = %(case_id)s",
    "since": "at >= %(since)s",
    "until": "at < %(until)s",
}


class AccessLog:
    """The table of the access log's entries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self, actor: Actor, platform: str | None, event: AccessEvent, at: datetime
    ) -> Entry:
        """Append an entry, durably, and return it.

        Raises Invalid for one that could not be read again.
        """
        with self._database.get_connection() as connection, connection.transaction():
            return record_within(connection, actor, platform, event, at)

    def found(
        self, sought: Sought, *, limit: int, before: int | None
    ) -> Sequence[Entry]:
        """Return matching entries, the latest first, with numbers below `before`."""
        given = {
            name: value
            for name, value in msgspec.structs.asdict(sought).items()
            if value is not None
        }
        conditions = [_CONDITIONS[name] for name in given]
        conditions.append("(%(before)s::bigint IS NULL OR number < %(before)s)")
        query = (
            f"SELECT entry FROM access_log WHERE {' AND '.join(conditions)}"
            " ORDER BY number DESC LIMIT %(limit)s"
        )
        with self._database.get_connection() as connection:
            values = given | {"before": before, "limit": limit}
            rows = connection.execute(query.encode(), values).fetchall()
        return [decode_entry(row["entry"]) for row in rows]


def record_within(
    connection: Connection[Any],
    actor: Actor,
    platform: str | None,
    event: AccessEvent,
    at: datetime,
) -> Entry:
    """Append an entry in the caller's transaction. Raises Invalid as `record` does."""
    # Its number and hash are ours; all else is checked before others have to wait.
    check(Entry(number=1, at=at, actor=actor, platform=platform, event=event))
    # Before the last entry is read, and until this one is committed: two reads at the
    # same time would both follow the same entry, and one would fail.
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (ACCESS_LOGGING,))
    # A function, because the last entry may be one that this reader may not see.
    last = connection.execute("SELECT number, hash FROM access_log_end()").fetchone()
    entry = Entry(
        number=last["number"] + 1 if last else 1,
        at=at,
        actor=actor,
        platform=platform,
        prev=last["hash"] if last else None,
        event=event,
    )
    written = msgspec.json.encode(entry)
    check_reads_back(entry, written)
    connection.execute(
        "INSERT INTO access_log (number, at, reader, role, platform, what,"
        " case_id, entry, hash) VALUES (%s, %s, %s, %s, %s, %s, %s, %b, %b)",
        columns(entry, written),
    )
    return entry


def columns(entry: Entry, written: bytes) -> tuple[Any, ...]:
    """Return an entry's columns: fields to search by, its bytes, and their hash."""
    event = entry.event
    viewed = event if isinstance(event, CaseViewed) else None
    return (
        entry.number,
        entry.at,
        entry.actor.id or "",
        entry.actor.role.value,
        entry.platform,
        viewed.what if viewed else str(event.__struct_config__.tag),
        viewed.case if viewed else None,
        written,
        leaf(written),
    )
