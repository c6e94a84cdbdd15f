"""decide: from a command to events, or to a refusal."""

from __future__ import annotations

from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.case.lifecycle import LIFECYCLE
from domain.case.lifecycle_row import colleague
from domain.conflicts_of_interest import is_concerned, relations
from domain.filing.commands import FileDispute
from domain.refusals import (
    AlreadyFiled,
    Assigned,
    Conflicted,
    NotAllowed,
    NotFound,
    WrongPhase,
)


def decide(
    command: Command, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Return the events that follow from a command; none if nothing would change.

    Raises a Refusal that says what is wrong; nothing is recorded then.
    """
    guard(type(command), dispute, context)
    return LIFECYCLE[type(command)].decide(command, dispute, context)


def guard(kind: type[Command], dispute: Dispute, context: Context) -> None:
    """Raise a Refusal unless the actor may give this command in this phase.

    NotAllowed, NotFound, AlreadyFiled, Conflicted, WrongPhase or Assigned.
    """
    row, actor = LIFECYCLE[kind], context.actor
    # The role comes first: this refusal says nothing about the case.
    if actor.acts_as not in row.roles:
        raise NotAllowed(role=actor.acts_as)
    # Filing is the one command for which there is no case yet, so no party of one.
    if kind is FileDispute:
        if dispute.phase is not Phase.NONE:
            raise AlreadyFiled
        return
    # A stranger must not learn that the case exists, so this refusal comes before any
    # that names its phase, and is the same as for a case that does not exist.
    if dispute.phase is Phase.NONE or not is_concerned(actor, dispute):
        raise NotFound
    # min: one relation of several, and always the same one.
    if barring := relations(actor, dispute) & row.barred:
        raise Conflicted(relation=min(barring))
    if dispute.phase not in row.phases:
        raise WrongPhase(phase=dispute.phase)
    if holder := colleague(row, actor, dispute):
        raise Assigned(mediator=holder)
