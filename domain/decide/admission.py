"""Admission, refusal, withdrawal and assignment (3.1, 3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.commands import Admit, Assign, Refuse, Withdraw
from domain.context import Context
from domain.dispute import Dispute
from domain.events import (
    Admitted,
    Closed,
    DisputeEvent,
    MediatorAssigned,
    Refused,
    Withdrawn,
)
from domain.outcomes import ClaimResult, Outcome
from domain.refusals import Assigned, Problem, refuse_if
from domain.roles import Role


def admit(command: Admit, _: Dispute, __: Context) -> tuple[DisputeEvent, ...]:
    """Take the case; the seller is then to be served notice."""
    return (Admitted(note=command.note),)


def refuse(command: Refuse, _: Dispute, context: Context) -> tuple[DisputeEvent, ...]:
    """Do not take the case: ground, reasons in words, and other routes."""
    refuse_if(_refusal_problems(command, context))
    refused = Refused(
        ground=command.ground, explanation=command.explanation, routes=command.routes
    )
    return refused, Closed(outcome=Outcome.REFUSED, claim=ClaimResult.NONE)


def _refusal_problems(command: Refuse, context: Context) -> Iterator[Problem]:
    codes = context.codes
    if command.ground not in codes.grounds:
        allowed = {"allowed": ", ".join(codes.grounds)}
        yield Problem("/ground", "unknown-code", allowed)
    if not command.routes:
        yield Problem("/routes", "required")
    for number, route in enumerate(command.routes):
        if route not in codes.routes:
            allowed = {"allowed": ", ".join(codes.routes)}
            yield Problem(f"/routes/{number}", "unknown-code", allowed)


def withdraw(command: Withdraw, _: Dispute, __: Context) -> tuple[DisputeEvent, ...]:
    """Give the case up."""
    closed = Closed(outcome=Outcome.WITHDRAWN, claim=ClaimResult.NONE)
    return Withdrawn(reason=command.reason), closed


def assign(
    command: Assign, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Give the case to a mediator; only a supervisor takes it from another."""
    if dispute.assignee == command.mediator:
        return ()
    if not may_assign(dispute, context) or not _may_name(command, context):
        raise Assigned(mediator=dispute.assignee or command.mediator)
    return (MediatorAssigned(mediator=command.mediator),)


def may_assign(dispute: Dispute, context: Context) -> bool:
    """Tell whether the caller may assign this case now."""
    return context.actor.role is Role.SUPERVISOR or dispute.assignee is None


def _may_name(command: Assign, context: Context) -> bool:
    """Tell whether the caller may give cases to this mediator, or takes it himself."""
    actor = context.actor
    return actor.role is Role.SUPERVISOR or command.mediator == actor.id
