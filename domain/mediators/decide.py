"""Who has the case, who may not, and notes (2): what follows."""

from __future__ import annotations

from collections.abc import Iterator

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.mediators.commands import AddNote, Assign, Recuse
from domain.mediators.events import MediatorAssigned, MediatorRecused, NoteAdded
from domain.names import same
from domain.refusals import Assigned, NotAllowed, Problem, refuse_if
from domain.roles import Role


def assign(
    command: Assign, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Give the case to a mediator; only a supervisor takes it from another."""
    if dispute.assignee == command.mediator:
        return ()
    if not may_assign(dispute, context) or not _may_name(command, context):
        raise Assigned(mediator=dispute.assignee or command.mediator)
    refuse_if(_assignee_problems(command, dispute))
    return (MediatorAssigned(mediator=command.mediator),)


def may_assign(dispute: Dispute, context: Context) -> bool:
    """Tell whether the actor may assign this case now."""
    return context.actor.role is Role.SUPERVISOR or dispute.assignee is None


def _may_name(command: Assign, context: Context) -> bool:
    """Tell whether the actor may name this mediator: a supervisor, or oneself."""
    actor = context.actor
    return actor.role is Role.SUPERVISOR or same(command.mediator, actor.id)


def _assignee_problems(command: Assign, dispute: Dispute) -> Iterator[Problem]:
    barred = (dispute.buyer, dispute.seller, *dispute.recused)
    if any(same(command.mediator, one) for one in barred):
        yield Problem("/mediator", "conflicted")


def recuse(
    command: Recuse, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Take a mediator out of the case: oneself, or, as a supervisor, anybody."""
    who = command.mediator or context.actor.id or ""
    if not same(who, context.actor.id) and context.actor.role is not Role.SUPERVISOR:
        raise NotAllowed(role=context.actor.role)
    if any(same(who, one) for one in dispute.recused):
        return ()
    return (MediatorRecused(mediator=who, conflict=command.conflict),)


def add_note(command: AddNote, _: Dispute, __: Context) -> tuple[DisputeEvent, ...]:
    """Keep the note; it changes nothing else of the case."""
    return (NoteAdded(text=command.text),)
