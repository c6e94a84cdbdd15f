"""Commands on a case: one path each."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath

from domain.assignment.commands import Assign
from domain.negotiation.commands import AcceptOffer, DeclineOffer
from domain.performance.commands import ConfirmFulfilment
from interface.api.commands.requests import (
    AdmissionBody,
    AssignmentBody,
    DeclineBody,
    EscalationBody,
    FulfilmentBody,
    OfferBody,
    RefusalBody,
    ResponseBody,
    WithdrawalBody,
)
from interface.api.commands.rulings import RulingBody
from interface.api.context import asking
from interface.api.openapi.operations import ACT_PROBLEMS, Acting, example
from interface.api.responses.case import SellerCase
from interface.bootstrap import System

Req = Request[Any, Any, Any]
Answer = Response[SellerCase]

_HALF = {"kind": "refund", "amount": {"amount": "64.50", "currency": "CNY"}}
RESPONSE = example("Another offer", {"position": "offer", "offer": _HALF})
CONTEST = example(
    "Contest", {"position": "contest", "statement": "It left us without a fault."}
)
OFFER = example("Half back", {"terms": _HALF, "message": "Half, and you keep it."})
REFUSAL = example(
    "No basic facts",
    {
        "ground": "no-basis",
        "explanation": "The complaint does not say what is wrong.",
        "routes": ["consumer-association", "court"],
    },
)
DECLINE = example("No", {"message": "It cannot be used at all."})
WITHDRAWAL = example("Settled outside", {"reason": "The seller sent a new one."})
ADMISSION = example("With a note", {"note": "Photos are announced."})
ASSIGNMENT = example("To a colleague", {"mediator": "m-2"})
ESCALATION = example("No agreement", {"trigger": "no-agreement"})
RULING = example(
    "Full refund",
    {
        "liability": "seller",
        "remedies": [
            {"kind": "refund", "amount": {"amount": "129.00", "currency": "CNY"}}
        ],
        "reasons": [
            {
                "issue": "Was the kettle defective on arrival?",
                "finding": "The photos of the first day show the crack.",
                "relied_on": [1],
                "rule": {"id": "quality", "version": "1", "article": "3"},
                "burden": "buyer",
            }
        ],
    },
)
FULFILMENT = example("Paid back", {"obligation": 1, "reference": "pay-20261123-77"})


def _acts(path: str, summary: str) -> post:
    return post(
        f"/{{dispute_id:uuid}}/{path}",
        operation_class=Acting,
        responses=ACT_PROBLEMS,
        summary=summary,
        status_code=200,
        sync_to_thread=True,
    )


class PartiesController(Controller):
    """What buyer and seller ask for."""

    path = "/v1/disputes"
    tags = ("parties",)

    @_acts("seller-response", "Answer the claim")
    def respond(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        data: Annotated[ResponseBody, BodyKwarg(examples=[RESPONSE, CONTEST])],
    ) -> Answer:
        """Accept the claim, offer something else, or contest it (seller)."""
        return asking(request, system).act(dispute_id, data.command())

    @_acts("offers", "Make an offer")
    def offer(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        data: Annotated[OfferBody, BodyKwarg(examples=[OFFER])],
    ) -> Answer:
        """Propose terms; they take the place of one's own last offer."""
        return asking(request, system).act(dispute_id, data.command())

    @_acts("offers/{number:int}/acceptance", "Accept an offer")
    def accept(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        number: FromPath[int],
    ) -> Answer:
        """Agree to an open offer of the other side. Takes no body."""
        return asking(request, system).act(dispute_id, AcceptOffer(number=number))

    @_acts("offers/{number:int}/decline", "Decline an offer")
    def decline(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        number: FromPath[int],
        data: Annotated[DeclineBody | None, BodyKwarg(examples=[DECLINE])] = None,
    ) -> Answer:
        """Decline an open offer of the other side; a message is optional."""
        message = data.message if data else None
        command = DeclineOffer(number=number, message=message)
        return asking(request, system).act(dispute_id, command)

    @_acts("escalation", "Escalate to the platform")
    def escalate(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        data: Annotated[EscalationBody, BodyKwarg(examples=[ESCALATION])],
    ) -> Answer:
        """Hand the case to the platform, on a trigger that holds now."""
        return asking(request, system).act(dispute_id, data.command())

    @_acts("withdrawal", "Withdraw")
    def withdraw(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        data: Annotated[WithdrawalBody, BodyKwarg(examples=[WITHDRAWAL])],
    ) -> Answer:
        """Give the case up (buyer)."""
        return asking(request, system).act(dispute_id, data.command())

    @_acts("fulfilments", "Report performance")
    def fulfil(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        data: Annotated[FulfilmentBody, BodyKwarg(examples=[FULFILMENT])],
    ) -> Answer:
        """Report an obligation as performed (debtor, or platform for payments)."""
        return asking(request, system).act(dispute_id, data.command())

    @_acts("fulfilments/{number:int}/confirmation", "Confirm performance")
    def confirm(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        number: FromPath[int],
    ) -> Answer:
        """Confirm that an obligation was performed (creditor). Takes no body."""
        command = ConfirmFulfilment(obligation=number)
        return asking(request, system).act(dispute_id, command)


class StaffController(Controller):
    """What mediators and supervisors do."""

    path = "/v1/disputes"
    tags = ("staff",)

    @_acts("admission", "Admit")
    def admit(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        data: Annotated[AdmissionBody, BodyKwarg(examples=[ADMISSION])],
    ) -> Answer:
        """Take the case; the seller is then served notice."""
        return asking(request, system).act(dispute_id, data.command())

    @_acts("refusal", "Refuse")
    def refuse(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        data: Annotated[RefusalBody, BodyKwarg(examples=[REFUSAL])],
    ) -> Answer:
        """Do not take the case: ground, reasons in words, and other routes."""
        return asking(request, system).act(dispute_id, data.command())

    @_acts("assignment", "Assign")
    def assign(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        data: Annotated[AssignmentBody, BodyKwarg(examples=[ASSIGNMENT])],
    ) -> Answer:
        """Take the case, or give it to another mediator (supervisor)."""
        asked = asking(request, system)
        command = Assign(mediator=data.mediator or asked.caller.subject)
        return asked.act(dispute_id, command)

    @_acts("ruling", "Rule")
    def rule(
        self,
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        data: Annotated[RulingBody, BodyKwarg(examples=[RULING])],
    ) -> Answer:
        """Decide: liability, remedies and why. Both parties are then served notice."""
        return asking(request, system).act(dispute_id, data.command())
