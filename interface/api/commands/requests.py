"""What clients send: the bodies of requests, and the commands they become.

MoneyBody is a decimal text outside and integer minor units inside; texts and ids are
bounded; a field that is not known is refused.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from domain.admission.commands import Admit, Refuse
from domain.escalation.commands import Escalate
from domain.escalation.events import Trigger
from domain.filing.commands import FileDispute, OrderLine, Reopen, Withdraw
from domain.negotiation.commands import DeclineOffer, MakeOffer, RespondToClaim
from domain.performance.commands import Fulfil
from interface.api.commands.fields import (
    SAYS,
    Body,
    Code,
    Id,
    MoneyBody,
    Number,
    TermsBody,
    Text,
    Time,
    utc,
)


class OrderBody(Body, frozen=True, kw_only=True):
    """The order line that the dispute is about, and what was paid for it."""

    id: Id
    line: Id
    paid: MoneyBody
    received_at: Time | None = None
    promised_at: Time | None = None


class FilingBody(Body, frozen=True, kw_only=True):
    """A complaint. `buyer` is for the platform's service client only."""

    seller: Id
    order: OrderBody
    category: Code
    reason: Code
    claim: TermsBody
    facts: Text
    contact: Annotated[str, Meta(min_length=1, max_length=200, pattern=SAYS)]
    evidence_note: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=1_000,
            pattern=SAYS,
            description="What evidence there is, or why there is none yet.",
        ),
    ]
    channel: Code = "api"
    buyer: Id | None = None

    def command(self, platform: str, buyer: str) -> FileDispute:
        """Return the command for a buyer of a platform."""
        return FileDispute(
            platform=platform,
            channel=self.channel,
            buyer=buyer,
            seller=self.seller,
            order=OrderLine(
                id=self.order.id,
                line=self.order.line,
                paid=self.order.paid.inside("/order/paid"),
                received_at=utc(self.order.received_at, "/order/received_at"),
                promised_at=utc(self.order.promised_at, "/order/promised_at"),
            ),
            category=self.category,
            reason=self.reason,
            claim=self.claim.inside("/claim"),
            facts=self.facts,
            contact=self.contact,
            evidence_note=self.evidence_note,
        )


class ReopeningBody(Body, frozen=True, kw_only=True):
    """What is new since the case ended, and what evidence there is for it."""

    new_facts: Text
    evidence_note: Text

    def command(self) -> Reopen:
        """Return the command."""
        return Reopen(new_facts=self.new_facts, evidence_note=self.evidence_note)


class AdmissionBody(Body, frozen=True, kw_only=True):
    """Take the case."""

    note: Text | None = None

    def command(self) -> Admit:
        """Return the command."""
        return Admit(note=self.note)


class RefusalBody(Body, frozen=True, kw_only=True):
    """Do not take the case."""

    ground: Code
    explanation: Text
    routes: Annotated[tuple[Code, ...], Meta(max_length=10)]

    def command(self) -> Refuse:
        """Return the command."""
        return Refuse(
            ground=self.ground, explanation=self.explanation, routes=self.routes
        )


class WithdrawalBody(Body, frozen=True, kw_only=True):
    """Give the case up."""

    reason: Text | None = None

    def command(self) -> Withdraw:
        """Return the command."""
        return Withdraw(reason=self.reason)


class ResponseBody(Body, frozen=True, kw_only=True):
    """The seller's answer. `offer` goes with the position "offer"."""

    position: Code
    statement: Text | None = None
    offer: TermsBody | None = None

    def command(self) -> RespondToClaim:
        """Return the command."""
        offer = self.offer.inside("/offer") if self.offer else None
        return RespondToClaim(
            position=self.position, statement=self.statement, offer=offer
        )


class OfferBody(Body, frozen=True, kw_only=True):
    """An offer, or a counter-offer."""

    terms: TermsBody
    message: Text | None = None

    def command(self) -> MakeOffer:
        """Return the command."""
        return MakeOffer(terms=self.terms.inside("/terms"), message=self.message)


class DeclineBody(Body, frozen=True, kw_only=True):
    """Do not agree."""

    message: Text | None = None

    def command(self, number: int) -> DeclineOffer:
        """Return the command for an offer."""
        return DeclineOffer(number=number, message=self.message)


class EscalationBody(Body, frozen=True, kw_only=True):
    """Hand the case to the platform."""

    trigger: Trigger
    statement: Text | None = None

    def command(self) -> Escalate:
        """Return the command."""
        return Escalate(trigger=self.trigger, statement=self.statement)


class AssignmentBody(Body, frozen=True, kw_only=True):
    """Give the case to a mediator; without a name, take it."""

    mediator: Id | None = None


class FulfilmentBody(Body, frozen=True, kw_only=True):
    """Report an obligation as performed. `reference`: of a payment or a parcel."""

    obligation: Number
    statement: Text | None = None
    reference: (
        Annotated[str, Meta(min_length=1, max_length=200, pattern=SAYS)] | None
    ) = None

    def command(self) -> Fulfil:
        """Return the command."""
        return Fulfil(
            obligation=self.obligation,
            statement=self.statement,
            reference=self.reference,
        )
