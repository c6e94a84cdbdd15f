"""Plays the sample cases through the real application, each on an order of its own."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from msgspec.structs import replace

from application.cases.case import Case, CommandRequest
from application.cases.disputes import Disputes
from domain.admission.commands import Refuse
from domain.case.command import Command
from domain.filing.commands import FileDispute, Withdraw
from domain.identity import natural_key
from domain.roles import Actor
from tests.conftest import Clock
from tests.sample_commands import COMMANDS
from tests.samples import (
    ADMITTED,
    BUYER,
    CLOSED,
    ESCALATED,
    FILED,
    MEDIATOR,
    NEGOTIATING,
    OFFERED,
    REPORTED,
    RULED,
    SETTLED,
    TO_RULE,
    UNANSWERED,
)

Story = tuple[tuple[Actor, Command] | timedelta, ...]

STORIES: dict[str, Story] = {
    "filed": FILED,
    "admitted": ADMITTED,
    "unanswered": UNANSWERED,
    "negotiating": NEGOTIATING,
    "offered": OFFERED,
    "settled": SETTLED,
    "escalated": ESCALATED,
    "to-rule": TO_RULE,
    "ruled": RULED,
    "reported": REPORTED,
    "closed": CLOSED,
    "refused": (*FILED, (MEDIATOR, COMMANDS[Refuse])),
    "withdrawn": (*NEGOTIATING, (BUYER, COMMANDS[Withdraw])),
    "silent": (*ADMITTED, *[timedelta(days=1)] * 20),
}


def ask(disputes: Disputes, case: UUID, actor: Actor, command: Command) -> Case:
    """Send one command under a key of its own."""
    request = CommandRequest(
        case=case, actor=actor, command_id=uuid4(), digest=uuid4().bytes * 2
    )
    return disputes.handle(request, command)


def tell(disputes: Disputes, clock: Clock, name: str, order: str) -> UUID:
    """Play a story from its beginning; the clock only goes forward."""
    case = natural_key("shop", "b-1", order, "1", "defect", 1)
    for step in STORIES[name]:
        if isinstance(step, timedelta):
            clock.now += step
            continue
        actor, command = step
        if isinstance(command, FileDispute):
            command = replace(command, order=replace(command.order, id=order))
        ask(disputes, case, actor, command)
    return case


def tell_all(disputes: Disputes, clock: Clock, times: int = 1) -> dict[str, UUID]:
    """Play every story; return the last case of each."""
    cases = {}
    for n in range(times):
        for name in STORIES:
            cases[name] = tell(disputes, clock, name, f"{name}-{n}")
    return cases
