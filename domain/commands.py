"""Everything someone can ask of a dispute, named in the imperative."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from domain.deadlines import Awaited
from domain.money import Money
from domain.outcomes import NoticeKind, Trigger
from domain.reasons import Automation, Reason
from domain.roles import Party
from domain.terms import Terms


class Command(Struct, frozen=True, kw_only=True):
    """A request. It may be refused."""


class OrderLine(Struct, frozen=True, kw_only=True):
    """What was bought: the order, its line, and what was paid for that line."""

    id: str
    line: str
    paid: Money
    received_at: datetime | None = None
    promised_at: datetime | None = None


class FileDispute(Command, frozen=True, kw_only=True):
    """Complain about an order line (4.1)."""

    platform: str
    channel: str
    buyer: str
    seller: str
    order: OrderLine
    category: str
    reason: str
    claim: Terms
    facts: str
    contact: str
    evidence_note: str


class Admit(Command, frozen=True, kw_only=True):
    """Take the case (3.1)."""

    note: str | None = None


class Refuse(Command, frozen=True, kw_only=True):
    """Do not take the case, saying why and where else to turn (3.2)."""

    ground: str
    explanation: str
    routes: tuple[str, ...]


class Withdraw(Command, frozen=True, kw_only=True):
    """Give the case up."""

    reason: str | None = None


class RespondToClaim(Command, frozen=True, kw_only=True):
    """Answer as the seller: accept, offer something else, or contest (4.1.3)."""

    position: str
    statement: str | None = None
    offer: Terms | None = None


class MakeOffer(Command, frozen=True, kw_only=True):
    """Propose terms (4.2)."""

    terms: Terms
    message: str | None = None


class AcceptOffer(Command, frozen=True, kw_only=True):
    """Agree to an offer of the other side."""

    number: int


class DeclineOffer(Command, frozen=True, kw_only=True):
    """Do not agree to an offer of the other side."""

    number: int
    message: str | None = None


class Escalate(Command, frozen=True, kw_only=True):
    """Hand the case to the platform (4.3.1)."""

    trigger: Trigger
    statement: str | None = None


class SubmitEvidence(Command, frozen=True, kw_only=True):
    """Add a file that has been received and hashed (4.3.2)."""

    kind: str
    sha256: str
    size: int
    media_type: str
    name: str | None = None
    note: str | None = None


class Assign(Command, frozen=True, kw_only=True):
    """Give the case to a mediator."""

    mediator: str


class Rule(Command, frozen=True, kw_only=True):
    """Decide: liability, remedies and why (4.3.4)."""

    liability: str
    remedies: tuple[Terms, ...]
    reasons: tuple[Reason, ...]
    automation: Automation = Automation.NONE
    model: str | None = None


class Fulfil(Command, frozen=True, kw_only=True):
    """Report an obligation as performed (4.4.1)."""

    obligation: int
    statement: str | None = None
    reference: str | None = None


class ConfirmFulfilment(Command, frozen=True, kw_only=True):
    """Confirm, as the creditor, that an obligation was performed (4.4.2)."""

    obligation: int


class ServeNotice(Command, frozen=True, kw_only=True):
    """Record that a notice reached a party over a channel (4.3.5)."""

    notice: NoticeKind
    party: Party
    channel: str


class PassDeadline(Command, frozen=True, kw_only=True):
    """Record what the passing of a deadline calls for."""

    awaited: Awaited
    party: Party
    due: datetime
    item: int | None = None


DisputeCommand: TypeAlias = (
    FileDispute
    | Admit
    | Refuse
    | Withdraw
    | RespondToClaim
    | MakeOffer
    | AcceptOffer
    | DeclineOffer
    | Escalate
    | SubmitEvidence
    | Assign
    | Rule
    | Fulfil
    | ConfirmFulfilment
    | ServeNotice
    | PassDeadline
)
