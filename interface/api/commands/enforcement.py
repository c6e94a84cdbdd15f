"""Enforcement and the recovery of advances, as clients send them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.enforcement.commands import (
    ExecuteEnforcement,
    FailEnforcement,
    OrderEnforcement,
    RecoverAdvance,
)
from domain.enforcement.decide import methods_for, payable, unrecovered
from domain.enforcement.money_movements import PAYS_FROM
from domain.money import Money
from domain.performance.decide import duty
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import (
    MONEY_EXAMPLE,
    Body,
    Code,
    MoneyBody,
    Number,
    Reference,
)
from interface.api.commands.hints import Hints, codes, money, only_when, some, when


class EnforcementBody(Body, frozen=True, kw_only=True):
    """Execute an obligation in default by a method (a code); money by its amount."""

    obligation: Number
    method: Code
    amount: MoneyBody | None = None


class ExecutionBody(Body, frozen=True, kw_only=True):
    """What was ordered was executed; `reference`: of the payment or measure."""

    reference: Reference


class EnforcementFailureBody(Body, frozen=True, kw_only=True):
    """It could not be executed; `final` gives the obligation up, naming routes."""

    cause: Code
    final: bool = False
    routes: Annotated[tuple[Code, ...], Meta(max_length=10)] = ()


class RecoveryBody(Body, frozen=True, kw_only=True):
    """What the seller paid back of an advance."""

    amount: MoneyBody
    reference: Reference


def _enforcement(action: Action, dispute: Dispute, context: Context) -> Hints:
    owing = duty(dispute, action.item or 0)
    most = _capped(payable(owing, dispute), dispute)
    # Nothing is left to be paid in place of a thing: only pressing methods fit.
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
    """Return an amount in the currency of the order, and not above what it cost."""
    paid = dispute.paid
    return None if paid is None else Money(min(minor, paid.amount), paid.currency)


ROUTES = (
    CommandRoute(
        command=OrderEnforcement,
        path="enforcement",
        operation="orderEnforcement",
        tag="staff",
        summary="Order enforcement",
        about="Execute an obligation in default by a method.",
        body=EnforcementBody,
        examples=(
            (
                "Order enforcement",
                {"obligation": 1, "method": "deduct-deposit", "amount": MONEY_EXAMPLE},
            ),
        ),
        hints=_enforcement,
    ),
    CommandRoute(
        command=ExecuteEnforcement,
        path="enforcement/{n}/execution",
        operation="recordExecution",
        tag="staff",
        summary="Report the execution",
        about="Record that what was ordered was executed.",
        body=ExecutionBody,
        examples=(("Report the execution", {"reference": "dep-77"}),),
    ),
    CommandRoute(
        command=FailEnforcement,
        path="enforcement/{n}/failure",
        operation="recordEnforcementFailure",
        tag="staff",
        summary="Report the failure",
        about="Record that it could not be executed; `final` gives it up.",
        body=EnforcementFailureBody,
        examples=(
            (
                "Report the failure",
                {"cause": "insufficient-funds", "final": True, "routes": ["court"]},
            ),
        ),
        hints=_failure,
    ),
    CommandRoute(
        command=RecoverAdvance,
        path="recovery",
        operation="recordRecovery",
        tag="staff",
        summary="Record a recovery",
        about="Record what the seller paid back of what the platform had advanced.",
        body=RecoveryBody,
        examples=(
            ("Record a recovery", {"amount": MONEY_EXAMPLE, "reference": "set-9"}),
        ),
        hints=_recovery,
    ),
)
