"""Holds the table of grants against the access log, in which each change to it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import dict_row, scalar_row

from application.access.access_log import Entry, decode_entry
from application.access.grants import Grant, grant_of
from application.log.fsck.finding import Differs, Finding, Property
from domain.access_events import AccessGranted, AccessRevoked

BATCH = 20_000
"""How many entries of the access log are looked through at once."""

_ENTRIES = """
SELECT entry FROM access_log WHERE number > %s AND number <= %s
    AND what IN ('access-granted', 'access-revoked') ORDER BY number
"""


class GrantWalk:
    """A check of all grants, batch by batch; raises Differs for a row that is wrong."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._number = 0
        # As many as people have given: what they read under them is not kept here.
        self._told: dict[UUID, Grant] = {}

    def step(self) -> int:
        """Read a batch of entries; return how many, 0 once all rows are compared."""
        # The rows first: what is given meanwhile is in the log at the end.
        rows = self._rows()
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            query = "SELECT coalesce(max(number), 0) FROM access_log"
            last = int(cursor.execute(query).fetchone() or 0)
            until = min(last, self._number + BATCH)
            entries = cursor.execute(_ENTRIES, (self._number, until)).fetchall()
        for entry in entries:
            self._take(decode_entry(entry))
        done, self._number = until - self._number, until
        if not done:
            self._compare(rows)
        return done

    def _take(self, entry: Entry) -> None:
        match entry.event:
            case AccessGranted() as event:
                grant = Grant(
                    grant_id=event.grant,
                    platform=entry.platform or "",
                    reader=event.reader,
                    role=event.role,
                    begins=event.begins,
                    ends=event.ends,
                    purpose=event.purpose,
                    case_ids=event.cases or None,
                    given_by=entry.actor.id or "",
                    given_at=entry.at,
                )
                # An earlier version could log a gift twice, of which the first counts.
                self._told.setdefault(event.grant, grant)
            case AccessRevoked(grant=number) if number in self._told:
                told = self._told[number]
                if told.revoked_at is None:
                    by, at = entry.actor.id, entry.at
                    self._told[number] = _revoked(told, by, at)
            case _:
                pass

    def _compare(self, rows: list[Grant]) -> None:
        for row in rows:
            told = self._told.pop(row.grant_id, None)
            if told is None:
                raise _differs(row.grant_id, "is not in the access log")
            if _terms(row) != _terms(told):
                fields = ", ".join(_different(row, told))
                raise _differs(row.grant_id, f"is not as the access log says: {fields}")
        for missing in self._told:
            raise _differs(missing, "is in the access log, and its row is gone")

    def _rows(self) -> list[Grant]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            query = "SELECT * FROM access_grants ORDER BY grant_id"
            return [grant_of(row) for row in cursor.execute(query)]


def check_grants(connection: Connection[Any]) -> None:
    """Check all grants. Raises Differs."""
    walk = GrantWalk(connection)
    while walk.step():
        pass


def _revoked(grant: Grant, by: str | None, at: Any) -> Grant:
    return replace(grant, revoked_by=by or "", revoked_at=at)


def _terms(grant: Grant) -> Grant:
    # A grant for no case at all is written in the log as one for all: narrower here.
    return replace(grant, case_ids=grant.case_ids or None)


def _different(row: Grant, told: Grant) -> Iterator[str]:
    for name in Grant.__struct_fields__:
        if getattr(row, name) != getattr(told, name):
            yield name


def _differs(grant: UUID, said: str) -> Differs:
    return Differs(Finding(property=Property.GRANTS, said=f"grant {grant} {said}"))
