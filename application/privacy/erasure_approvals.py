"""Two people ask for an erasure and approve it: each is an event, beside its row."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid5

from eventsourcing.persistence import IntegrityError
from msgspec.structs import replace
from psycopg import Connection

from application.cases.disputes import Disputes
from application.privacy.erasure_decisions import (
    DecisionRecorded,
    Unrequested,
    approved,
    decision_states,
    requested,
    require_request,
)
from application.privacy.erasure_requests import (
    ErasureRequest,
    ErasureRequests,
    Subject,
    approve,
    request,
)
from application.record.envelope import leaf, topic
from application.record.movable_clock import held
from application.record.record import append_within
from domain.identity import erasure_key
from domain.names import same
from domain.refusals import SamePerson
from domain.roles import Actor, Role


class ErasureApprovals:
    """Records requests and approvals; a row and its event in one transaction."""

    def __init__(self, disputes: Disputes) -> None:
        self._disputes = disputes
        self._erasures = ErasureRequests(disputes.database)

    def pending_of(self, subject: Subject) -> ErasureRequest | None:
        """Return the subject's erasure that is neither done nor refused, if any.

        One that nobody can carry out is refused: it has no request in the record.
        """
        pending = self._erasures.pending_of(subject)
        if pending is None or pending.recorded_at is not None:
            return pending
        try:
            require_request(self._disputes, pending)
        except Unrequested as error:
            # It must not keep the subject from being erased.
            self._erasures.refuse(pending.erasure_id, str(error))
            return None
        return pending

    def request(self, wanted: ErasureRequest) -> ErasureRequest:
        """Record a request; return the subject's pending one if there is one already.

        Raises NotRecorded if that one's row is not as it was requested.
        """
        if pending := self.pending_of(wanted.whose):
            return pending
        try:
            with (
                held(self._disputes.clock),
                self._disputes.database.get_connection() as connection,
                connection.transaction(),
            ):
                if request(connection, wanted):
                    self._append(connection, wanted, None)
        except IntegrityError:
            # An index allows one pending erasure for each subject.
            pending = self._erasures.pending_of(wanted.whose)
            if pending is None:
                raise
            return pending
        return self._erasures.existing(wanted.erasure_id)

    def approve(
        self, erasure: ErasureRequest, by: str, now: datetime
    ) -> ErasureRequest:
        """Record a second person's approval of what was requested.

        Raises SamePerson for the requester's, and NotRecorded for a row that is not as
        the record says. The first approval stands.
        """
        # A name padded with spaces is no second person.
        if same(erasure.requested_by, by):
            raise SamePerson
        head = require_request(self._disputes, erasure)
        if len(decision_states(self._disputes, erasure.erasure_id)) > 1:
            return self._erasures.existing(erasure.erasure_id)
        after = replace(erasure, approved_by=by, approved_at=now)
        try:
            with (
                held(self._disputes.clock),
                self._disputes.database.get_connection() as connection,
                connection.transaction(),
            ):
                if approve(connection, erasure.erasure_id, by, now):
                    self._append(connection, after, leaf(head))
        except IntegrityError:
            # Somebody else has just approved it.
            pass
        return self._erasures.existing(erasure.erasure_id)

    def _append(
        self, connection: Connection[Any], erasure: ErasureRequest, head: bytes | None
    ) -> None:
        """Append the request, or after its leaf hash `head` the approval."""
        event = requested(erasure) if head is None else approved(erasure)
        by = erasure.requested_by if head is None else erasure.approved_by
        history = erasure_key(erasure.erasure_id)
        recorded = DecisionRecorded(
            case=history,
            version=1 if head is None else 2,
            at=(erasure.approved_at if head else None) or erasure.requested_at,
            recorded_at=self._disputes.clock(),
            actor=Actor(role=Role.SUPERVISOR, id=by),
            command_id=uuid5(history, topic(event)),
            event=event,
        )
        append_within(connection, self._disputes.record.encoded([recorded], head))
