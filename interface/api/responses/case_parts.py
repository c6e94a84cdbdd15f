"""What clients are shown of a case. Redaction is another Struct, not an `if`."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from domain import money
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


class EvidenceShown(Shown, frozen=True, kw_only=True):
    """A file; `href` returns its bytes. A `draft` is shown to its own side only."""

    number: int
    by: str
    kind: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    href: str
    name: str | None = None
    note: str | None = None
    draft: bool = False
    assessment: AssessmentShown | None = None


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


class ObligationShown(Shown, frozen=True, kw_only=True):
    """What is owed, and how far it is: from "owed" to "confirmed" or "enforced"."""

    number: int
    debtor: str
    duty: str
    state: str
    amount: MoneyShown | None = None
    after: int | None = None
    due: datetime | None = None


class DeadlineShown(Shown, frozen=True, kw_only=True):
    """A limit that runs or was missed, and by which rule."""

    awaited: str
    party: str
    start: datetime
    due: datetime
    rule: str
    length: str
    missed: bool
    item: int | None = None


class WaitingShown(Struct, frozen=True, rename={"awaited": "for"}):
    """Who is waited for, for what, until when, and what silence leads to."""

    party: str
    awaited: str
    due: datetime | None
    silence: str
    words: str


class Field(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field that an action takes; what does not apply is left out.

    `type`: string, boolean, integer, number, object, array (of `items`), file, or as
    text datetime (RFC 3339) and decimal. `codes` are the values possible now; of a
    file, its media types. `fields` are those of the object, or of each item.
    `required_when` any of these other fields has one of these values; `only_when`: it
    is refused otherwise. `max` of an array is for all money in it together.
    """

    name: str
    type: str
    required: bool
    items: str | None = None
    codes: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    required_when: dict[str, tuple[str, ...]] = {}
    only_when: dict[str, tuple[str, ...]] = {}
    min: int | None = None
    max: int | str | None = None
    currency: str | None = None
    min_length: int | None = None
    max_length: int | None = None


class ActionShown(Shown, frozen=True, kw_only=True):
    """Something that the caller can do now, in JSON, or multipart if it takes a file.

    `awaited`: it does what the case waits for; all else is the caller's choice.
    """

    name: str
    method: str
    href: str
    fields: tuple[Field, ...]
    awaited: bool = False
    due: datetime | None = None


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
