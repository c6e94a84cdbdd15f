"""What the fields of a party's actions may hold now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.case.actions import Action
from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.deadlines.time_limits import LimitName
from domain.escalation.commands import Escalate
from domain.escalation.decide import triggers
from domain.evidence.commands import SubmitEvidence
from domain.evidence.decide import kinds_asked
from domain.negotiation.commands import MakeOffer, RespondToClaim
from domain.performance.commands import Fulfil
from domain.roles import STAFF
from domain.suspension.commands import Suspend
from domain.suspension.decide import ELSEWHERE
from domain.suspension.events import SuspensionCause
from interface.api.actions.hints import Hints, codes, only_when, terms, when

Asks = Callable[[Action, Dispute, Context], Hints]


def _response(_: Action, dispute: Dispute, context: Context) -> Hints:
    positions = [
        one
        for one in context.codes.own("positions")
        if one != "accept" or dispute.claim is not None
    ]
    return {
        "position": codes(positions),
        "statement": when(position=["contest"]),
        "offer": only_when(position=["offer"]),
        **terms("offer", context.codes.claims, dispute.paid, context),
    }


def _offer(_: Action, dispute: Dispute, context: Context) -> Hints:
    return terms("terms", context.codes.claims, dispute.paid, context)


def _escalation(_: Action, dispute: Dispute, context: Context) -> Hints:
    return {"trigger": codes(triggers(dispute, context))}


def _evidence(_: Action, dispute: Dispute, context: Context) -> Hints:
    return {"kind": codes(sorted(kinds_asked(dispute, context)))}


def _fulfilment(action: Action, _: Dispute, __: Context) -> Hints:
    return {"obligation": codes([action.item])}


def _suspension(_: Action, dispute: Dispute, context: Context) -> Hints:
    ours = context.actor.acts_as in STAFF
    barred = ELSEWHERE if context.actor.party in dispute.unproved else frozenset()
    causes = tuple(
        one
        for one in SuspensionCause
        if ours is (one is SuspensionCause.PLATFORM) and one not in barred
    )
    longest = context.limit(LimitName.SUSPENSION).amount
    timed = (one for one in causes if one not in ELSEWHERE)
    return {
        "cause": codes(causes),
        "days": {**when(cause=timed), "min": 1, "max": longest},
        "note": when(cause=(one for one in causes if one in ELSEWHERE)),
    }


PARTIES: Mapping[type[Command], Asks] = {
    RespondToClaim: _response,
    MakeOffer: _offer,
    Escalate: _escalation,
    SubmitEvidence: _evidence,
    Fulfil: _fulfilment,
    Suspend: _suspension,
}
