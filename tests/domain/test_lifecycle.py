"""The lifecycle table: every command in every phase by every role."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from domain.case.actions import possible
from domain.case.command import Command
from domain.case.context import Context
from domain.case.decide import decide
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.case.lifecycle import LIFECYCLE
from domain.deadlines.commands import ExtendDeadline
from domain.deadlines.decide import extendable_deadlines
from domain.escalation.commands import Escalate
from domain.escalation.decide import triggers
from domain.filing.commands import FileDispute
from domain.mediators.commands import AddNote
from domain.negotiation.commands import PostMessage
from domain.notices.commands import StateContact
from domain.refusals import AlreadyFiled, NotAllowed, NotFound, Refusal, WrongPhase
from domain.roles import STAFF, Role
from domain.suspension.commands import Suspend
from domain.suspension.events import SuspensionCause
from tests.domain.cells import check_cells
from tests.sample_commands import COMMANDS
from tests.samples import ACTORS, PHASES, context, in_phase

REPEATABLE = {PostMessage, AddNote, StateContact}
"""The same words said twice under two keys are two messages; under one key, one."""


def test_every_command_has_a_row_and_a_sample() -> None:
    assert set(LIFECYCLE) == set(below(Command)) == set(COMMANDS)


def below(kind: type[Command]) -> Iterator[type[Command]]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def test_the_samples_reach_every_phase() -> None:
    assert {phase: in_phase(phase).phase for phase in Phase} == {
        phase: phase for phase in Phase
    }


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
def test_a_command_is_answered_or_refused_as_the_table_says(
    kind: type[Command],
) -> None:
    check_cells(as_the_table_says, itertools.product([kind], Phase, Role))


def as_the_table_says(kind: type[Command], phase: Phase, role: Role) -> None:
    row = LIFECYCLE[kind]
    answer = ask(kind, PHASES[phase], role)
    if role not in row.roles:
        assert isinstance(answer, NotAllowed)
    elif phase not in row.phases:
        # Before admission the seller is no party, and hears of nothing.
        unheard = phase is Phase.FILED and role is Role.SELLER
        expected = NotFound if unheard or phase is Phase.NONE else WrongPhase
        assert isinstance(answer, AlreadyFiled if kind is FileDispute else expected)
    else:
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


@pytest.mark.parametrize("phase", Phase)
def test_a_case_offers_only_what_the_table_allows(phase: Phase) -> None:
    check_cells(offers_what_is_allowed, itertools.product([phase], Role))


def offers_what_is_allowed(phase: Phase, role: Role) -> None:
    allowed = {
        kind
        for kind, row in LIFECYCLE.items()
        if role in row.roles and phase in row.phases
    }
    assert offered(phase, role) <= allowed


@pytest.mark.parametrize("phase", Phase)
def test_what_a_case_does_not_offer_is_refused_or_changes_nothing(phase: Phase) -> None:
    check_cells(nothing_comes_of, itertools.product([phase], Role, COMMANDS))


def nothing_comes_of(phase: Phase, role: Role, kind: type[Command]) -> None:
    if kind not in offered(phase, role):
        answer = ask(kind, PHASES[phase], role)
        assert answer == () or isinstance(answer, Refusal)


@functools.cache
def offered(phase: Phase, role: Role) -> frozenset[type[Command]]:
    actions = possible(in_phase(phase), context(ACTORS[role]))
    return frozenset(action.command for action in actions)


def test_something_is_offered_in_every_phase() -> None:
    assert all(any(offered(phase, role) for role in Role) for phase in Phase)
    assert not any(offered(Phase.NONE, role) - {FileDispute} for role in Role)


@pytest.mark.parametrize("phase", Phase)
def test_whatever_a_case_offers_is_accepted(phase: Phase) -> None:
    check_cells(accepts_what_it_offers, itertools.product([phase], Role))


def accepts_what_it_offers(phase: Phase, role: Role) -> None:
    dispute, ctx = in_phase(phase), context(ACTORS[role])
    for action in possible(dispute, ctx):
        command = COMMANDS[action.command]
        if action.item is not None:
            field = "number" if hasattr(command, "number") else "obligation"
            command = replace(command, **{field: action.item})
        decide(fitting(command, dispute, ctx), dispute, ctx)


def fitting(command: Command, dispute: Dispute, ctx: Context) -> Command:
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
