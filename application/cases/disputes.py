"""The write side: loads a case, decides a command, appends the events."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.utils import Environment
from msgspec.structs import replace

from application.cases.case import (
    Case,
    CommandRequest,
    Readiness,
    extended,
    read_case,
    refuse_stranger,
)
from application.cases.case_limits import USUAL_LIMITS, CaseLimits
from application.cases.caused_trace import caused_trace
from application.cases.earlier_answers import earlier, use_without_events
from application.cases.line_money import ALONE, LineMoney, LineReader, line_money
from application.cases.wrap import enveloped
from application.privacy.data_keys import KeyStore
from application.privacy.sealing_keys import with_keys
from application.record.append_sql import KeyUse
from application.record.codec import EventCodec
from application.record.database import Database
from application.record.envelope import Recorded
from application.record.movable_clock import held
from application.record.record import Record
from application.record.recorder import (
    InDoubt,
    KeyTaken,
    LockFreeRecorder,
    VersionTaken,
)
from application.record.recorder_factory import RecorderFactory
from application.record.statements import ApplicationKey
from application.rules.adopted_rules import AdoptedRules
from application.rules.rulebook import Rulebooks
from application.telemetry.steps import step
from domain.case.command import Command
from domain.case.context import Context
from domain.case.decide import decide
from domain.case.evolve import fold
from domain.deadlines.timeouts import events_of, overdue
from domain.filing.commands import FileDispute
from domain.refusals import Refusal, Stale
from domain.roles import CLOCK, Actor
from domain.ruling.commands import ApproveRuling

ATTEMPTS = 10
"""How often a command is decided again because somebody else appended first."""


class Contended(Exception):
    """Others kept appending to the case first, or the connection kept breaking."""


class Disputes(Application[UUID]):
    """Every dispute, event-sourced. `stating` makes the statements of its events."""

    name = "disputes"

    def __init__(
        self,
        database: Database,
        keys: KeyStore,
        books: Rulebooks,
        *,
        policy: str = "cn-default/1",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        limits: CaseLimits = USUAL_LIMITS,
        stating: ApplicationKey | None = None,
    ) -> None:
        self.database = database
        self.keys = keys
        self.books = books
        self.policy = policy
        self.clock = clock
        self.limits = limits
        self.stating = stating
        super().__init__()
        self.record = Record(self.recorder, self.mapper)
        self.rules = AdoptedRules(database, self.record, clock)

    recorder: LockFreeRecorder
    mapper: EventCodec

    def construct_factory(self, env: Environment) -> Any:
        """Return a factory that works on our connection pool."""
        return RecorderFactory(env, self.database)

    def construct_mapper(self) -> EventCodec:
        """Return the mapper that seals personal texts."""
        sign = None if self.stating is None else self.stating.sign
        return EventCodec(self.keys, sign)

    def save(self, *_: Any, **__: Any) -> Any:
        """Raise TypeError: `handle` seals and chains events, the library would not."""
        raise TypeError("events are appended by Disputes.handle")

    def find(self, case: UUID) -> Case:
        """Load a case; one that does not exist has version 0."""
        return read_case(self.record, case)

    def line_reader(self) -> LineReader:
        """Return what reads order lines for one request."""
        return LineReader(self.database, self.record)

    def handle(
        self,
        request: CommandRequest,
        command: Command,
        ready: Readiness = nullcontext,
        reader: LineReader | None = None,
    ) -> Case:
        """Decide a command and append its events; return the case after it.

        `ready` is entered when it is decided that there are events, before they are
        appended: it puts in place what they refer to, such as a file. It sees the error
        if they are not appended. `reader` has what was read of the order line.

        The same request under the same key is answered as it was the first time. Raises
        a Refusal, Contended, or OperationalError if the database is out of reach.
        Nothing has been recorded then; only after OperationalError the client has to
        send the same request again to know.
        """
        reader = reader or self.line_reader()
        for attempt in range(ATTEMPTS):
            # A case that is filed is nearly always new: it is loaded if it is not.
            begins = attempt == 0 and isinstance(command, FileDispute)
            case = Case(request.case) if begins else self.find(request.case)
            answered = earlier(self.record, case, request)
            if answered is not None:
                return answered
            try:
                # From the time that its events state until they are appended.
                with held(self.clock):
                    return self._handle(case, request, command, ready, reader)
            except (VersionTaken, InDoubt):
                reader.forget()
                # Decide again, on the case as it is now: `earlier` finds an append in
                # doubt that succeeded, and after another's event it may be refused.
                continue
            except (KeyTaken, Refusal) as error:
                # The command may have been answered before without any event, so that
                # the case does not show it. If not, somebody has just used the key for
                # events, and the next attempt finds those.
                use = use_without_events(self.record, request)
                if use is not None:
                    return self.find(use.case).until(use.left_at or 0)
                if isinstance(error, Refusal):
                    raise
        raise Contended

    def _handle(
        self,
        case: Case,
        request: CommandRequest,
        command: Command,
        ready: Readiness,
        reader: LineReader,
    ) -> Case:
        if not isinstance(command, FileDispute):
            refuse_stranger(case, request)
        if request.expected not in {None, case.version}:
            raise Stale(version=str(case.version))
        self.limits.check(case, request.actor, type(command))
        with line_money(reader, case, request.actor, command) as money:
            events = self.decided(case, request, command, money)
            if events:
                with ready():
                    return self._append(case, events, request)
        if request.digest is not None:
            use = KeyUse(request.command_id, case.case, request.digest, case.version)
            self.record.note_key(use)
        return case

    def context(self, case: Case, actor: Actor, money: LineMoney = ALONE) -> Context:
        """Return what a decision about a case may know besides the case itself."""
        now = self.clock()
        if case.events:
            # The clock of the machine that recorded the last event may be ahead of
            # ours: within a case, time does not go back.
            now = max(now, case.events[-1].recorded_at)
        pinned = case.dispute.policy
        books = self.books
        rules = (
            books.for_case(pinned, now) if pinned else books.for_new(self.policy, now)
        )
        return Context(
            actor=actor,
            now=now,
            rules=rules,
            category=case.dispute.category,
            reason=case.dispute.reason,
            granted_elsewhere=money.granted(),
            line_price=money.price(),
            filed=case.events[0].at if case.events else None,
        )

    def decided(
        self,
        case: Case,
        request: CommandRequest,
        command: Command,
        money: LineMoney = ALONE,
    ) -> tuple[Recorded, ...]:
        """Return the events that passed deadlines call for, then those of the command.

        The deadlines come first, so that nobody profits from a late worker.
        """
        context = self.context(case, request.actor, money)
        if request.actor == CLOCK and request.trace is None:
            request = replace(request, trace=caused_trace(case.events, command))
        before = case.dispute
        if isinstance(command, ApproveRuling):
            # The draft's texts go into the ruling, and are sealed again for that place.
            before = fold(
                recorded.event for recorded in self.record.opened(case.events)
            )
        passed = overdue(before, context)
        dispute = fold(events_of(passed), before)
        decided = decide(command, dispute, context)
        return tuple(enveloped(request, passed, decided, context, case.version + 1))

    def _adopt(self, events: tuple[Recorded, ...]) -> None:
        """Record the rules that events name, before the first event that does."""
        for one in events:
            if one.rules and one.policy and not self.rules.knows(one.rules):
                self.rules.adopt(self.books.rule_set(one.policy))

    def _append(
        self, case: Case, events: tuple[Recorded, ...], request: CommandRequest
    ) -> Case:
        dispute = fold((recorded.event for recorded in events), case.dispute)
        keyed = with_keys(events, dispute, self.keys)
        key_use = None
        if request.digest is not None:
            key_use = KeyUse(request.command_id, request.case, request.digest)
        self._adopt(events)
        with step("append", [events[0].trace], case=str(case.case), events=len(events)):
            states = self.record.append(keyed, case.head, key_use)
        return extended(case, states, dispute)
