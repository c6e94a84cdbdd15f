"""given(*facts).when(command, by=actor).then(*facts) for pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from domain.case.command import Command
from domain.case.decide import decide
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.refusals import Refusal
from domain.roles import Actor
from tests.samples import NOW, context


@dataclass(frozen=True)
class When:
    history: tuple[DisputeEvent, ...]
    command: Command
    actor: Actor
    now: datetime

    @property
    def facts(self) -> tuple[DisputeEvent, ...]:
        return decide(self.command, fold(self.history), context(self.actor, self.now))

    def then(self, *expected: DisputeEvent) -> None:
        assert self.facts == expected

    def then_types(self, *expected: type[DisputeEvent]) -> tuple[DisputeEvent, ...]:
        facts = self.facts
        assert tuple(map(type, facts)) == expected
        return facts

    def refused(self, kind: type[Refusal], **details: str) -> None:
        with pytest.raises(kind) as caught:
            _ = self.facts
        assert details.items() <= caught.value.details.items()


@dataclass(frozen=True)
class Given:
    history: tuple[DisputeEvent, ...]

    def when(self, command: Command, by: Actor, now: datetime = NOW) -> When:
        return When(self.history, command, by, now)


def given(*history: DisputeEvent) -> Given:
    return Given(history)
