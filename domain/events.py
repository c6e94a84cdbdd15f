"""Everything that can happen to a dispute, in the order it usually happens.

Tags and field names are the storage format: add fields with defaults, never rename,
retype, remove or reuse. Texts marked Personal are stored encrypted.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from domain.deadlines import Awaited, Deadline
from domain.money import Money
from domain.outcomes import ClaimResult, NoticeKind, Outcome, Trigger
from domain.personal import Personal
from domain.reasons import Automation, Reason
from domain.roles import Party
from domain.terms import Obligation, Terms


class Event(Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """A fact. Past tense, immutable, complete without its neighbours."""


class Filed(Event, frozen=True, kw_only=True, tag="filed"):
    """A buyer's complaint reached the platform (4.1)."""

    platform: str
    channel: str
    category: str
    reason: str
    policy: str | None = None
    number: int = 1
    buyer: str | None = None
    seller: str | None = None
    order: str | None = None
    line: str | None = None
    paid: Money | None = None
    received_at: datetime | None = None
    promised_at: datetime | None = None
    stated: str | None = None
    claim: Terms | None = None
    facts: Personal[str] | None = None
    contact: Personal[str] | None = None
    evidence_note: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class Admitted(Event, frozen=True, kw_only=True, tag="admitted"):
    """The platform takes the case (3.1)."""

    note: Personal[str] | None = None


class Refused(Event, frozen=True, kw_only=True, tag="refused"):
    """The platform does not take the case (3.2)."""

    ground: str
    explanation: Personal[str]
    routes: tuple[str, ...]


class Withdrawn(Event, frozen=True, kw_only=True, tag="withdrawn"):
    """The buyer gave the case up; `deemed`: by silence, as the policy says."""

    reason: Personal[str] | None = None
    deemed: bool = False


class NoticeServed(Event, frozen=True, kw_only=True, tag="notice-served"):
    """A notice reached a party; limits that wait for it begin to run."""

    notice: NoticeKind
    party: Party
    channel: str
    recipient: str | None = None
    deadlines: tuple[Deadline, ...] = ()


class SellerResponded(Event, frozen=True, kw_only=True, tag="seller-responded"):
    """The seller answered (4.1.3); `obligations` where the claim is accepted."""

    position: str
    statement: Personal[str] | None = None
    stated: str | None = None
    obligations: tuple[Obligation, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


class OfferMade(Event, frozen=True, kw_only=True, tag="offer-made"):
    """A party proposed terms (4.2)."""

    number: int
    by: Party
    terms: Terms
    message: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class OfferAccepted(Event, frozen=True, kw_only=True, tag="offer-accepted"):
    """The other party agreed: the case is settled once this is performed."""

    number: int
    by: Party
    terms: Terms
    obligations: tuple[Obligation, ...]
    deadlines: tuple[Deadline, ...] = ()


class OfferDeclined(Event, frozen=True, kw_only=True, tag="offer-declined"):
    """The other party did not agree."""

    number: int
    by: Party
    message: Personal[str] | None = None


class Escalated(Event, frozen=True, kw_only=True, tag="escalated"):
    """The case was handed to the platform; both sides are asked for evidence."""

    trigger: Trigger
    by: Party
    statement: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class EvidenceSubmitted(Event, frozen=True, kw_only=True, tag="evidence-submitted"):
    """A file was received; its bytes are kept under `sha256` (hex), `size` in bytes."""

    number: int
    by: Party
    kind: str
    sha256: str
    size: int
    media_type: str
    name: Personal[str] | None = None
    note: Personal[str] | None = None


class EvidenceClosed(Event, frozen=True, kw_only=True, tag="evidence-closed"):
    """A party's time for evidence is over."""

    party: Party
    items: int
    deadlines: tuple[Deadline, ...] = ()


class MediatorAssigned(Event, frozen=True, kw_only=True, tag="mediator-assigned"):
    """A mediator owns the case."""

    mediator: str


class Ruled(Event, frozen=True, kw_only=True, tag="ruled"):
    """The platform decided: liability, remedies and why (4.3.4)."""

    liability: str
    remedies: tuple[Terms, ...]
    reasons: tuple[Reason, ...]
    obligations: tuple[Obligation, ...]
    automation: Automation = Automation.NONE
    model: str | None = None


class Fulfilled(Event, frozen=True, kw_only=True, tag="fulfilled"):
    """An obligation was reported as performed (4.4.1)."""

    obligation: int
    by: Party
    statement: Personal[str] | None = None
    reference: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class ObligationConfirmed(Event, frozen=True, kw_only=True, tag="obligation-confirmed"):
    """The creditor confirmed it; `deemed`: by silence past the limit (4.4.2)."""

    obligation: int
    by: Party
    deemed: bool = False
    deadlines: tuple[Deadline, ...] = ()


class DeadlineMissed(Event, frozen=True, kw_only=True, tag="deadline-missed"):
    """A party let a deadline pass. It happened at `due`, whenever it was noted."""

    awaited: Awaited
    party: Party
    due: datetime | None = None
    item: int | None = None
    deadlines: tuple[Deadline, ...] = ()


class Closed(Event, frozen=True, kw_only=True, tag="closed"):
    """The case is over."""

    outcome: Outcome
    claim: ClaimResult


DisputeEvent: TypeAlias = (
    Filed
    | Admitted
    | Refused
    | Withdrawn
    | NoticeServed
    | SellerResponded
    | OfferMade
    | OfferAccepted
    | OfferDeclined
    | Escalated
    | EvidenceSubmitted
    | EvidenceClosed
    | MediatorAssigned
    | Ruled
    | Fulfilled
    | ObligationConfirmed
    | DeadlineMissed
    | Closed
)
