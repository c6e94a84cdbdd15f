"""Grants: which auditor or regulator may read which cases, from when until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.access.access_log import record_within
from application.record.database import Database
from domain.access_events import AccessGranted, AccessRevoked
from domain.refusals import KeyReused
from domain.roles import Actor, Role


class Grant(
    Struct,
    frozen=True,
    kw_only=True,
    rename={"grant_id": "id", "case_ids": "disputes"},
):
    """A grant: `reader` may read from `begins` until `ends` (UTC).

    It covers the cases of one platform, or only `case_ids` of them.
    """

    grant_id: UUID
    platform: str
    reader: str
    role: Role
    begins: datetime
    ends: datetime
    purpose: str
    case_ids: tuple[UUID, ...] | None = None
    given_by: str
    given_at: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Tell whether the grant is in force at a time."""
        return self.revoked_at is None and self.begins <= now < self.ends

    def covers(self, case: UUID | None) -> bool:
        """Tell whether the grant covers a case, or for None the whole platform."""
        return self.case_ids is None or case in self.case_ids


Place: TypeAlias = tuple[datetime, UUID]
"""When a row was made, and its id: where a page ends."""


class Grants:
    """The table of grants. Each gift and each revocation is in the access log too.

    Both are written in one transaction, so that whatever differs was changed by hand.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, grant: Grant) -> Grant:
        """Store a grant. Safe to repeat; raises KeyReused if its id has other terms."""
        earlier = self.find(grant.grant_id)
        if earlier is not None:
            if _terms(earlier) != _terms(grant):
                raise KeyReused
            return earlier
        with self._database.get_connection() as connection, connection.transaction():
            if self._insert(connection, grant):
                actor = Actor(role=Role.SUPERVISOR, id=grant.given_by)
                event = _given(grant)
                record_within(connection, actor, grant.platform, event, grant.given_at)
        return self.find(grant.grant_id) or grant

    def _insert(self, connection: Connection[Any], grant: Grant) -> bool:
        done = connection.execute(
            "INSERT INTO access_grants (grant_id, platform, reader, role, begins,"
            " ends, purpose, case_ids, given_by, given_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (
                grant.grant_id,
                *(grant.platform, grant.reader, grant.role),
                *(grant.begins, grant.ends, grant.purpose),
                None if grant.case_ids is None else list(grant.case_ids),
                *(grant.given_by, grant.given_at),
            ),
        )
        return done.rowcount == 1

    def revoke(self, grant: Grant, by: str, now: datetime) -> Grant:
        """Revoke a grant as of now. Safe to repeat."""
        with self._database.get_connection() as connection, connection.transaction():
            done = connection.execute(
                "UPDATE access_grants SET revoked_by = %s, revoked_at = %s"
                " WHERE grant_id = %s AND revoked_at IS NULL",
                (by, now, grant.grant_id),
            )
            if done.rowcount:
                actor = Actor(role=Role.SUPERVISOR, id=by)
                event = AccessRevoked(grant=grant.grant_id)
                record_within(connection, actor, grant.platform, event, now)
        return self.find(grant.grant_id) or grant

    def find(self, grant_id: UUID) -> Grant | None:
        """Return a grant by its id."""
        return next(iter(self._rows("grant_id = %s", grant_id)), None)

    def listed(
        self, platform: str | None, limit: int, after: Place | None = None
    ) -> Sequence[Grant]:
        """Return the grants of a platform (None: of all), the last given first.

        `after` is the time and the id of the grant that they follow.
        """
        at, grant_id = after or (None, None)
        return self._rows(
            "(%s::text IS NULL OR platform = %s) AND (%s::timestamptz IS NULL"
            " OR (given_at, grant_id) < (%s, %s))"
            " ORDER BY given_at DESC, grant_id DESC LIMIT %s",
            *(platform, platform, at, at, grant_id, limit),
        )

    def of(self, reader: str, role: Role, platform: str | None) -> Sequence[Grant]:
        """Return a reader's grants, the last to end first. `platform` None: all."""
        return self._rows(
            "reader = %s AND role = %s AND (%s::text IS NULL OR platform = %s)"
            " ORDER BY ends DESC",
            *(reader, role, platform, platform),
        )

    def _rows(self, where: str, *parameters: Any) -> Sequence[Grant]:
        query = f"SELECT * FROM access_grants WHERE {where}"
        with self._database.get_connection() as connection:
            rows = connection.execute(query.encode(), parameters).fetchall()
        return [grant_of(row) for row in rows]


def _given(grant: Grant) -> AccessGranted:
    return AccessGranted(
        grant=grant.grant_id,
        reader=grant.reader,
        role=grant.role,
        begins=grant.begins,
        ends=grant.ends,
        purpose=grant.purpose,
        cases=grant.case_ids or (),
    )


def _terms(grant: Grant) -> tuple[Any, ...]:
    """Return what a repeated request has to agree with: not who asked, and when."""
    return (
        *(grant.platform, grant.reader, grant.role),
        *(grant.begins, grant.ends, grant.purpose, grant.case_ids),
    )


def grant_of(row: dict[str, Any]) -> Grant:
    """Return the grant of a row."""
    cases = row["case_ids"]
    known = {
        "role": Role(row["role"]),
        "case_ids": None if cases is None else tuple(cases),
    }
    return Grant(**(row | known))
