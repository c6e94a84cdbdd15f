"""Filing, re-opening and withdrawal, as clients send them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from domain.filing.commands import FileDispute, OrderLine, Reopen, Withdraw
from domain.filing.order_snapshot import OrderSnapshot
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import (
    SAYS,
    Body,
    Code,
    Facts,
    Id,
    Link,
    MoneyBody,
    Number,
    Part,
    TermsBody,
    Text,
    Time,
    utc,
)

FILING_EXAMPLE = {
    "seller": "s-1",
    "order": {
        "id": "o-1001",
        "line": "1",
        "paid": {"amount": "129.00", "currency": "CNY"},
        "received_at": "2026-11-20T09:30:00+08:00",
        "snapshot": {
            "title": "Electric kettle, 1.7 l",
            "sku": "KT-17",
            "quantity": 1,
            "unit_price": {"amount": "129.00", "currency": "CNY"},
            "picture": "https://shop.example/pictures/kt-17.jpg",
            "shop": "Warm Home",
            "carrier": "SF Express",
            "tracking_number": "SF1234567890123",
        },
    },
    "category": "quality",
    "reason": "defect",
    "claim": {"kind": "refund", "amount": {"amount": "129.00", "currency": "CNY"}},
    "facts": "The kettle leaks at the handle since the first day.",
    "contact": "buyer@example.com",
    "evidence_note": "Two photos will follow.",
    "channel": "order-page",
}
REOPENING_EXAMPLE = {
    "new_facts": "After the repair it leaks again.",
    "evidence_note": "A video.",
}


class SnapshotBody(Part, frozen=True, kw_only=True):
    """The order line as the client shows it: kept as filed, and shown with the case."""

    title: Annotated[str, Meta(min_length=1, max_length=300, pattern=SAYS)] | None = (
        None
    )
    sku: Id | None = None
    quantity: Number | None = None
    unit_price: MoneyBody | None = None
    picture: Link | None = None
    shop: Annotated[str, Meta(min_length=1, max_length=200, pattern=SAYS)] | None = None
    carrier: Annotated[str, Meta(min_length=1, max_length=100, pattern=SAYS)] | None = (
        None
    )
    tracking_number: Id | None = None

    def inside(self, at: str) -> OrderSnapshot:
        """Return the snapshot with its price in minor units."""
        price = self.unit_price
        return OrderSnapshot(
            title=self.title,
            sku=self.sku,
            quantity=self.quantity,
            unit_price=price.inside(f"{at}/unit_price") if price else None,
            picture=self.picture,
            shop=self.shop,
            carrier=self.carrier,
            tracking_number=self.tracking_number,
        )


class OrderBody(Body, frozen=True, kw_only=True):
    """The order line that the dispute is about, and what was paid for it."""

    id: Id
    line: Id
    paid: MoneyBody
    received_at: Time | None = None
    promised_at: Time | None = None
    snapshot: SnapshotBody | None = None


class FilingBody(Body, frozen=True, kw_only=True):
    """A complaint. `buyer` is for the platform's service client only."""

    seller: Id
    order: OrderBody
    category: Code
    reason: Code
    claim: TermsBody
    facts: Facts
    contact: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=200,
            pattern=SAYS,
            description=(
                "How the buyer is reached: one telephone number or one mail address;"
                " other words may stand beside it. Without either, 422."
            ),
        ),
    ]
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

    def filing(self, platform: str, buyer: str) -> FileDispute:
        """Return the command for a buyer of a platform; ids are in their one form."""
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
                snapshot=(
                    self.order.snapshot.inside("/order/snapshot")
                    if self.order.snapshot
                    else None
                ),
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

    new_facts: Facts
    evidence_note: Text


class WithdrawalBody(Body, frozen=True, kw_only=True):
    """Give the case up."""

    reason: Text | None = None


ROUTES = (
    CommandRoute(command=Reopen, path="reopening", body=ReopeningBody),
    CommandRoute(
        command=Withdraw,
        path="withdrawal",
        operation="withdrawDispute",
        tag="parties",
        summary="Withdraw",
        about="Give the case up (buyer).",
        body=WithdrawalBody,
        examples=(("Settled outside", {"reason": "The seller sent a new one."}),),
    ),
)
