"""What a caller can do with a case now, and whom the case waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from domain.commands import (
    AcceptOffer,
    Admit,
    Assign,
    Command,
    ConfirmFulfilment,
    DeclineOffer,
    Escalate,
    Fulfil,
    MakeOffer,
    Refuse,
    RespondToClaim,
    Rule,
    SubmitEvidence,
)
from domain.context import Context
from domain.deadlines import Awaited, Deadline
from domain.decide.admission import may_assign
from domain.decide.escalation import may_submit, triggers
from domain.decide.negotiation import answerable_offers
from domain.decide.performance import confirmable, reportable
from domain.dispute import Dispute, Phase
from domain.lifecycle import LIFECYCLE, is_concerned
from domain.policy import Policy
from domain.roles import Party


class Action(Struct, frozen=True):
    """A command that would not be refused for its time or its author.

    `item` numbers the offer or obligation it is about; `due` is when the time for it
    ends (UTC), where it has an end.
    """

    command: type[Command]
    item: int | None = None
    due: datetime | None = None


class Waiting(Struct, frozen=True):
    """Who is waited for, for what, until when (UTC); `service`: of a notice."""

    party: Party
    awaited: str
    due: datetime | None = None


AWAITED_BY: Mapping[type[Command], Awaited] = {
    Admit: Awaited.ADMISSION,
    Refuse: Awaited.ADMISSION,
    RespondToClaim: Awaited.RESPONSE,
    MakeOffer: Awaited.NEGOTIATION,
    AcceptOffer: Awaited.OFFER_ANSWER,
    DeclineOffer: Awaited.OFFER_ANSWER,
    Escalate: Awaited.ESCALATION,
    SubmitEvidence: Awaited.EVIDENCE,
    Rule: Awaited.RULING,
    Fulfil: Awaited.PERFORMANCE,
    ConfirmFulfilment: Awaited.CONFIRMATION,
}

Items = Callable[[Dispute, Context], tuple[int | None, ...]]


def _once_if(open_now: Callable[[Dispute, Context], object]) -> Items:
    return lambda dispute, context: (None,) if open_now(dispute, context) else ()


ITEMS: Mapping[type[Command], Items] = {
    AcceptOffer: answerable_offers,
    Assign: _once_if(may_assign),
    ConfirmFulfilment: confirmable,
    DeclineOffer: answerable_offers,
    Escalate: _once_if(triggers),
    Fulfil: reportable,
    SubmitEvidence: _once_if(may_submit),
}


def possible(dispute: Dispute, context: Context) -> tuple[Action, ...]:
    """List what the caller may do now, once for each thing it can be done to."""
    role, phase = context.actor.acts_as, dispute.phase
    if not is_concerned(context.actor, dispute):
        return ()
    return tuple(
        Action(kind, item, _due(kind, item, dispute, context))
        for kind, row in LIFECYCLE.items()
        if role in row.roles and phase in row.phases
        for item in (ITEMS[kind](dispute, context) if kind in ITEMS else (None,))
    )


def _due(
    kind: type[Command], item: int | None, dispute: Dispute, context: Context
) -> datetime | None:
    awaited = AWAITED_BY.get(kind)
    ends = (
        deadline.due
        for deadline in dispute.deadlines
        if deadline.awaited is awaited
        and deadline.party in {context.actor.party, Party.BOTH}
        and item in {None, deadline.item}
    )
    return min(ends, default=None)


def waiting_on(dispute: Dispute) -> Waiting | None:
    """Say whom the case waits for: what is due first, missed or not; else by phase."""
    awaited = (*dispute.missed, *dispute.deadlines)
    if awaited:
        return _first_awaited(awaited)
    match dispute.phase:
        case Phase.NONE | Phase.CLOSED:
            return None
        case Phase.FILED:
            return Waiting(Party.PLATFORM, Awaited.ADMISSION)
        case Phase.RULING:
            return Waiting(Party.PLATFORM, Awaited.RULING)
        case _ if dispute.notices:
            return Waiting(Party.PLATFORM, "service")
        case Phase.AWAITING_RESPONSE | Phase.UNANSWERED:
            return Waiting(Party.SELLER, Awaited.RESPONSE)
        case Phase.NEGOTIATING:
            return Waiting(Party.BOTH, Awaited.NEGOTIATION)
        case Phase.EVIDENCE:
            return Waiting(Party.BOTH, Awaited.EVIDENCE)
        case Phase.PERFORMING:
            return Waiting(_first_debtor(dispute), Awaited.PERFORMANCE)


def silence_leads_to(awaited: str, policy: Policy) -> str:
    """Say in a word what follows when nobody does what is awaited."""
    match awaited:
        case Awaited.RESPONSE:
            return policy.silence.response
        case Awaited.NEGOTIATION:
            return policy.silence.negotiation
        case Awaited.ESCALATION:
            return policy.silence.escalation
        case Awaited.OFFER_ANSWER:
            return "lapses"
        case Awaited.EVIDENCE:
            return "evidence-closes"
        case Awaited.PERFORMANCE:
            return "default"
        case Awaited.CONFIRMATION:
            return "deemed"
        case "service":
            return "starts-with-service"
        case _:
            return "recorded"


def _first_awaited(awaited: tuple[Deadline, ...]) -> Waiting:
    first = min(awaited, key=lambda one: (one.due, one.awaited, one.party))
    asked = {
        one.party
        for one in awaited
        if (one.due, one.awaited) == (first.due, first.awaited)
    }
    party = first.party if len(asked) == 1 else Party.BOTH
    return Waiting(party, first.awaited, first.due)


def _first_debtor(dispute: Dispute) -> Party:
    debtors = (duty.owed.debtor for duty in dispute.duties if not duty.reported)
    return next(debtors, Party.PLATFORM)
