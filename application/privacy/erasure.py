"""Erases a data subject: records it in every case, then destroys keys and files.

Killed at any step, an erasure goes on when it is started again. The events of all cases
and what they cover are recorded in one transaction. Nothing can stop the erasure after
that, so that no event says what does not come true.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID, uuid5

from eventsourcing.persistence import IntegrityError, StoredEvent
from msgspec.json import encode
from msgspec.structs import replace

from application.cases.case import Case, CommandRequest
from application.cases.disputes import Contended, Disputes
from application.cases.evidence_files import EvidenceFiles
from application.operator_error import OperatorError
from application.privacy.data_keys import FRESH_SECONDS
from application.privacy.erasure_approvals import ErasureApprovals
from application.privacy.erasure_decisions import require_decisions
from application.privacy.erasure_obstacles import Obstacle, closed_at, obstacles
from application.privacy.erasure_requests import (
    ErasureRequest,
    ErasureRequests,
    Subject,
    claim,
)
from application.privacy.final_erasures import FinalErasures
from application.privacy.key_changes import destroy, living, retire
from application.privacy.key_names import KeyNames
from application.privacy.recorded_erasure import recorded_keys, require_destroyed
from application.privacy.sealing_keys import with_keys
from application.record.movable_clock import held
from application.record.record import append_within
from application.record.storable_values import MOST_NAME_BYTES
from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.names import BadName, visible_text
from domain.privacy.commands import EraseSubject, Restrict
from domain.roles import Actor, Role

# For FRESH_SECONDS a process may still take a retired key that it remembers; the rest
# of the time is for the appends of events that are being sealed with it by then.
SETTLE_SECONDS = 2.5 * FRESH_SECONDS
"""So long after its retirement no process seals anything with a key any more."""

ATTEMPTS = 5
"""How often an erasure begins again because a case went on meanwhile."""


class NotErasable(OperatorError):
    """Cases forbid an erasure. `restricted`: where data was restricted instead."""

    def __init__(
        self, obstacles: Sequence[Obstacle], restricted: Sequence[UUID] = ()
    ) -> None:
        self.obstacles = tuple(obstacles)
        self.restricted = tuple(restricted)
        super().__init__("; ".join(map(str, obstacles)))


class NothingToErase(OperatorError):
    """The subject has no case here, or all of the subject's data is erased already."""


