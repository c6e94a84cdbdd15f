"""The lifecycle table: every command in every phase by every role."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest
from msgspec.structs import replace

from domain.actions import possible
from domain.commands.any import DisputeCommand
from domain.commands.clocks import ExtendDeadline, Suspend
from domain.commands.command import Command
from domain.commands.filing import FileDispute
from domain.commands.investigation import Escalate
from domain.commands.negotiation import PostMessage
from domain.context import Context
from domain.decide.decision import decide
from domain.decide.escalation import triggers
from domain.decide.suspension import extendable_deadlines
from domain.dispute import Dispute, Phase
from domain.events.any import DisputeEvent
from domain.evolve.folding import fold
from domain.lifecycle import LIFECYCLE
from domain.outcomes import SuspensionCause
from domain.refusals import AlreadyFiled, NotAllowed, NotFound, Refusal, WrongPhase
from domain.roles import STAFF, Role
from tests.samples import ACTORS, COMMANDS, PHASES, context, in_phase

REPEATABLE = {PostMessage}
"""The same words said twice under two keys are two messages; under one key, one."""

CELLS = [*itertools.product(COMMANDS, Phase, Role)]


def test_every_command_has_a_row_and_a_sample() -> None:
    assert set(LIFECYCLE) == set(get_args(DisputeCommand)) == set(COMMANDS)


def test_the_samples_reach_every_phase() -> None:
    assert {phase: in_phase(phase).phase for phase in Phase} == {
        phase: phase for phase in Phase
    }


@pytest.mark.parametrize(("kind", "phase", "role"), CELLS)
def test_a_cell_answers_or_refuses_as_the_table_says(
    kind: type[Command], phase: Phase, role: Role
) -> None:
    dispute, ctx = in_phase(phase), context(ACTORS[role])
    row = LIFECYCLE[kind]
    if role not in row.roles:
        with pytest.raises(NotAllowed):
            decide(COMMANDS[kind], dispute, ctx)
    elif phase not in row.phases:
        expected = NotFound if phase is Phase.NONE else WrongPhase
        with pytest.raises(AlreadyFiled if kind is FileDispute else expected):
            decide(COMMANDS[kind], dispute, ctx)
    else:
        answer = ask(kind, PHASES[phase], role)
        assert not isinstance(answer, NotAllowed | WrongPhase)
        if isinstance(answer, tuple):
            again = ask(kind, (*PHASES[phase], *answer), role)
            assert again == () or isinstance(again, Refusal) or kind in REPEATABLE


def ask(
    kind: type[Command], history: tuple[DisputeEvent, ...], role: Role
) -> tuple[DisputeEvent, ...] | Refusal:
    try:
        return decide(COMMANDS[kind], fold(history), context(ACTORS[role]))
    except Refusal as refusal:
        return refusal


@pytest.mark.parametrize(("phase", "role"), [*itertools.product(Phase, Role)])
def test_a_case_offers_exactly_what_the_table_allows(phase: Phase, role: Role) -> None:
    dispute, ctx = in_phase(phase), context(ACTORS[role])
    offered = {action.command for action in possible(dispute, ctx)}
    allowed = {
        kind
        for kind, row in LIFECYCLE.items()
        if role in row.roles and phase in row.phases
    }
    assert offered <= allowed
    for kind in COMMANDS.keys() - allowed:
        with pytest.raises(Refusal):
            decide(COMMANDS[kind], dispute, ctx)


@pytest.mark.parametrize(("phase", "role"), [*itertools.product(Phase, Role)])
def test_whatever_a_case_offers_is_accepted(phase: Phase, role: Role) -> None:
    dispute, ctx = in_phase(phase), context(ACTORS[role])
    for action in possible(dispute, ctx):
        command = COMMANDS[action.command]
        if action.item is not None:
            field = "number" if hasattr(command, "number") else "obligation"
            command = replace(command, **{field: action.item})
        decide(fitting(command, dispute, ctx), dispute, ctx)


def fitting(command: DisputeCommand, dispute: Dispute, ctx: Context) -> DisputeCommand:
    """Fill in what depends on the case: triggers, causes, methods, channels."""
    match command:
        case Escalate():
            return replace(command, trigger=triggers(dispute, ctx)[0])
        case Suspend() if ctx.actor.role is Role.SUPERVISOR:
            return Suspend(cause=SuspensionCause.PLATFORM, days=3)
        case FileDispute() if ctx.actor.role in STAFF:
            return replace(command, channel="platform-initiated")
        case ExtendDeadline():
            limit = next(iter(extendable_deadlines(dispute, ctx)))
            return replace(command, awaited=limit.awaited, party=limit.party)
        case _:
            return command
