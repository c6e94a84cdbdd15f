"""decide: from a command to events, or to a refusal."""

from __future__ import annotations

from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.case.lifecycle import LIFECYCLE
from domain.conflicts_of_interest import is_concerned, relations
from domain.filing.commands import FileDispute
from domain.refusals import AlreadyFiled, Conflicted, NotAllowed, NotFound, WrongPhase


def decide(
    command: Command, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Return the events that follow from a command; none if it is already so.

    Raises a Refusal that says what is wrong and records nothing.
    """
    guard(type(command), dispute, context)
    return LIFECYCLE[type(command)].decide(command, dispute, context)


def guard(kind: type[Command], dispute: Dispute, context: Context) -> None:
    """Raise a Refusal unless this is possible for this person in this phase.

    NotAllowed, NotFound, AlreadyFiled, Conflicted or WrongPhase. The order matters: a
    stranger is told that there is no such case before anything about its phase.
    """
    row, actor = LIFECYCLE[kind], context.actor
    if actor.acts_as not in row.roles:
        raise NotAllowed(role=actor.acts_as)
    if kind is FileDispute:
        if dispute.phase is not Phase.NONE:
            raise AlreadyFiled
        return
    if dispute.phase is Phase.NONE or not is_concerned(actor, dispute):
        raise NotFound
    if barring := relations(actor, dispute) & row.barred:
        raise Conflicted(relation=min(barring))
    if dispute.phase not in row.phases:
        raise WrongPhase(phase=dispute.phase)
