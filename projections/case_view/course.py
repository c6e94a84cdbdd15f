"""What a case is told in beyond claim, offers and ruling."""

from __future__ import annotations

from datetime import datetime

from domain.negotiation.events import Attachment
from projections.case_view.claim_to_ruling import (
    MoneyShown,
    ReasonShown,
    Shown,
    TermsShown,
)


class Message(Shown, frozen=True, kw_only=True):
    """Something that a party or the platform said."""

    number: int
    by: str
    text: str
    at: datetime
    attachment: Attachment | None = None


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


class Referral(Shown, frozen=True, kw_only=True):
    """To which authority the case was handed, and why."""

    authority: str
    cause: str
    note: str | None
    at: datetime


class Review(Shown, frozen=True, kw_only=True):
    """Who asked that a human decide again."""

    by: str
    statement: str | None
    at: datetime


class Refusal(Shown, frozen=True, kw_only=True):
    """Why the case was not taken; `rule` where a rule decided alone."""

    ground: str
    explanation: str | None
    rule: str | None
    routes: tuple[str, ...]
    at: datetime


class Withdrawal(Shown, frozen=True, kw_only=True):
    """Why the buyer gave the case up; `deemed`: by silence."""

    reason: str | None
    deemed: bool
    at: datetime
