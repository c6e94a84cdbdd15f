"""Performance: reported, confirmed and contested, as clients send it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.performance.commands import ConfirmFulfilment, ContestFulfilment, Fulfil
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import SAYS, Body, Number, Text
from interface.api.commands.hints import Hints, codes


class FulfilmentBody(Body, frozen=True, kw_only=True):
    """Report an obligation as performed. `reference`: of a payment or a parcel."""

    obligation: Number
    statement: Text | None = None
    reference: (
        Annotated[str, Meta(min_length=1, max_length=200, pattern=SAYS)] | None
    ) = None


class ContestBody(Body, frozen=True, kw_only=True):
    """What was reported was not performed."""

    statement: Text


def _fulfilment(action: Action, _: Dispute, __: Context) -> Hints:
    return {"obligation": codes([action.item])}


ROUTES = (
    CommandRoute(
        command=Fulfil,
        path="fulfilments",
        operation="reportFulfilment",
        tag="parties",
        summary="Report performance",
        about="Report an obligation as performed (debtor, or platform for payments).",
        body=FulfilmentBody,
        examples=(("Paid back", {"obligation": 1, "reference": "pay-20261123-77"}),),
        hints=_fulfilment,
    ),
    CommandRoute(
        command=ConfirmFulfilment,
        path="fulfilments/{n}/confirmation",
        operation="confirmFulfilment",
        tag="parties",
        summary="Confirm performance",
        about="Confirm that an obligation was performed (creditor). Takes no body.",
        item="obligation",
    ),
    CommandRoute(
        command=ContestFulfilment,
        path="fulfilments/{n}/contest",
        operation="contestFulfilment",
        tag="parties",
        summary="Contest performance",
        about="Say that what was reported was not performed (creditor).",
        body=ContestBody,
        item="obligation",
        examples=(("Contest performance", {"statement": "No money has arrived."}),),
    ),
)
