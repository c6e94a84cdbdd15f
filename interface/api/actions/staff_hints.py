"""What the fields of the platform's actions may hold now, but for its decisions."""

from __future__ import annotations

from collections.abc import Mapping

from domain.admission.commands import ReferOut, Refuse
from domain.assignment.commands import Assign, Recuse
from domain.case.actions import Action
from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.enforcement.commands import (
    FailEnforcement,
    OrderEnforcement,
    RecoverAdvance,
)
from domain.enforcement.decide import methods_for, payable, unrecovered
from domain.enforcement.money_movements import PAYS_FROM
from domain.evidence.commands import AssessEvidence, RequestEvidence
from domain.inquiries.commands import SendInquiry
from domain.inquiries.decide import INSPECTION
from domain.money import Money
from domain.performance.decide import duty
from domain.roles import Role
from domain.sanctions.commands import ImposeSanction
from interface.api.actions.hints import Hints, codes, money, only_when, some, when
from interface.api.actions.party_hints import Asks

NOT = ("false",)


def _refusal(_: Action, __: Dispute, context: Context) -> Hints:
    routes = codes(context.codes.routes)
    return {"ground": codes(context.codes.grounds), "routes": {**routes, **some()}}


def _referral(_: Action, __: Dispute, context: Context) -> Hints:
    return {"authority": codes(context.codes.routes)}


def _oneself(_: Action, __: Dispute, context: Context) -> Hints:
    """Only a supervisor names another mediator."""
    if context.actor.role is Role.SUPERVISOR:
        return {}
    return {"mediator": codes([context.actor.id])}


def _request(_: Action, __: Dispute, context: Context) -> Hints:
    return {"kinds": {**codes(context.codes.evidence), **some()}}


def _assessment(_: Action, __: Dispute, ___: Context) -> Hints:
    return {"ground": when(authentic=NOT, relevant=NOT, legal=NOT)}


def _inquiry(_: Action, dispute: Dispute, context: Context) -> Hints:
    kinds = context.codes.inquiries
    standing = bool(dispute.pauses)
    return {"kind": codes(one for one in kinds if not (standing and one == INSPECTION))}


def _enforcement(action: Action, dispute: Dispute, context: Context) -> Hints:
    owing = duty(dispute, action.item or 0)
    most = _capped(payable(owing, dispute), dispute)
    unpayable = most is not None and not most.amount
    methods = [
        one for one in methods_for(owing) if not (unpayable and one in PAYS_FROM)
    ]
    paying = (one for one in methods if one in PAYS_FROM)
    return {
        "obligation": codes([action.item]),
        "method": codes(methods),
        **money("amount", most, context, **only_when(method=paying)),
    }


def _failure(_: Action, __: Dispute, context: Context) -> Hints:
    return {
        "cause": codes(context.codes.failures),
        "routes": {**codes(context.codes.routes), **when(final=["true"]), **some()},
    }


def _recovery(_: Action, dispute: Dispute, context: Context) -> Hints:
    return money("amount", _capped(unrecovered(dispute), dispute), context)


def _capped(minor: int, dispute: Dispute) -> Money | None:
    """Return an amount in the currency of the order, and not above it."""
    paid = dispute.paid
    return None if paid is None else Money(min(minor, paid.amount), paid.currency)


def _sanction(_: Action, __: Dispute, context: Context) -> Hints:
    return {
        "kind": codes(context.codes.sanctions),
        "breach": codes(context.codes.breaches),
    }


STAFF: Mapping[type[Command], Asks] = {
    Refuse: _refusal,
    ReferOut: _referral,
    Assign: _oneself,
    Recuse: _oneself,
    RequestEvidence: _request,
    AssessEvidence: _assessment,
    SendInquiry: _inquiry,
    OrderEnforcement: _enforcement,
    FailEnforcement: _failure,
    RecoverAdvance: _recovery,
    ImposeSanction: _sanction,
}
