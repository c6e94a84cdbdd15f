"""A walked case whose events are kept in their envelopes, as the record has them."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import UUID, uuid5

from application.cases.case import CommandRequest
from application.cases.wrap import enveloped
from application.record.envelope import Recorded
from domain.case.command import Command
from domain.case.context import Rulebook
from domain.case.decide import decide
from domain.case.events import DisputeEvent
from domain.deadlines.timeouts import Passed, events_of, overdue
from domain.filing.commands import FileDispute
from domain.roles import CLOCK, Actor
from tests.domain.walked_case import WAITS, WalkedCase
from tests.samples import FILE

CASE = UUID("6a7c1f7e-0f5c-4d57-8f6d-3f2c7a1b9e10")


class RecordedWalk(WalkedCase):
    """A case that is walked through and recorded."""

    def __init__(self, rules: Rulebook, filing: FileDispute = FILE) -> None:
        self.recorded: tuple[Recorded, ...] = ()
        self._requests = 0
        super().__init__(rules, filing)

    def send(self, actor: Actor, command: Command) -> tuple[DisputeEvent, ...]:
        events = decide(command, self.dispute, self.context(actor))
        self._keep((), events, actor)
        return events

    def wait(self, length: timedelta) -> None:
        self.now += length
        self._keep(overdue(self.dispute, self.context(CLOCK)), (), CLOCK)

    def wander(self, seed: int, steps: int) -> RecordedWalk:
        """Let anybody do what is offered, with time in between."""
        rng = Random(seed)
        for _ in range(steps):
            self.act(rng)
            if rng.random() < 0.4:
                self.wait(rng.choice(WAITS))
        return self

    def _keep(
        self,
        passed: tuple[Passed, ...],
        decided: tuple[DisputeEvent, ...],
        actor: Actor,
    ) -> None:
        self._requests += 1
        request = CommandRequest(
            case=CASE, actor=actor, command_id=uuid5(CASE, str(self._requests))
        )
        first = len(self.recorded) + 1
        wrapped = enveloped(request, passed, decided, self.context(actor), first)
        self.recorded += tuple(wrapped)
        self._record((*events_of(passed), *decided))
