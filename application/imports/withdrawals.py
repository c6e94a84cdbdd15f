"""Sets an import aside, case by case: asked for by one person, approved by another.

What was imported wrongly cannot be taken out of the record. Each case of the import
gets an event that says so; no queue, list or figure has it from then on, and it can
still be read, proved and audited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from application.cases.case import CommandRequest
from application.cases.disputes import Disputes
from application.operator_error import OperatorError
from application.record.envelope import decode, is_about_a_case
from domain.imports.commands import WithdrawImport
from domain.names import same
from domain.refusals import NotFound, SamePerson
from domain.roles import Actor, Role

STEP = 2_000
"""So many positions of the ledger are looked through at once."""


class NotSequenced(OperatorError):
    """Not all of an import's events are in the ledger; it is asked again later."""


class Withdrawal(Struct, frozen=True, kw_only=True):
    """The withdrawal of an import. `cases`: how many are set aside, once it is done."""

    import_id: UUID
    platform: str
    basis: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    done_at: datetime | None
    cases: int | None


class Withdrawals:
    """The withdrawals of imports, and carrying them out."""

    def __init__(self, disputes: Disputes) -> None:
        self._disputes = disputes

    def find(self, import_id: UUID) -> Withdrawal | None:
        """Return the withdrawal of an import; None: nobody has asked for one."""
        with (
            self._disputes.database.get_connection() as connection,
            connection.cursor(row_factory=class_row(Withdrawal)) as cursor,
        ):
            return cursor.execute(
                "SELECT w.import_id, platform, basis, requested_by, requested_at,"
                " approved_by, approved_at, done_at, w.cases FROM import_withdrawals w"
                " JOIN imports i ON i.id = w.import_id WHERE w.import_id = %s",
                (import_id,),
            ).fetchone()

    def request(
        self, import_id: UUID, platform: str | None, basis: str, by: str
    ) -> Withdrawal:
        """Ask that an import be set aside. Raises NotFound. Safe to repeat."""
        self._check(import_id, platform)
        with self._disputes.database.get_connection() as connection:
            connection.execute(
                "INSERT INTO import_withdrawals (import_id, basis, requested_by,"
                " requested_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (import_id, basis, by, self._disputes.clock()),
            )
        return self._found(import_id)

    def approve(self, import_id: UUID, platform: str | None, by: str) -> Withdrawal:
        """Approve a withdrawal. Raises NotFound, SamePerson. Safe to repeat."""
        self._check(import_id, platform)
        asked = self._found(import_id)
        if same(asked.requested_by, by):
            raise SamePerson
        with self._disputes.database.get_connection() as connection:
            connection.execute(
                "UPDATE import_withdrawals SET approved_by = %s, approved_at = %s"
                " WHERE import_id = %s AND approved_by IS NULL",
                (by, self._disputes.clock(), import_id),
            )
        return self._found(import_id)

    def carry_out(
        self, withdrawal: Withdrawal, tell: Callable[[int, int], None] = lambda *_: None
    ) -> Withdrawal:
        """Set all cases of an approved withdrawal aside. Interrupted, it goes on."""
        if withdrawal.approved_by is None or withdrawal.done_at is not None:
            return withdrawal
        cases = list(self._cases(withdrawal.import_id))
        for number, case in enumerate(cases, 1):
            self._disputes.handle(
                _request(case, withdrawal),
                WithdrawImport(
                    run=withdrawal.import_id,
                    basis=withdrawal.basis,
                    approver=withdrawal.approved_by,
                    number=number,
                    cases=len(cases),
                ),
            )
            tell(number, len(cases))
        with self._disputes.database.get_connection() as connection:
            connection.execute(
                "UPDATE import_withdrawals SET done_at = %s, cases = %s"
                " WHERE import_id = %s",
                (self._disputes.clock(), len(cases), withdrawal.import_id),
            )
        return self._found(withdrawal.import_id)

    def _found(self, import_id: UUID) -> Withdrawal:
        found = self.find(import_id)
        if found is None:
            raise NotFound
        return found

    def _check(self, import_id: UUID, platform: str | None) -> None:
        """Raise NotFound unless there is such an import, of this platform."""
        with self._disputes.database.get_connection() as connection:
            row = connection.execute(
                "SELECT platform FROM imports WHERE id = %s", (import_id,)
            ).fetchone()
        if row is None or platform not in {None, row["platform"]}:
            raise NotFound

    def _cases(self, import_id: UUID) -> Iterator[UUID]:
        """Yield the cases that were filed by an import, in the ledger's order.

        A case that was there and only grew is none of them.
        """
        with self._disputes.database.get_connection() as connection:
            first, last = _positions(connection, import_id)
            while first <= last:
                for case, topic, state in _filings(connection, first):
                    if is_about_a_case(topic):
                        imported = decode(state).imported
                        if imported is not None and imported.run == import_id:
                            yield case
                first += STEP


def _positions(connection: Connection[Any], import_id: UUID) -> tuple[int, int]:
    """Return between which positions an import's events lie."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "SELECT first_case, f.position, l.position FROM imports LEFT JOIN ledger f"
            " ON (f.originator_id, f.originator_version) = (first_case, first_version)"
            " LEFT JOIN ledger l"
            " ON (l.originator_id, l.originator_version) = (last_case, last_version)"
            " WHERE id = %s",
            (import_id,),
        ).fetchone()
    if row is None or row[0] is None:
        # An import that added nothing has no first event.
        return 1, 0
    if row[1] is None or row[2] is None:
        raise NotSequenced("the import's events have no place in the ledger yet")
    return min(row[1:]), max(row[1:])


def _filings(connection: Connection[Any], first: int) -> list[tuple[UUID, str, bytes]]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(
            "SELECT e.originator_id, e.topic, e.state FROM ledger l JOIN events e"
            " USING (originator_id, originator_version)"
            " WHERE position BETWEEN %s AND %s AND originator_version = 1"
            " ORDER BY position",
            (first, first + STEP - 1),
        ).fetchall()


def _request(case: UUID, withdrawal: Withdrawal) -> CommandRequest:
    actor = Actor(role=Role.SUPERVISOR, id=withdrawal.requested_by)
    command_id = uuid5(case, f"withdraw/{withdrawal.import_id}")
    return CommandRequest(case=case, actor=actor, command_id=command_id)
