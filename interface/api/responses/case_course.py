"""What clients are shown of the course of a case beyond claim, offers and ruling."""

from __future__ import annotations

from datetime import datetime

from interface.api.responses.case_parts import (
    MoneyShown,
    ReasonShown,
    Shown,
    TermsShown,
)


class AttachmentShown(Shown, frozen=True, kw_only=True):
    """A file that came with a message; `href` returns its bytes."""

    media_type: str
    size: int
    sha256: str
    href: str
    name: str | None = None


class MessageShown(Shown, frozen=True, kw_only=True):
    """Something that a party or the platform said."""

    number: int
    by: str
    text: str
    at: datetime
    attachment: AttachmentShown | None = None


class EvidenceRequestShown(Shown, frozen=True, kw_only=True):
    """What a mediator asked a side for."""

    number: int
    party: str
    kinds: tuple[str, ...]
    at: datetime
    due: datetime | None = None
    note: str | None = None


class BurdenShown(Shown, frozen=True, kw_only=True):
    """Who has to prove first, by which rule; `why` where it was shifted."""

    party: str
    rule: dict[str, str]
    at: datetime
    why: str | None = None


class InquiryShown(Shown, frozen=True, kw_only=True):
    """A question to a third party and its answer."""

    number: int
    kind: str
    addressee: str
    question: str
    at: datetime
    answer: str | None = None
    answered_at: datetime | None = None


class DraftShown(Shown, frozen=True, kw_only=True):
    """A ruling that another person has still to issue."""

    by: str
    liability: str
    remedies: tuple[TermsShown, ...]
    reasons: tuple[ReasonShown, ...]
    at: datetime


class AppealShown(Shown, frozen=True, kw_only=True):
    """An appeal: "pending", "refused", "upheld", "varied" or "set-aside"."""

    by: str
    ground: str
    statement: str
    at: datetime
    state: str = "pending"
    decided_at: datetime | None = None
    explanation: str | None = None
    liability: str | None = None
    text: dict[str, str] | None = None
    remedies: tuple[TermsShown, ...] = ()
    reasons: tuple[ReasonShown, ...] = ()


class EnforcementShown(Shown, frozen=True, kw_only=True):
    """An order to execute: "ordered", "executed" or "failed"."""

    number: int
    obligation: int
    method: str
    at: datetime
    state: str = "ordered"
    amount: MoneyShown | None = None
    cause: str | None = None
    final: bool = False
    routes: tuple[str, ...] = ()


class SanctionShown(Shown, frozen=True, kw_only=True):
    """A sanction: "imposed", "published", "lifted" or "end-published"."""

    number: int
    kind: str
    breach: str
    measure: str
    at: datetime
    state: str = "imposed"


class SuspensionShown(Shown, frozen=True, kw_only=True):
    """Why the case stands still, since when, and whether it was proved."""

    cause: str
    by: str
    since: datetime
    proved: bool = False
    over_at: datetime | None = None
    note: str | None = None


class PostingShown(Shown, frozen=True, kw_only=True):
    """So much went from one account to another."""

    payer: str
    payee: str
    amount: MoneyShown


class MoneyTold(Shown, frozen=True, kw_only=True):
    """The ledger of a case; `advanced` is what the platform has not got back yet."""

    postings: tuple[PostingShown, ...]
    advanced: MoneyShown


class RequirementShown(Shown, frozen=True, kw_only=True):
    """What evidence the rules of proof ask a side for, and whether it is there."""

    party: str
    required: tuple[str, ...]
    one_of: tuple[str, ...]
    optional: tuple[str, ...]
    satisfied: bool
