"""The table of erasures: a row each, from the request until all is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.record.database import Database
from domain.identity import nameless_key, person_key
from domain.names import is_reserved
from domain.roles import Party

Place: TypeAlias = tuple[datetime, UUID]
"""When an erasure was requested, and its id: where a page ends."""

OF_ONE_CASE = "case:"
"""Begins the id of a subject whom an imported case's source does not name."""


class Subject(Struct, frozen=True, kw_only=True):
    """A data subject: a party of a platform by its pseudonym.

    The id "case:<id>" is that of a party of an imported case whose source does not name
    the party.
    """

    platform: str
    party: Party
    id: str

    @property
    def case(self) -> UUID | None:
        """Return the only case of a subject without a name, None for a pseudonym."""
        # Any other id is a pseudonym, however it begins: "case:x" is one.
        if not is_reserved(self.id):
            return None
        return UUID(self.id.removeprefix(OF_ONE_CASE))

    @property
    def key_name(self) -> str:
        """Return the name of the subject's data keys; see `sealing_keys.subject_of`."""
        if self.case is not None:
            return nameless_key(self.case, self.party)
        return person_key(self.platform, self.party, self.id)


class ErasureRequest(Struct, frozen=True, kw_only=True):
    """An erasure and how far it has come. `case_ids` and `key_ids`: what it covers.

    `final_at`: since when nothing in the installation opens what was erased.
    """

    erasure_id: UUID
    platform: str
    party: Party
    subject: str
    basis: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    refused_for: str | None = None
    recorded_at: datetime | None = None
    case_ids: tuple[UUID, ...] | None = None
    key_ids: tuple[UUID, ...] | None = None
    files: int | None = None
    done_at: datetime | None = None
    final_at: datetime | None = None

    @property
    def whose(self) -> Subject:
        """Return the data subject."""
        return Subject(platform=self.platform, party=self.party, id=self.subject)

    @property
    def state(self) -> str:
        """Return how far the erasure has come: requested, approved, refused or done."""
        if self.done_at is not None:
            return "done"
        if self.refused_for is not None:
            return "refused"
        return "approved" if self.approved_at is not None else "requested"


class ErasureRequests:
    """The table of erasures."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, erasure_id: UUID) -> ErasureRequest | None:
        """Return an erasure by its id."""
        return next(iter(self._rows("erasure_id = %s", erasure_id)), None)

    def pending_of(self, subject: Subject) -> ErasureRequest | None:
        """Return the erasure of a subject that is neither done nor refused."""
        found = self._rows(
            "platform = %s AND party = %s AND subject = %s"
            " AND done_at IS NULL AND refused_for IS NULL",
            *(subject.platform, subject.party, subject.id),
        )
        return next(iter(found), None)

    def approved(self) -> Sequence[ErasureRequest]:
        """Return the erasures that are approved and still have to be carried out."""
        return self._rows(
            "approved_at IS NOT NULL AND done_at IS NULL AND refused_for IS NULL"
        )

    def listed(
        self, platform: str | None, limit: int, after: Place | None = None
    ) -> Sequence[ErasureRequest]:
        """Return a platform's erasures (None: all), the last requested first.

        `after` is the time and the id of the erasure that they follow.
        """
        at, erasure_id = after or (None, None)
        return self._rows(
            "(%s::text IS NULL OR platform = %s) AND (%s::timestamptz IS NULL"
            " OR (requested_at, erasure_id) < (%s, %s))"
            " ORDER BY requested_at DESC, erasure_id DESC LIMIT %s",
            *(platform, platform, at, at, erasure_id, limit),
        )

    def refuse(self, erasure_id: UUID, why: str) -> ErasureRequest:
        """Store why an erasure is refused, unless its events are recorded already."""
        self._execute(
            "UPDATE erasures SET refused_for = %s"
            " WHERE erasure_id = %s AND recorded_at IS NULL",
            *(why, erasure_id),
        )
        return self.existing(erasure_id)

    def count_files(self, erasure_id: UUID, files: int) -> None:
        """Store how many files an erasure deletes; the first count stands."""
        self._execute(
            "UPDATE erasures SET files = %s WHERE erasure_id = %s AND files IS NULL",
            *(files, erasure_id),
        )

    def unfinal(self) -> Sequence[ErasureRequest]:
        """Return the erasures that an earlier version has done, and not made final."""
        return self._rows("done_at IS NOT NULL AND final_at IS NULL")

    def finish(
        self, connection: Connection[Any], erasure_id: UUID, now: datetime
    ) -> bool:
        """Store that an erasure is done and final; return False if that is stored."""
        done = connection.execute(
            "UPDATE erasures SET done_at = coalesce(done_at, %s), final_at = %s"
            " WHERE erasure_id = %s AND final_at IS NULL",
            (now, now, erasure_id),
        )
        return done.rowcount == 1

    def existing(self, erasure_id: UUID) -> ErasureRequest:
        """Return an erasure by its id. Raises LookupError."""
        erasure = self.find(erasure_id)
        if erasure is None:
            raise LookupError(f"there is no erasure {erasure_id}")
        return erasure

    def _rows(self, where: str, *parameters: Any) -> Sequence[ErasureRequest]:
        query = f"SELECT * FROM erasures WHERE {where}"
        with self.database.get_connection() as connection:
            rows = connection.execute(query.encode(), parameters).fetchall()
        return [erasure_of(row) for row in rows]

    def _execute(self, statement: str, *parameters: Any) -> None:
        with self.database.get_connection() as connection:
            connection.execute(statement.encode(), parameters)


def request(connection: Connection[Any], erasure: ErasureRequest) -> bool:
    """Store a request; return False if it is stored already.

    Raises UniqueViolation: an index allows one pending erasure for each subject.
    """
    done = connection.execute(
        "INSERT INTO erasures (erasure_id, platform, party, subject, basis,"
        " requested_by, requested_at) VALUES (%s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (erasure_id) DO NOTHING",
        (
            *(erasure.erasure_id, erasure.platform, erasure.party, erasure.subject),
            *(erasure.basis, erasure.requested_by, erasure.requested_at),
        ),
    )
    return done.rowcount == 1


def approve(
    connection: Connection[Any], erasure_id: UUID, approver: str, now: datetime
) -> bool:
    """Store an approval; return False for an erasure that needs none any more."""
    # Not only where the column is empty: who has filled it without approving, past
    # this program, must not keep others from doing it.
    done = connection.execute(
        "UPDATE erasures SET approved_by = %s, approved_at = %s"
        " WHERE erasure_id = %s AND recorded_at IS NULL AND refused_for IS NULL",
        (approver, now, erasure_id),
    )
    return done.rowcount == 1


def claim(
    connection: Connection[Any],
    erasure: ErasureRequest,
    cases: Sequence[UUID],
    keys: Sequence[UUID],
    now: datetime,
) -> bool:
    """Store what an erasure covers; return False if another process already has."""
    done = connection.execute(
        "UPDATE erasures SET recorded_at = %s, case_ids = %s, key_ids = %s"
        " WHERE erasure_id = %s AND recorded_at IS NULL AND refused_for IS NULL",
        (now, list(cases), list(keys), erasure.erasure_id),
    )
    return done.rowcount == 1


def erasure_of(row: dict[str, Any]) -> ErasureRequest:
    """Return the erasure of a row."""
    lists = {name: row[name] and tuple(row[name]) for name in ("case_ids", "key_ids")}
    return ErasureRequest(**(row | lists | {"party": Party(row["party"])}))
