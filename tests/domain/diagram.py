"""Draws the lifecycle: which command, or silence, leads from which phase to which.

Cases are walked through, under every profile and from every start, by whatever the
table offers; every change of phase that this meets is drawn. `python -m
tests.domain.diagram` prints the diagram that docs/using-the-api.md shows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from random import Random

from msgspec.structs import replace

from domain.case.actions import Action
from domain.case.command import Command
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.deadlines.commands import PassDeadline
from domain.mediators.commands import AddNote
from domain.notices.commands import StateContact
from domain.refusals import Refusal
from domain.roles import Actor
from tests.domain.walked_case import STARTS, WAITS, WalkedCase
from tests.samples import BOOKS, FILE, MEDIATOR, NOW

Edges = dict[tuple[Phase, Phase], set[str]]
WALKS, STEPS = 90, 30


class Watched(WalkedCase):
    """A case that notes what led it from one phase to another."""

    edges: Edges = defaultdict(set)  # noqa: RUF012 - what all walks met

    def send(self, actor: Actor, command: Command) -> tuple[DisputeEvent, ...]:
        before = self.dispute.phase
        events = super().send(actor, command)
        passed = isinstance(command, PassDeadline)
        self._note(before, "silence" if passed else name(type(command)))
        return events

    def _moves(
        self, rng: Random, cast: tuple[Actor, ...]
    ) -> Iterator[tuple[Actor, Action]]:
        """Leave out what leads nowhere: walks would come less far."""
        for actor, action in super()._moves(rng, cast):
            if action.command not in {AddNote, StateContact}:
                yield actor, action

    def wait(self, length: object) -> None:
        before = self.dispute.phase
        super().wait(length)  # type: ignore[arg-type]
        self._note(before, "silence")

    def _note(self, before: Phase, what: str) -> None:
        if self.dispute.phase is not before:
            self.edges[before, self.dispute.phase].add(what)


@cache
def edges() -> Edges:
    """Return, by phases from and to, what leads there."""
    Watched.edges = defaultdict(set)
    files_otherwise()
    for profile in BOOKS.ids:
        for start, steps in STARTS.items():
            for seed in range(WALKS):
                case = Watched(BOOKS[profile]).play(*steps)
                for _ in walked(case, Random(f"{profile}/{start}/{seed}")):
                    pass
    return Watched.edges


def files_otherwise() -> None:
    """File what a rule refuses at once, and what the platform opens itself."""
    rules = BOOKS["cn-default/1"]
    late = replace(FILE.order, received_at=NOW - timedelta(days=60))
    Watched(rules, replace(FILE, order=late))
    case = Watched(rules)
    case.dispute = Dispute()
    case.send(MEDIATOR, replace(FILE, channel="platform-initiated"))


def walked(case: WalkedCase, rng: Random) -> Iterator[None]:
    """Let people act and time pass in turn."""
    for _ in range(STEPS):
        try:
            case.act(rng)
        except Refusal:
            continue
        if rng.random() < 0.3:
            case.wait(rng.choice(WAITS))
        yield


def name(kind: type) -> str:
    """Return a command's name in words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()


def diagram() -> str:
    """Return the diagram in Mermaid's notation."""
    lines = ["stateDiagram-v2"]
    for (start, end), names in sorted(edges().items(), key=lambda one: order(one[0])):
        begin = "[*]" if start is Phase.NONE else start.replace("-", "_")
        finish = end.replace("-", "_")
        lines.append(f"    {begin} --> {finish}: {', '.join(sorted(names))}")
    lines.append("    closed --> [*]")
    return "\n".join(lines) + "\n"


def order(edge: tuple[Phase, Phase]) -> tuple[int, int]:
    """Sort edges by the order of phases."""
    phases = list(Phase)
    return phases.index(edge[0]), phases.index(edge[1])


if __name__ == "__main__":
    print(diagram())  # noqa: T201 - this is what it is for
