"""Who has the case, who may not, and notes (2): what follows."""

from __future__ import annotations

from collections.abc import Iterator

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.mediators.commands import AddNote, Assign, Recuse, TagCase
from domain.mediators.events import (
    CaseTagged,
    MediatorAssigned,
    MediatorRecused,
    NoteAdded,
)
from domain.names import same
from domain.refusals import Assigned, NotAllowed, Problem, refuse_if
from domain.roles import Role

MOST_TAGS = 20


def assign(
    command: Assign, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Give the case to a mediator; from a colleague only by saying so."""
    holder = dispute.assignee
    if holder == command.mediator:
        return ()
    supervises = context.actor.role is Role.SUPERVISOR
    if not _may_name(command, context):
        raise Assigned(mediator=holder or command.mediator)
    # A case changes hands knowingly: whoever claims it has seen who works on it.
    if holder is not None and not (supervises or command.take_over):
        raise Assigned(mediator=holder)
    refuse_if(_assignee_problems(command, dispute))
    return (
        MediatorAssigned(
            mediator=command.mediator, remark=command.remark, taken_from=holder
        ),
    )


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


def tag(command: TagCase, dispute: Dispute, _: Context) -> tuple[DisputeEvent, ...]:
    """Change the tags; each is there once, in the order of their letters."""
    tags = tuple(sorted({*dispute.tags, *command.add} - {*command.remove}))
    if len(tags) > MOST_TAGS:
        refuse_if([Problem("/add", "too-many-tags", {"limit": str(MOST_TAGS)})])
    return () if tags == dispute.tags else (CaseTagged(tags=tags),)


def add_note(command: AddNote, _: Dispute, __: Context) -> tuple[DisputeEvent, ...]:
    """Keep the note; it changes nothing else of the case."""
    return (NoteAdded(text=command.text),)
