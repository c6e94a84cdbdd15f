"""What a case is told in, from claim to ruling: the parts that its events decide.

Their names are the names of the OpenAPI document; a part that has a link is without it
here, because links are the interface's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from application.record.envelope import Recorded
from domain import money
from domain.ruling.reasons import Reason, RuleCited
from domain.terms import Terms


class Shown(Struct, frozen=True, kw_only=True):
    """Something shown to a client; what is not there is null."""


class MoneyShown(Struct, frozen=True):
    """An amount as a decimal text."""

    amount: str
    currency: str

    @classmethod
    def of(cls, minor: int, currency: str) -> MoneyShown:
        """Return what minor units of a currency are."""
        return cls(str(money.Money(minor, currency)), currency)


class TermsShown(Shown, frozen=True, kw_only=True):
    """What is claimed, offered or ruled."""

    kind: str
    amount: MoneyShown | None = None
    freight: str | None = None


class OrderShown(Shown, frozen=True, kw_only=True):
    """The order line that the case is about."""

    id: str | None = None
    line: str | None = None
    paid: MoneyShown | None = None
    received_at: datetime | None = None
    promised_at: datetime | None = None


class ResponseShown(Shown, frozen=True, kw_only=True):
    """The seller's answer."""

    position: str
    at: datetime
    precision: str | None = None
    statement: str | None = None


class OfferShown(Shown, frozen=True, kw_only=True):
    """An offer: "open", "accepted", "declined", "lapsed" or "replaced"."""

    number: int
    by: str
    terms: TermsShown
    state: str
    at: datetime
    due: datetime | None = None
    message: str | None = None
    accepted_by: tuple[str, ...] = ()


class EscalationShown(Shown, frozen=True, kw_only=True):
    """Why and by whom the case was handed to the platform."""

    trigger: str
    by: str
    at: datetime
    precision: str | None = None
    statement: str | None = None


class AssessmentShown(Shown, frozen=True, kw_only=True):
    """How an item was weighed; excluded with a ground, unless admitted."""

    authentic: bool
    relevant: bool
    legal: bool
    admitted: bool
    ground: str | None = None


class ReasonShown(Shown, frozen=True, kw_only=True):
    """One step of the reasoning."""

    issue: str
    finding: str
    rule: dict[str, str]
    relied_on: tuple[int, ...] = ()
    set_aside: tuple[int, ...] = ()
    burden: str | None = None


class RulingShown(Shown, frozen=True, kw_only=True):
    """The ruling, and by what means; `text` is its reasons in words, zh and en."""

    liability: str
    remedies: tuple[TermsShown, ...]
    reasons: tuple[ReasonShown, ...]
    automation: str
    at: datetime
    model: str | None = None
    text: dict[str, str] = {}


class Evidence(Shown, frozen=True, kw_only=True):
    """A file as its events tell it. A `draft` is shown to its own side only."""

    number: int
    by: str
    kind: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    name: str | None = None
    note: str | None = None
    draft: bool = False
    assessment: AssessmentShown | None = None


def shown_money(amount: money.Money | None) -> MoneyShown | None:
    """Return an amount as clients are shown it."""
    return None if amount is None else MoneyShown.of(amount.amount, amount.currency)


def shown_terms(terms: Terms | None) -> TermsShown | None:
    """Return terms as clients are shown them."""
    if terms is None:
        return None
    return TermsShown(
        kind=terms.kind, amount=shown_money(terms.amount), freight=terms.freight
    )


def terms_shown(terms: Iterable[Terms]) -> tuple[TermsShown, ...]:
    """Return remedies as clients are shown them."""
    shown = (shown_terms(one) for one in terms)
    return tuple(one for one in shown if one is not None)


def reasons_shown(reasons: Iterable[Reason]) -> tuple[ReasonShown, ...]:
    """Return reasons as clients are shown them."""
    return tuple(
        ReasonShown(
            issue=reason.issue,
            finding=reason.finding,
            rule=cited(reason.rule),
            relied_on=reason.relied_on,
            set_aside=reason.set_aside,
            burden=reason.burden,
        )
        for reason in reasons
    )


def cited(rule: RuleCited) -> dict[str, str]:
    """Return a rule as it is cited."""
    shown = {"id": rule.id, "version": rule.version}
    return shown | ({"article": rule.article} if rule.article else {})


def precision(recorded: Recorded) -> str | None:
    """Return how exactly an imported source tells the time, None for our own events."""
    return recorded.imported.precision if recorded.imported else None
