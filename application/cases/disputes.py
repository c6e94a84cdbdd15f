"""The write side: load a case, decide, append."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import BaseInfrastructureFactory
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment

from application.cases.case import (
    Case,
    CommandRequest,
    extended,
    read_case,
)
from application.cases.wrap import enveloped
from application.privacy.data_keys import KeyStore
from application.privacy.sealing_keys import with_keys
from application.record.append_sql import KeyUse
from application.record.codec import EventCodec
from application.record.database import Database
from application.record.envelope import Recorded
from application.record.record import Record
from application.record.recorder import (
    InDoubt,
    KeyTaken,
    LockFreeRecorder,
    VersionTaken,
)
from application.rulebook import Rulebooks
from domain.case.command import Command
from domain.case.context import Context
from domain.case.decide import decide
from domain.case.evolve import fold
from domain.conflicts_of_interest import is_concerned
from domain.deadlines.timeouts import events_of, overdue
from domain.filing.commands import FileDispute
from domain.refusals import KeyReused, NotFound, Refusal, Stale
from domain.roles import Actor
from domain.ruling.commands import ApproveRuling

ATTEMPTS = 10


class Contended(Exception):
    """Others kept appending to the case first, or the connection kept breaking."""


class Disputes(Application[UUID]):
    """Every dispute, event-sourced."""

    name = "disputes"

    def __init__(
        self,
        database: Database,
        keys: KeyStore,
        books: Rulebooks,
        *,
        policy: str = "cn-default/1",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.database = database
        self.keys = keys
        self.books = books
        self.policy = policy
        self.clock = clock
        super().__init__()
        self.record = Record(self.recorder, self.mapper)

    recorder: LockFreeRecorder
    mapper: EventCodec

    def construct_factory(self, env: Environment) -> Any:
        """Return a factory that works on our connection pool."""
        return Factory(env, self.database)

    def construct_mapper(self) -> EventCodec:
        """Return the mapper that seals personal texts."""
        return EventCodec(self.keys)

    def save(self, *_: Any, **__: Any) -> Any:
        """Refuse: events are chained and keyed, and only `handle` appends them so."""
        raise TypeError("events are appended by Disputes.handle")

    def find(self, case: UUID) -> Case:
        """Load a case; one that does not exist has version 0."""
        return read_case(self.record, case)

    def handle(
        self,
        request: CommandRequest,
        command: Command,
        ready: Callable[[], None] = lambda: None,
    ) -> Case:
        """Decide and append; return the case as this command left it.

        `ready` is called once it is decided that events will be appended, before they
        are: what they refer to has to be in place by then.

        Asked again under the same key, it answers as it did the first time. Raises a
        Refusal, Contended, or OperationalError when the database is out of reach; in
        none of these cases has anything been recorded by this call, except that after
        OperationalError the same request has to be sent again to know.
        """
        for attempt in range(ATTEMPTS):
            # A case that is being filed is nearly always new: look only if it was not.
            begins = attempt == 0 and isinstance(command, FileDispute)
            case = Case(request.case) if begins else self.find(request.case)
            earlier = self._earlier(case, request)
            if earlier is not None:
                return earlier
            try:
                return self._handle(case, request, command, ready)
            except (VersionTaken, InDoubt):
                continue
            except (KeyTaken, Refusal) as error:
                answered = self._answered_without_events(request)
                if answered is not None:
                    return answered
                if isinstance(error, Refusal):
                    raise
        raise Contended

    def _handle(
        self,
        case: Case,
        request: CommandRequest,
        command: Command,
        ready: Callable[[], None],
    ) -> Case:
        if not isinstance(command, FileDispute):
            _refuse_stranger(case, request)
        if request.expected not in {None, case.version}:
            raise Stale(version=str(case.version))
        events = self.decided(case, request, command)
        if events:
            ready()
            return self._append(case, events, request)
        if request.digest is not None:
            use = KeyUse(request.command_id, case.case, request.digest, case.version)
            self.record.note_key(use)
        return case

    def context(self, case: Case, actor: Actor) -> Context:
        """Return what may be known now in deciding about a case."""
        now = self.clock()
        if case.events:
            now = max(now, case.events[-1].recorded_at)
        pinned = case.dispute.policy
        books = self.books
        rules = (
            books.for_case(pinned, now) if pinned else books.for_new(self.policy, now)
        )
        about = case.dispute
        return Context(
            actor=actor,
            now=now,
            rules=rules,
            category=about.category,
            reason=about.reason,
        )

    def _earlier(self, case: Case, request: CommandRequest) -> Case | None:
        """Return the case as the same command left it when it was first asked."""
        last = max(
            (f.version for f in case.events if f.command_id == request.command_id),
            default=None,
        )
        if last is None:
            return None
        if request.digest is not None:
            use = self.record.key_use(request.command_id)
            if use is None or not hmac.compare_digest(use.digest, request.digest):
                raise KeyReused
        return case.until(last)

    def _answered_without_events(self, request: CommandRequest) -> Case | None:
        """Return the first answer of a command that had changed nothing.

        Raises KeyReused if the key was used on another case, or for something else.
        """
        if request.digest is None:
            return None
        use = self.record.key_use(request.command_id)
        if use is None:
            return None
        same = hmac.compare_digest(use.digest, request.digest)
        if use.case != request.case or not same:
            raise KeyReused
        return self.find(use.case).until(use.left_at) if use.left_at else None

    def decided(
        self, case: Case, request: CommandRequest, command: Command
    ) -> tuple[Recorded, ...]:
        """Let what passed deadlines call for happen first, then decide."""
        context = self.context(case, request.actor)
        before = case.dispute
        if isinstance(command, ApproveRuling):
            # The draft's texts go into the ruling: they are sealed there anew.
            before = fold(
                recorded.event for recorded in self.record.opened(case.events)
            )
        passed = overdue(before, context)
        dispute = fold(events_of(passed), before)
        decided = decide(command, dispute, context)
        return tuple(enveloped(request, passed, decided, context, case.version + 1))

    def _append(
        self, case: Case, events: tuple[Recorded, ...], request: CommandRequest
    ) -> Case:
        dispute = fold((recorded.event for recorded in events), case.dispute)
        keyed = with_keys(events, dispute, self.keys)
        key_use = None
        if request.digest is not None:
            key_use = KeyUse(request.command_id, request.case, request.digest)
        states = self.record.append(keyed, case.head, key_use)
        return extended(case, states, dispute)


def _refuse_stranger(case: Case, request: CommandRequest) -> None:
    """Tell who may not see the case that there is none, before anything about it."""
    here = request.platform in {None, case.dispute.platform}
    if not case.events or not here or not is_concerned(request.actor, case.dispute):
        raise NotFound


class Factory(PostgresFactory):
    """Hands the library our pool and recorder instead of ones from its settings."""

    def __init__(self, env: Environment, database: Database) -> None:
        BaseInfrastructureFactory.__init__(self, env)
        self.datastore = database

    def application_recorder(self) -> LockFreeRecorder:
        """Return the lock-free recorder; migrations made its tables."""
        return LockFreeRecorder(self.datastore, events_table_name="events")
