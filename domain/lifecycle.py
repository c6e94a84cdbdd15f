"""The lifecycle: which command is possible in which phases, and for which roles.

This one table drives the guard, the actions that a case offers, the diagram in the
documentation and a test over every command, phase and role.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from domain.commands import (
    AcceptOffer,
    Admit,
    Assign,
    Command,
    ConfirmFulfilment,
    DeclineOffer,
    Escalate,
    FileDispute,
    Fulfil,
    MakeOffer,
    PassDeadline,
    Refuse,
    RespondToClaim,
    Rule,
    ServeNotice,
    SubmitEvidence,
    Withdraw,
)
from domain.context import Context
from domain.dispute import Dispute, Phase
from domain.refusals import AlreadyFiled, NotAllowed, NotFound, WrongPhase
from domain.roles import STAFF, Actor, Role


class Row(Struct, frozen=True):
    """When a command is possible, and for whom."""

    phases: frozenset[Phase]
    roles: frozenset[Role]


def _row(*phases: Phase, by: frozenset[Role] | set[Role]) -> Row:
    return Row(frozenset(phases), frozenset(by))


LIVE = tuple(phase for phase in Phase if phase not in {Phase.NONE, Phase.CLOSED})
UNDECIDED = tuple(phase for phase in LIVE if phase is not Phase.PERFORMING)
BEFORE_RULING = tuple(phase for phase in UNDECIDED if phase is not Phase.RULING)
PARTIES = {Role.BUYER, Role.SELLER}

LIFECYCLE: Mapping[type[Command], Row] = {
    FileDispute: _row(Phase.NONE, by={Role.BUYER}),
    Admit: _row(Phase.FILED, by=STAFF),
    Refuse: _row(Phase.FILED, by=STAFF),
    ServeNotice: _row(*LIVE, Phase.CLOSED, by={Role.CLOCK}),
    PassDeadline: _row(*LIVE, Phase.CLOSED, by={Role.CLOCK}),
    RespondToClaim: _row(Phase.AWAITING_RESPONSE, Phase.UNANSWERED, by={Role.SELLER}),
    MakeOffer: _row(Phase.NEGOTIATING, by=PARTIES),
    AcceptOffer: _row(Phase.NEGOTIATING, by=PARTIES),
    DeclineOffer: _row(Phase.NEGOTIATING, by=PARTIES),
    Escalate: _row(
        Phase.AWAITING_RESPONSE,
        Phase.UNANSWERED,
        Phase.NEGOTIATING,
        Phase.PERFORMING,
        by=PARTIES | STAFF,
    ),
    SubmitEvidence: _row(*BEFORE_RULING, by=PARTIES | {Role.PLATFORM}),
    Assign: _row(*LIVE, by=STAFF),
    Rule: _row(Phase.RULING, by=STAFF),
    Fulfil: _row(Phase.PERFORMING, by=PARTIES | {Role.PLATFORM}),
    ConfirmFulfilment: _row(Phase.PERFORMING, by=PARTIES),
    Withdraw: _row(*UNDECIDED, by={Role.BUYER}),
}


def guard(kind: type[Command], dispute: Dispute, context: Context) -> None:
    """Raise NotAllowed, NotFound, AlreadyFiled or WrongPhase unless this is possible.

    The order matters: a stranger is told that there is no such case before anything
    about its phase.
    """
    row = LIFECYCLE[kind]
    if context.actor.acts_as not in row.roles:
        raise NotAllowed(role=context.actor.acts_as)
    if kind is FileDispute:
        if dispute.phase is not Phase.NONE:
            raise AlreadyFiled
        return
    if dispute.phase is Phase.NONE or not is_concerned(context.actor, dispute):
        raise NotFound
    if dispute.phase not in row.phases:
        raise WrongPhase(phase=dispute.phase)


def is_concerned(actor: Actor, dispute: Dispute) -> bool:
    """Tell whether a buyer or seller is one of this case (others always are)."""
    if dispute.phase is Phase.NONE or actor.on_behalf_of is not None:
        return True
    match actor.role:
        case Role.BUYER:
            return actor.id is not None and actor.id == dispute.buyer
        case Role.SELLER:
            return actor.id is not None and actor.id == dispute.seller
        case _:
            return True
