"""What the fields of a party's actions may hold now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.actions import Action
from domain.clock import LimitName
from domain.commands.clocks import Suspend
from domain.commands.command import Command
from domain.commands.investigation import Escalate, SubmitEvidence
from domain.commands.negotiation import MakeOffer, RespondToClaim
from domain.commands.performance import Fulfil
from domain.context import Context
from domain.decide.escalation import triggers
from domain.decide.evidence import kinds_asked
from domain.decide.suspension import ELSEWHERE
from domain.dispute import Dispute
from domain.outcomes import SuspensionCause
from domain.roles import STAFF
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
