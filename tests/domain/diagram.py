"""Draws the lifecycle from its table: which command leads from which phase to which.

`python -m tests.domain.diagram` prints the diagram that the README shows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from msgspec.structs import replace

from domain.commands.any import DisputeCommand
from domain.commands.clocks import ServeNotice
from domain.commands.negotiation import RespondToClaim
from domain.commands.ruling import DecideAppeal
from domain.decide.decision import decide
from domain.decide.silence import facts_of, overdue
from domain.dispute import Dispute, Phase
from domain.evolve.folding import fold
from domain.lifecycle import LIFECYCLE
from domain.outcomes import AppealResult, NoticeKind
from domain.refusals import Refusal
from domain.roles import CLOCK, Actor, Party
from tests.domain.test_lifecycle import fitting
from tests.samples import (
    ACTORS,
    COMMANDS,
    NOW,
    PHASES,
    RULING_SERVED,
    context,
    play,
)

Edges = dict[tuple[Phase, Phase], set[str]]


def edges() -> Edges:
    """Return, by phases from and to, the commands (and time) that lead there."""
    found: Edges = defaultdict(set)
    for history in (*PHASES.values(), play(*RULING_SERVED)):
        before = fold(history)
        phase = before.phase
        for kind, row in LIFECYCLE.items():
            if phase not in row.phases:
                continue
            for command in variants(COMMANDS[kind]):
                for role in sorted(row.roles):
                    after = outcome(before, command, ACTORS[role])
                    if after not in {None, phase}:
                        found[phase, after or phase].add(name(type(command)))
        if (silent := after_silence(before)) is not phase:
            found[phase, silent].add("silence")
    return found


def after_silence(dispute: Dispute) -> Phase:
    """Return the phase that a case comes to when nobody does anything."""
    phase, now = dispute.phase, NOW
    for _ in range(60):
        now += timedelta(days=1)
        dispute = fold(facts_of(overdue(dispute, context(CLOCK, now))), dispute)
        if dispute.phase is not phase:
            break
    return dispute.phase


def variants(command: DisputeCommand) -> Iterator[DisputeCommand]:
    """Yield a command, and others of its kind that lead elsewhere."""
    yield command
    match command:
        case RespondToClaim():
            yield RespondToClaim(position="accept")
        case DecideAppeal():
            reasons = command.reasons
            yield DecideAppeal(result=AppealResult.SET_ASIDE, reasons=reasons)
        case ServeNotice():
            for party in (Party.BUYER, Party.SELLER):
                yield replace(command, notice=NoticeKind.RULING, party=party)


def outcome(dispute: Dispute, command: DisputeCommand, actor: Actor) -> Phase | None:
    """Return the phase that a sample command leads to, None if it is refused."""
    asking = context(actor)
    try:
        facts = decide(fitting(command, dispute, asking), dispute, asking)
    except (Refusal, StopIteration, IndexError):
        return None
    return fold(facts, dispute).phase


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


def matrix() -> str:
    """Return the table of commands, phases and roles in Markdown."""
    lines = ["| command | by | in |", "|---|---|---|"]
    for kind, row in LIFECYCLE.items():
        roles = ", ".join(role for role in ACTORS if role in row.roles)
        phases = ", ".join(one for one in Phase if one in row.phases)
        lines.append(f"| {name(kind)} | {roles} | {phases} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(diagram())  # noqa: T201 - this is what it is for