class Eraser:
    """Carries out erasures. `find` returns all cases of a subject, or raises."""

    def __init__(
        self,
        disputes: Disputes,
        files: EvidenceFiles,
        find: Callable[[Subject], Sequence[UUID]],
        settle: float = SETTLE_SECONDS,
    ) -> None:
        self.erasures = ErasureRequests(disputes.database)
        self.approvals = ErasureApprovals(disputes)
        self._disputes = disputes
        self._keys = disputes.keys
        self._files = files
        self._find = find
        self._names = KeyNames(disputes, find)
        self._settle = settle
        self.final = FinalErasures(disputes, self.erasures)

    def request(self, wanted: ErasureRequest, *, restrict: bool) -> ErasureRequest:
        """Record a request for an erasure and return it; return one that is pending.

        `restrict`: if cases forbid the erasure, restrict the subject's data in the
        closed ones. Raises NotErasable, naming the cases, or NothingToErase.
        """
        if self.erasures.find(wanted.erasure_id) is None:
            self._permit(wanted, restrict=restrict)
        return self.approvals.request(wanted)

    def _permit(self, wanted: ErasureRequest, *, restrict: bool) -> None:
        try:
            self.check(wanted.whose)
        except NotErasable as error:
            if not restrict:
                raise
            done = self.restrict(wanted.whose, wanted.basis, wanted.requested_by)
            raise NotErasable(error.obstacles, done) from None

    def known(self, subject: Subject) -> Subject:
        """Return a subject by the name that it has here: its one form. Raises BadName.

        A name in another form stays as it is, if an earlier version has taken it so.
        """
        try:
            name = visible_text(subject.id, MOST_NAME_BYTES, reserved=True)
        except BadName:
            if self._is_known(subject):
                return subject
            raise
        if name == subject.id or self._is_known(subject):
            return subject
        return replace(subject, id=name)

    def _is_known(self, subject: Subject) -> bool:
        names = self._names.own(subject)
        return bool(self._find(subject) or living(self._keys.database, names))

    def check(self, subject: Subject) -> None:
        """Raise NotErasable, naming the cases, or NothingToErase."""
        cases = self._cases(subject)
        if found := self._obstacles(subject, cases):
            raise NotErasable(found)
        if not cases and not living(self._keys.database, self._names.own(subject)):
            raise NothingToErase(f"{subject.id}: there is nothing to erase")

    def restrict(self, subject: Subject, basis: str, by: str) -> tuple[UUID, ...]:
        """Restrict the subject's data in all of its closed cases; return them."""
        done = []
        for case in self._cases(subject):
            if case.dispute.phase is Phase.CLOSED:
                name = encode(["restrict", subject.party, basis, case.version])
                request = _request(case.case, by, uuid5(case.case, name.decode()))
                command = Restrict(party=subject.party, basis=basis)
                self._disputes.handle(request, command)
                done.append(case.case)
        return tuple(done)

    def carry_out(self, erasure: ErasureRequest) -> ErasureRequest:
        """Erase what was approved. Raises NotErasable before anything is erased.

        Raises NotRecorded unless the record says so, and that it is not done yet.
        """
        is_over = self.final.has(erasure)
        erasure = self.erasures.find(erasure.erasure_id) or erasure
        if erasure.final_at is not None:
            return erasure
        require_decisions(self._disputes, erasure, is_over=is_over)
        if erasure.recorded_at is None:
            erasure = self._record(erasure)
        # Again: the row may have been changed since its events were recorded.
        require_decisions(self._disputes, erasure)
        keys = recorded_keys(self._disputes, self._names, erasure)
        # Keys before files: from here on nothing opens, no copy of a file either.
        destroy(self._keys.database, keys)
        # Counted first: after a kill, some are deleted already.
        self.erasures.count_files(erasure.erasure_id, self._files.count(keys))
        self._files.remove(keys)
        return self.final.make(erasure)

    def make_final(self, erasure: ErasureRequest) -> ErasureRequest:
        """Make final what an earlier version has done. Raises NotRecorded."""
        require_destroyed(self._disputes, self._names, erasure)
        return self.final.make(erasure)

    def _record(self, erasure: ErasureRequest) -> ErasureRequest:
        """Record the events and what they cover, all in one transaction."""
        subject = erasure.whose
        for _ in range(ATTEMPTS):
            names = self._names.own(subject)
            keys = retire(self._keys.database, names)
            time.sleep(self._settle)
            # Only now: a case read before the last text was sealed with these keys
            # would not have that text, and a case filed meanwhile would be left out.
            cases = self._cases(subject)
            if found := self._obstacles(subject, cases):
                self.erasures.refuse(erasure.erasure_id, "; ".join(map(str, found)))
                raise NotErasable(found)
            if self._names.sealed_since(subject, cases, keys):
                continue
            try:
                self._commit(erasure, cases, keys)
            except IntegrityError:
                # A case has got another event since it was read: it may be on hold now.
                continue
            return self.erasures.find(erasure.erasure_id) or erasure
        raise Contended

    def _commit(
        self, erasure: ErasureRequest, cases: Sequence[Case], keys: Sequence[UUID]
    ) -> None:
        ids = [case.case for case in cases]
        with (
            held(self._disputes.clock),
            self._disputes.database.get_connection() as connection,
            connection.transaction(),
        ):
            stored = list(self._erasure_events(erasure, cases))
            now = self._disputes.clock()
            # The row is claimed first: of two processes that carry out one erasure, the
            # second waits for the first, and then records nothing.
            if claim(connection, erasure, ids, keys, now) and stored:
                append_within(connection, stored)

    def _erasure_events(
        self, erasure: ErasureRequest, cases: Sequence[Case]
    ) -> Iterator[StoredEvent]:
        for number, case in enumerate(cases, 1):
            command = EraseSubject(
                erasure=erasure.erasure_id,
                party=erasure.party,
                basis=erasure.basis,
                approver=erasure.approved_by or "",
                number=number,
                cases=len(cases),
                closed_at=closed_at(case),
            )
            command_id = uuid5(case.case, f"erasure/{erasure.erasure_id}")
            request = _request(case.case, erasure.requested_by, command_id)
            events = self._disputes.decided(case, request, command)
            after = fold((recorded.event for recorded in events), case.dispute)
            keyed = with_keys(events, after, self._keys)
            yield from self._disputes.record.encoded(keyed, case.head)

    def _obstacles(self, subject: Subject, cases: Sequence[Case]) -> list[Obstacle]:
        return [*obstacles(self._disputes, cases), *self._names.shared(subject, cases)]

    def _cases(self, subject: Subject) -> list[Case]:
        """Load the subject's cases in which the subject is not erased yet."""
        cases = (self._disputes.find(case) for case in self._find(subject))
        return [
            case
            for case in cases
            if case.events and subject.party not in case.dispute.erased
        ]


def _request(case: UUID, by: str, command_id: UUID) -> CommandRequest:
    actor = Actor(role=Role.SUPERVISOR, id=by)
    return CommandRequest(case=case, actor=actor, command_id=command_id)
