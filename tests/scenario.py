"""given(*facts) or after(*steps) .when(command, by=actor).then(*facts), purely."""

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
from tests.samples import NOW, Step, context, play_until


@dataclass(frozen=True)
class When:
    history: tuple[DisputeEvent, ...]
    command: Command
    actor: Actor
    now: datetime

    @property
    def events(self) -> tuple[DisputeEvent, ...]:
        return decide(self.command, fold(self.history), context(self.actor, self.now))

    def then(self, *expected: DisputeEvent) -> None:
        assert self.events == expected

    def refused(self, kind: type[Refusal], **details: str) -> None:
        with pytest.raises(kind) as caught:
            _ = self.events
        assert details.items() <= caught.value.details.items()


@dataclass(frozen=True)
class Given:
    history: tuple[DisputeEvent, ...]
    now: datetime

    def when(self, command: Command, by: Actor, now: datetime | None = None) -> When:
        return When(self.history, command, by, now or self.now)


def given(*history: DisputeEvent) -> Given:
    """Begin with facts, at the time when all stories begin."""
    return Given(history, NOW)


def after(*steps: Step) -> Given:
    """Begin with what steps lead to, at the time when the last of them is done."""
    return Given(*play_until(*steps))
