"""Filing, admission and who has the case, in the view of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from msgspec.structs import asdict

from application.record.envelope import Recorded
from domain.admission.events import (
    AdmissionEvent,
    Admitted,
    ReferredToAuthority,
    Refused,
)
from domain.case_number import case_number
from domain.filing.events import Filed, FilingEvent, Withdrawn
from domain.filing.order_snapshot import OrderSnapshot
from projections.case_view.shown_values import (
    MoneyShown,
    Shown,
    TermsShown,
    precision,
    shown_money,
    shown_terms,
)


class SnapshotShown(Shown, frozen=True, kw_only=True):
    """The order line as the client showed it when the case was filed."""

    title: str | None = None
    sku: str | None = None
    quantity: int | None = None
    unit_price: MoneyShown | None = None
    picture: str | None = None
    shop: str | None = None
    carrier: str | None = None
    tracking_number: str | None = None


class OrderShown(Shown, frozen=True, kw_only=True):
    """The order line that the case is about."""

    id: str | None = None
    line: str | None = None
    paid: MoneyShown | None = None
    received_at: datetime | None = None
    promised_at: datetime | None = None
    snapshot: SnapshotShown | None = None


class Refusal(Shown, frozen=True, kw_only=True):
    """Why the case was not taken; `rule` is set if a rule decided alone."""

    ground: str
    explanation: str | None
    rule: str | None
    routes: tuple[str, ...]
    at: datetime


class WithdrawalShown(Shown, frozen=True, kw_only=True):
    """Why the buyer gave the case up; `deemed`: by silence."""

    reason: str | None
    deemed: bool
    at: datetime


class ReferralShown(Shown, frozen=True, kw_only=True):
    """To which authority the case was handed, and why."""

    authority: str
    cause: str
    note: str | None
    at: datetime


class FilingView(Shown, frozen=True, kw_only=True):
    """A case with its filing, admission and referral."""

    case_number: str = ""

    platform: str = ""
    channel: str = ""
    category: str = ""
    reason: str = ""
    buyer: str | None = None
    seller: str | None = None
    order: OrderShown = OrderShown()
    claim: TermsShown | None = None
    facts: str | None = None
    contact: str | None = None
    evidence_note: str | None = None
    policy: str | None = None
    opened_at: datetime | None = None
    opened_precision: str | None = None
    reopens: UUID | None = None
    new_facts: str | None = None
    imported: dict[str, str] | None = None
    admission_note: str | None = None
    refusal: Refusal | None = None
    withdrawal: WithdrawalShown | None = None
    referral: ReferralShown | None = None


NOT_CLOSED = dict.fromkeys(("closed_at", "closed_precision", "outcome", "claim_result"))
"""The fields that a case loses when it goes on after it was closed."""


def changes(
    event: FilingEvent | AdmissionEvent,
    recorded: Recorded,
) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case Filed():
            return _filed(event, recorded)
        case Admitted(note=note):
            return {"admission_note": note} | NOT_CLOSED
        case Refused():
            return {"refusal": _refusal(event, recorded)}
        case Withdrawn(reason=reason, deemed=deemed):
            given_up = WithdrawalShown(reason=reason, deemed=deemed, at=recorded.at)
            return {"withdrawal": given_up}
        case ReferredToAuthority(authority=authority, cause=cause, note=note):
            handed = ReferralShown(
                authority=authority, cause=cause, note=note, at=recorded.at
            )
            return {"referral": handed}
        case _:
            assert_never(event)


def _refusal(event: Refused, recorded: Recorded) -> Refusal:
    return Refusal(
        ground=event.ground,
        explanation=event.explanation,
        rule=event.rule,
        routes=event.routes,
        at=recorded.at,
    )


def _filed(event: Filed, recorded: Recorded) -> dict[str, Any]:
    return {
        "case_number": case_number(recorded.case, recorded.at),
        "platform": event.platform,
        "channel": event.channel,
        "category": event.category,
        "reason": event.reason,
        "buyer": event.buyer,
        "seller": event.seller,
        "order": OrderShown(
            id=event.order,
            line=event.line,
            paid=shown_money(event.paid),
            received_at=event.received_at,
            promised_at=event.promised_at,
            snapshot=_snapshot(event.snapshot),
        ),
        "claim": shown_terms(event.claim),
        "facts": event.facts,
        "contact": event.contact,
        "evidence_note": event.evidence_note,
        "policy": event.policy,
        "opened_at": recorded.at,
        "reopens": event.reopens,
        "new_facts": event.new_facts,
        "opened_precision": precision(recorded),
        "imported": _imported(event, recorded),
    }


def _snapshot(snapshot: OrderSnapshot | None) -> SnapshotShown | None:
    if snapshot is None:
        return None
    price = shown_money(snapshot.unit_price)
    return SnapshotShown(**(asdict(snapshot) | {"unit_price": price}))


def _imported(event: Filed, recorded: Recorded) -> dict[str, str] | None:
    if recorded.imported is None:
        return None
    source = recorded.imported
    said = {"stated": event.stated} if event.stated else {}
    return {"system": source.system, "record": source.record, **said}
