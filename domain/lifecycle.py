"""The lifecycle: which command is possible in which phases, for which roles.

This one table drives the guard, the actions that a case offers, the diagram in the
documentation and a test over every command, phase and role. A row also names what a
person of the platform may not be to the case.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from domain.commands.clocks import (
    ExtendDeadline,
    PassDeadline,
    ProveSuspension,
    Resume,
    ServeNotice,
    Suspend,
)
from domain.commands.command import Command
from domain.commands.filing import (
    Admit,
    Assign,
    FileDispute,
    Recuse,
    ReferOut,
    Refuse,
    Reopen,
    Withdraw,
)
from domain.commands.investigation import (
    AnswerInquiry,
    AssessEvidence,
    AssignBurden,
    Escalate,
    HandInEvidence,
    RequestEvidence,
    SendInquiry,
    SubmitEvidence,
)
from domain.commands.negotiation import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    PostMessage,
    RespondToClaim,
)
from domain.commands.performance import (
    ConfirmFulfilment,
    ContestFulfilment,
    ExecuteEnforcement,
    FailEnforcement,
    Fulfil,
    ImposeSanction,
    LiftSanction,
    OrderEnforcement,
    PublishSanction,
    RecoverAdvance,
)
from domain.commands.privacy import (
    EraseSubject,
    LiftHold,
    LiftRestriction,
    PlaceHold,
    Restrict,
)
from domain.commands.ruling import (
    Appeal,
    ApproveRuling,
    DecideAppeal,
    DraftRuling,
    RefuseAppeal,
    RequestHumanReview,
    Rule,
)
from domain.context import Context
from domain.dispute import Dispute, Phase
from domain.refusals import AlreadyFiled, Conflicted, NotAllowed, NotFound, WrongPhase
from domain.relations import Relation, is_concerned, relations
from domain.roles import STAFF, Role


class Row(Struct, frozen=True):
    """When a command is possible, for whom, and what bars a person from it."""

    phases: frozenset[Phase]
    roles: frozenset[Role]
    barred: frozenset[Relation]


IN_CONFLICT = frozenset({Relation.PARTY, Relation.RECUSED})


def _row(
    *phases: Phase,
    by: frozenset[Role] | set[Role],
    barred: frozenset[Relation] = IN_CONFLICT,
) -> Row:
    return Row(frozenset(phases), frozenset(by), barred)


LIVE = tuple(phase for phase in Phase if phase not in {Phase.NONE, Phase.CLOSED})
OWING = (Phase.PERFORMING, Phase.ENFORCING)
UNDECIDED = tuple(one for one in LIVE if one not in {*OWING, Phase.APPEAL})
PROVING = tuple(one for one in UNDECIDED if one not in {Phase.RULING, Phase.SUSPENDED})
EXAMINING = (Phase.EVIDENCE, Phase.RULING)
BARGAINING = (Phase.NEGOTIATING, *EXAMINING, Phase.SUSPENDED)
ADMITTED = tuple(
    one for one in LIVE if one not in {Phase.FILED, Phase.APPEAL, Phase.SUSPENDED}
)
EVER = (*LIVE, Phase.CLOSED)
PARTIES = frozenset({Role.BUYER, Role.SELLER})
SUPERVISOR = frozenset({Role.SUPERVISOR})
CLIENT = frozenset({Role.PLATFORM})
HOLDERS = frozenset({Role.REGULATOR, Role.SUPERVISOR})
SECOND = IN_CONFLICT | {Relation.DRAFTER}
OTHER = IN_CONFLICT | {Relation.DECIDER}

LIFECYCLE: Mapping[type[Command], Row] = {
    FileDispute: _row(Phase.NONE, by={Role.BUYER} | STAFF),
    Reopen: _row(Phase.CLOSED, by={Role.BUYER}),
    Admit: _row(Phase.FILED, by=STAFF),
    Refuse: _row(Phase.FILED, by=STAFF),
    ReferOut: _row(*LIVE, by=STAFF),
    Withdraw: _row(*UNDECIDED, by={Role.BUYER}),
    Assign: _row(*LIVE, by=STAFF),
    Recuse: _row(*LIVE, by=STAFF, barred=frozenset()),
    ServeNotice: _row(*EVER, by={Role.CLOCK} | CLIENT),
    PassDeadline: _row(*EVER, by={Role.CLOCK}),
    ExtendDeadline: _row(*LIVE, by=SUPERVISOR),
    RespondToClaim: _row(Phase.AWAITING_RESPONSE, Phase.UNANSWERED, by={Role.SELLER}),
    PostMessage: _row(*LIVE, by=PARTIES | STAFF),
    MakeOffer: _row(*BARGAINING, by=PARTIES | STAFF),
    AcceptOffer: _row(*BARGAINING, by=PARTIES),
    DeclineOffer: _row(*BARGAINING, by=PARTIES),
    Escalate: _row(
        Phase.AWAITING_RESPONSE,
        Phase.UNANSWERED,
        Phase.NEGOTIATING,
        *OWING,
        by=PARTIES | STAFF,
    ),
    RequestEvidence: _row(*EXAMINING, by=STAFF),
    SubmitEvidence: _row(*PROVING, Phase.RULING, Phase.APPEAL, by=PARTIES | CLIENT),
    HandInEvidence: _row(*PROVING, Phase.RULING, Phase.APPEAL, by=PARTIES),
    AssessEvidence: _row(*EXAMINING, Phase.APPEAL, by=STAFF),
    AssignBurden: _row(*EXAMINING, by=STAFF),
    SendInquiry: _row(*EXAMINING, by=STAFF),
    AnswerInquiry: _row(*EXAMINING, by=STAFF | CLIENT),
    Rule: _row(Phase.RULING, by=STAFF),
    DraftRuling: _row(Phase.RULING, by=STAFF),
    ApproveRuling: _row(Phase.RULING, by=STAFF, barred=SECOND),
    RequestHumanReview: _row(*OWING, Phase.CLOSED, by=PARTIES),
    Appeal: _row(*OWING, Phase.APPEAL, Phase.CLOSED, by=PARTIES),
    RefuseAppeal: _row(Phase.APPEAL, by=SUPERVISOR, barred=OTHER),
    DecideAppeal: _row(Phase.APPEAL, by=SUPERVISOR, barred=OTHER),
    Suspend: _row(*ADMITTED, by=PARTIES | SUPERVISOR),
    ProveSuspension: _row(Phase.SUSPENDED, by=PARTIES),
    Resume: _row(Phase.SUSPENDED, by=PARTIES | SUPERVISOR),
    Fulfil: _row(*OWING, by=PARTIES | CLIENT),
    ConfirmFulfilment: _row(*OWING, by=PARTIES),
    ContestFulfilment: _row(*OWING, by=PARTIES),
    OrderEnforcement: _row(Phase.ENFORCING, by=STAFF),
    ExecuteEnforcement: _row(Phase.ENFORCING, by=STAFF | CLIENT),
    FailEnforcement: _row(Phase.ENFORCING, by=STAFF | CLIENT),
    RecoverAdvance: _row(*EVER, by=STAFF | CLIENT),
    ImposeSanction: _row(*OWING, Phase.CLOSED, by=SUPERVISOR),
    PublishSanction: _row(*EVER, by=STAFF | CLIENT),
    LiftSanction: _row(*EVER, by=SUPERVISOR),
    PlaceHold: _row(*EVER, by=HOLDERS),
    LiftHold: _row(*EVER, by=HOLDERS),
    Restrict: _row(Phase.CLOSED, by=SUPERVISOR),
    LiftRestriction: _row(*EVER, by=SUPERVISOR),
    EraseSubject: _row(Phase.CLOSED, by=SUPERVISOR),
}


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
