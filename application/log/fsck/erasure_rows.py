"""Holds the table of erasures against the record: what it says was erased was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row, scalar_row, tuple_row

from application.log.fsck.finding import Differs, Finding, Property
from application.privacy.erasure_decisions import (
    DecisionRecorded,
    decode_decision,
    undecided,
)
from application.privacy.erasure_requests import ErasureRequest, erasure_of
from application.privacy.final_erasures import FinalRecorded, decode_final
from application.record.envelope import Recorded, decode
from domain.identity import ERASURES, erasure_key
from domain.privacy.events import SubjectErased

BATCH = 50_000
"""How many events are looked through at once, and erasures compared."""

_ERASED = """
SELECT topic, state FROM events WHERE notification_id > %s AND notification_id <= %s
    AND topic IN ('subject-erased', 'erasure-requested', 'erasure-approved')
ORDER BY notification_id
"""
_OF_CASES = """
SELECT state FROM events WHERE originator_id = ANY(%s) AND topic = 'subject-erased'
"""
_OF_ERASURE = """
SELECT state FROM events WHERE originator_id = %s ORDER BY originator_version
"""
_FINAL = """
SELECT originator_version, state FROM events WHERE originator_id = %s
    AND originator_version > %s ORDER BY originator_version
"""
_IDS = """
SELECT erasure_id FROM erasures WHERE erasure_id > %s ORDER BY erasure_id LIMIT 500
"""
# Row and events in one statement: between two, it might have been approved.
_ROWS = """
SELECT erasures.*, ARRAY(
    SELECT state FROM events WHERE originator_id = history ORDER BY originator_version
) AS decisions
FROM unnest(%s::uuid[], %s::uuid[]) AS told (erasure_id, history)
JOIN erasures USING (erasure_id) ORDER BY erasure_id
"""
_ROW = "SELECT * FROM erasures WHERE erasure_id = %s"


class ErasureWalk:
    """A check of all erasures, batch by batch; raises Differs where a row is wrong."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._event, self._last = 0, UUID(int=0)
        self._finals: dict[UUID, FinalRecorded] = {}
        self._version = 0
        self._is_decided_on_record = False

    def step(self) -> int:
        """Check a batch; return how much it was, 0 once everything is checked."""
        return self._events() or self._rows()

    def _events(self) -> int:
        """Hold some events of erasures against the rows."""
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            query = "SELECT coalesce(max(notification_id), 0) FROM events"
            last = int(cursor.execute(query).fetchone() or 0)
            until = min(last, self._event + BATCH)
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            events = cursor.execute(_ERASED, (self._event, until)).fetchall()
        for topic, state in events:
            if topic == "subject-erased":
                self._hold_against_row(_read(state))
            else:
                self._hold_decision(_decided(state))
        done, self._event = until - self._event, until
        return done

    def _hold_decision(self, recorded: DecisionRecorded) -> None:
        """Look for the row of a request or approval; what it says is compared later."""
        self._is_decided_on_record = True
        erasure = recorded.event.erasure
        with self._connection.cursor(row_factory=dict_row) as cursor:
            if cursor.execute(_ROW, (erasure,)).fetchone() is None:
                raise _differs(erasure, "is in the record, and its row is gone")

    def _hold_against_row(self, recorded: Recorded) -> None:
        event = recorded.event
        if not isinstance(event, SubjectErased) or recorded.imported is not None:
            return
        with self._connection.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(_ROW, (event.erasure,)).fetchone()
        if found is None:
            raise _differs(event.erasure, "is in the record, and its row is gone")
        row = erasure_of(found)
        told = {
            "party": (row.party, event.party),
            "basis": (row.basis, event.basis),
            "approved_by": (row.approved_by, event.approver),
            "requested_by": (row.requested_by, recorded.actor.id),
            "subject": (event.subject or row.subject, row.subject),
            "case_ids": (len(row.case_ids or ()), event.cases),
        }
        wrong = [name for name, (one, other) in told.items() if one != other]
        if recorded.case not in (row.case_ids or ()):
            wrong.append("case_ids")
        if row.recorded_at is None or row.refused_for is not None:
            wrong.append("recorded_at, refused_for")
        # Versions before the first request in the record have recorded none.
        if self._is_decided_on_record and not self._decisions(event.erasure):
            raise _differs(event.erasure, "is recorded, and nobody has asked for it")
        if wrong:
            fields = ", ".join(dict.fromkeys(wrong))
            raise _differs(event.erasure, f"is not as the record says: {fields}")

    def _rows(self) -> int:
        """Hold some rows against the events."""
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            ids = cursor.execute(_IDS, (self._last,)).fetchall()
        with self._connection.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(_ROWS, (ids, [*map(erasure_key, ids)])).fetchall()
        # Afterwards: the end of an erasure is recorded together with its row.
        self._read_finals()
        for one in found:
            decisions = one.pop("decisions")
            row = erasure_of(one)
            self._last = row.erasure_id
            if fault := "; ".join((*_undecided(row, decisions), *self._faults(row))):
                raise _differs(row.erasure_id, fault)
        if not found and self._finals:
            raise _differs(min(self._finals), "is final in the record, without a row")
        return len(found)

    def _faults(self, row: ErasureRequest) -> Iterator[str]:
        final = self._finals.pop(row.erasure_id, None)
        if row.recorded_at is None:
            if row.done_at or row.final_at or row.case_ids or final:
                yield "is said to be done, and the record has nothing of it"
            return
        if missing := self._cases_without(row):
            yield f"is not recorded in case {min(missing)}"
        if (final is None) is not (row.final_at is None):
            yield "is said to be final, and the record does not say so"
        if final is not None:
            if set(final.event.keys) != set(row.key_ids or ()):
                yield "names other keys than the record"
            if final.at != row.final_at:
                yield "became final at another time than the record says"

    def _decisions(self, erasure: UUID) -> Sequence[bytes]:
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(_OF_ERASURE, (erasure_key(erasure),)).fetchall()

    def _cases_without(self, row: ErasureRequest) -> set[UUID]:
        cases = list(row.case_ids or ())
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            states = cursor.execute(_OF_CASES, (cases,)).fetchall()
        told = {
            one.case
            for one in map(_read, states)
            if isinstance(one.event, SubjectErased)
            and one.event.erasure == row.erasure_id
        }
        return set(cases) - told

    def _read_finals(self) -> None:
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            rows = cursor.execute(_FINAL, (ERASURES, self._version)).fetchall()
        for version, state in rows:
            one = decode_final(state)
            if one.event.erasure > self._last:
                self._finals[one.event.erasure] = one
            self._version = version


def _undecided(row: ErasureRequest, decisions: Sequence[bytes]) -> Iterator[str]:
    """Yield what the record does not bear out of who asked for it and approved it."""
    # What an earlier version has done or refused has no such events.
    is_over = row.done_at is not None or row.refused_for is not None
    if not decisions and is_over:
        return
    # Statements are checked with those of all events.
    if said := undecided(row, decisions, None):
        yield f"cannot be carried out: {said}"


def check_erasures(connection: Connection[Any]) -> None:
    """Check all erasures. Raises Differs."""
    walk = ErasureWalk(connection)
    while walk.step():
        pass


def _decided(state: bytes) -> DecisionRecorded:
    try:
        return decode_decision(state)
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = "the request or approval of an erasure cannot be read"
        raise Differs(Finding(property=Property.ERASURES, said=said)) from None


def _read(state: bytes) -> Recorded:
    try:
        return decode(state)
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = "an event of an erasure cannot be read"
        raise Differs(Finding(property=Property.ERASURES, said=said)) from None


def _differs(erasure: UUID, said: str) -> Differs:
    return Differs(
        Finding(property=Property.ERASURES, said=f"erasure {erasure} {said}")
    )
