"""Erases a data subject: events in every case, then no keys and no files any more.

Killed at any step, it goes on when it is started again. The events of all cases are
recorded at once, together with what they cover; from then on there is no way back, so
that no event says what does not come true.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID, uuid5

from eventsourcing.persistence import IntegrityError, StoredEvent

from application.cases.case import Case, CommandRequest
from application.cases.disputes import Contended, Disputes
from application.cases.evidence_files import EvidenceFiles
from application.operator_error import OperatorError
from application.privacy.data_keys import FRESH_SECONDS
from application.privacy.erasure_obstacles import Obstacle, closed_at, obstacles
from application.privacy.erasure_requests import (
    ErasureRequest,
    ErasureRequests,
    Subject,
    claim,
)
from application.privacy.key_changes import destroy, living, retire
from application.privacy.sealing_keys import subject_of, with_keys
from application.record.envelope import Recorded
from application.record.record import append_within
from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.personal import has_personal
from domain.privacy.commands import EraseSubject, Restrict
from domain.privacy.data_subjects import data_subject
from domain.roles import Actor, Role

SETTLE_SECONDS = 2.5 * FRESH_SECONDS
"""So long after its retirement no process seals anything with a key any more."""

ATTEMPTS = 5


class NotErasable(OperatorError):
    """Cases stand in the way of an erasure. `restricted`: those restricted instead."""

    def __init__(
        self, obstacles: Sequence[Obstacle], restricted: Sequence[UUID] = ()
    ) -> None:
        self.obstacles = tuple(obstacles)
        self.restricted = tuple(restricted)
        super().__init__("; ".join(map(str, obstacles)))


class NothingToErase(OperatorError):
    """The subject has no case here, or all of its data is erased already."""


class Eraser:
    """Carries erasures out. `find` returns every case of a subject, none left out."""

    def __init__(
        self,
        disputes: Disputes,
        files: EvidenceFiles,
        find: Callable[[Subject], Sequence[UUID]],
        settle: float = SETTLE_SECONDS,
    ) -> None:
        self.erasures = ErasureRequests(disputes.database)
        self._disputes = disputes
        self._keys = disputes.keys
        self._files = files
        self._find = find
        self._settle = settle

    def request(self, wanted: ErasureRequest, *, restrict: bool) -> ErasureRequest:
        """Note a request for an erasure; asked again, return what was noted.

        `restrict`: where cases forbid it, restrict the subject's data in the closed
        ones. Raises NotErasable, naming the cases, or NothingToErase.
        """
        if self.erasures.find(wanted.erasure_id) is None:
            self._permit(wanted, restrict=restrict)
        return self.erasures.request(wanted)

    def _permit(self, wanted: ErasureRequest, *, restrict: bool) -> None:
        try:
            self.check(wanted.whose)
        except NotErasable as error:
            if not restrict:
                raise
            done = self.restrict(wanted.whose, wanted.basis, wanted.requested_by)
            raise NotErasable(error.obstacles, done) from None

    def check(self, subject: Subject) -> None:
        """Raise NotErasable, naming the cases, or NothingToErase."""
        cases = self._cases(subject)
        if found := tuple(obstacles(self._disputes, cases)):
            raise NotErasable(found)
        if not cases and not living(self._keys.database, subject.key_name):
            raise NothingToErase(f"{subject.key_name}: there is nothing to erase")

    def restrict(self, subject: Subject, basis: str, by: str) -> tuple[UUID, ...]:
        """Restrict the subject's data in all of its closed cases; return them."""
        done = []
        for case in self._cases(subject):
            if case.dispute.phase is Phase.CLOSED:
                name = f"restrict/{subject.party}/{basis}/{case.version}"
                request = _request(case.case, by, uuid5(case.case, name))
                command = Restrict(party=subject.party, basis=basis)
                self._disputes.handle(request, command)
                done.append(case.case)
        return tuple(done)

    def carry_out(self, erasure: ErasureRequest) -> ErasureRequest:
        """Erase what was approved. Raises NotErasable, and then nothing is erased."""
        if erasure.done_at is not None:
            return erasure
        if erasure.recorded_at is None:
            erasure = self._record(erasure)
        keys = erasure.key_ids or ()
        destroy(self._keys.database, keys)
        removed = self._files.remove(keys)
        time.sleep(FRESH_SECONDS)
        now = self._disputes.clock()
        return self.erasures.finish(erasure.erasure_id, removed, now)

    def _record(self, erasure: ErasureRequest) -> ErasureRequest:
        """Record the events and what they cover, all in one transaction."""
        subject = erasure.whose
        for _ in range(ATTEMPTS):
            keys = retire(self._keys.database, subject.key_name)
            time.sleep(self._settle)
            cases = self._cases(subject)
            if found := tuple(obstacles(self._disputes, cases)):
                self.erasures.refuse(erasure.erasure_id, "; ".join(map(str, found)))
                raise NotErasable(found)
            if self._sealed_since(subject, cases, keys):
                continue
            try:
                self._commit(erasure, cases, keys)
            except IntegrityError:
                continue
            return self.erasures.find(erasure.erasure_id) or erasure
        raise Contended

    def _commit(
        self, erasure: ErasureRequest, cases: Sequence[Case], keys: Sequence[UUID]
    ) -> None:
        stored = list(self._facts(erasure, cases))
        ids = [case.case for case in cases]
        with (
            self._disputes.database.get_connection() as connection,
            connection.transaction(),
        ):
            now = self._disputes.clock()
            if claim(connection, erasure, ids, keys, now) and stored:
                append_within(connection, stored)

    def _facts(
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

    def _cases(self, subject: Subject) -> list[Case]:
        """Load the cases in which there is something of the subject's to erase."""
        found = (self._disputes.find(case) for case in self._find(subject))
        return [
            case
            for case in found
            if case.events and subject.party not in case.dispute.erased
        ]

    def _sealed_since(
        self, subject: Subject, cases: Sequence[Case], keys: Sequence[UUID]
    ) -> bool:
        """Tell whether an event was sealed with a key that was not retired yet."""
        younger = set(living(self._keys.database, subject.key_name)) - set(keys)
        return any(
            recorded.key in younger
            for case in cases
            for recorded in case.events
            if recorded.key is not None and _is_about(recorded, subject, case)
        )


def _is_about(recorded: Recorded, subject: Subject, case: Case) -> bool:
    if not has_personal(recorded.event):
        return False
    party = data_subject(recorded.event)
    return subject_of(case.case, party, case.dispute) == subject.key_name


def _request(case: UUID, by: str, command_id: UUID) -> CommandRequest:
    actor = Actor(role=Role.SUPERVISOR, id=by)
    return CommandRequest(case=case, actor=actor, command_id=command_id)
