"""Admission, refusal, referral, withdrawal and who has the case (2, 3.1, 3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.codes import Codes
from domain.commands.filing import Admit, Assign, Recuse, ReferOut, Refuse, Withdraw
from domain.context import Context
from domain.dispute import Dispute, Phase
from domain.events.any import DisputeEvent
from domain.events.filing import (
    Admitted,
    MediatorAssigned,
    MediatorRecused,
    ReferredToAuthority,
    Refused,
    Withdrawn,
)
from domain.events.performance import Closed
from domain.outcomes import ClaimResult, Outcome
from domain.refusals import Assigned, NoGround, NotAllowed, Problem, refuse_if
from domain.roles import Role

ILLEGAL = "illegal-goods"
AUTHORITY = "market-regulator"


def admit(command: Admit, _: Dispute, __: Context) -> tuple[DisputeEvent, ...]:
    """Take the case; the seller is then to be served notice."""
    return (Admitted(note=command.note),)


def refuse(command: Refuse, _: Dispute, context: Context) -> tuple[DisputeEvent, ...]:
    """Do not take the case; illegal goods are referred to the authority as well."""
    refuse_if(_refusal_problems(command, context.codes))
    refused = Refused(
        ground=command.ground,
        explanation=command.explanation,
        routes=command.routes,
        decided_by=context.actor.id,
    )
    if command.ground != ILLEGAL:
        return refused, _closed(Outcome.REFUSED)
    referred = ReferredToAuthority(
        authority=AUTHORITY, cause=ILLEGAL, note=command.explanation
    )
    return refused, referred, _closed(Outcome.REFERRED)


def _refusal_problems(command: Refuse, codes: Codes) -> Iterator[Problem]:
    if command.ground not in codes.grounds:
        allowed = {"allowed": ", ".join(codes.grounds)}
        yield Problem("/ground", "unknown-code", allowed)
    if not command.explanation.strip():
        yield Problem("/explanation", "required")
    yield from route_problems(command.routes, codes)


def route_problems(routes: tuple[str, ...], codes: Codes) -> Iterator[Problem]:
    """Yield what is wrong with the other ways that a party is shown."""
    if not routes:
        yield Problem("/routes", "required")
    for number, route in enumerate(routes):
        if route not in codes.routes:
            allowed = {"allowed": ", ".join(codes.routes)}
            yield Problem(f"/routes/{number}", "unknown-code", allowed)


def refer_out(
    command: ReferOut, _: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Hand the case to an authority or a court; here it is over."""
    known = context.codes.routes
    if command.authority not in known:
        allowed = {"allowed": ", ".join(known)}
        refuse_if([Problem("/authority", "unknown-code", allowed)])
    referred = ReferredToAuthority(
        authority=command.authority, cause="referred", note=command.note
    )
    return referred, _closed(Outcome.REFERRED)


def withdraw(
    command: Withdraw, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Give the case up."""
    if not may_withdraw(dispute, context):
        raise NoGround(reason="decided")
    return Withdrawn(reason=command.reason), _closed(Outcome.WITHDRAWN)


def may_withdraw(dispute: Dispute, _: Context) -> bool:
    """Tell whether nothing is owed yet: a case that was decided can only rest."""
    return dispute.before not in {Phase.PERFORMING, Phase.ENFORCING}


def _closed(outcome: Outcome) -> Closed:
    return Closed(outcome=outcome, claim=ClaimResult.NONE)


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
    """Tell whether the caller may assign this case now."""
    return context.actor.role is Role.SUPERVISOR or dispute.assignee is None


def _may_name(command: Assign, context: Context) -> bool:
    """Tell whether the caller may give cases to this mediator, or takes it himself."""
    actor = context.actor
    return actor.role is Role.SUPERVISOR or command.mediator == actor.id


def _assignee_problems(command: Assign, dispute: Dispute) -> Iterator[Problem]:
    if command.mediator in {dispute.buyer, dispute.seller, *dispute.recused}:
        yield Problem("/mediator", "conflicted")


def recuse(
    command: Recuse, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Take a mediator out: oneself, or as a supervisor anybody."""
    who = command.mediator or context.actor.id or ""
    if who != context.actor.id and context.actor.role is not Role.SUPERVISOR:
        raise NotAllowed(role=context.actor.role)
    if who in dispute.recused:
        return ()
    return (MediatorRecused(mediator=who, conflict=command.conflict),)
