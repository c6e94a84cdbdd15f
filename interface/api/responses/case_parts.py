"""Parts of a case that come from more than its events: links, state, actions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Struct

from application.texts import texts
from domain.deadlines.deadline import Awaited
from domain.deadlines.waiting_on import SERVICE
from domain.enforcement.case_ledger import Account
from domain.roles import Party
from interface.api.responses.closed_codes import closed
from projections.case_view.investigation import AssessmentShown
from projections.case_view.negotiation import OfferViewed
from projections.case_view.shown_values import MoneyShown, Shown

AWAITED = (*map(str, Awaited), SERVICE)
SILENCE = tuple(texts()["silence"])

ObligationState = Literal[
    "owed", "defaulted", "reported", "failed", "enforced", "confirmed"
]


class EvidenceShown(Shown, frozen=True, kw_only=True):
    """A file; `href` returns its bytes. A `draft` is shown to its own side only.

    `missing`: it was imported, and its source did not hand the file over. There are no
    bytes then, and `sha256` is empty unless the source said one.
    """

    number: int
    by: Party
    kind: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    href: str
    name: str | None = None
    note: str | None = None
    draft: bool = False
    missing: bool = False
    assessment: AssessmentShown | None = None


class ObligationShown(Shown, frozen=True, kw_only=True):
    """What is owed, and how far it is: from "owed" to "confirmed" or "enforced"."""

    number: int
    debtor: Party
    duty: str
    state: ObligationState
    amount: MoneyShown | None = None
    after: int | None = None
    due: datetime | None = None
    words: str = ""


class DeadlineShown(Shown, frozen=True, kw_only=True):
    """A limit that runs or was missed, and by which rule."""

    awaited: Awaited
    party: Party
    start: datetime
    due: datetime
    rule: str
    length: str
    missed: bool
    item: int | None = None
    words: str = ""


class OfferShown(OfferViewed, frozen=True, kw_only=True):
    """An offer, with its terms and its state in words."""

    words: str = ""


class WaitingShown(Struct, frozen=True, rename={"awaited": "for"}):
    """Who is waited for, for what, until when, and what silence leads to."""

    party: Party
    awaited: Annotated[str, closed(*AWAITED)]
    due: datetime | None
    silence: Annotated[str, closed(*SILENCE)]
    words: str


class Field(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field that an action takes; what does not apply is left out.

    `label` and `words` (of the codes) are for people, in the language asked for.
    `type`: string, boolean, integer, number, object, array (of `items`), file, or as
    text datetime (RFC 3339) and decimal. `codes` are the values possible now; of a
    file, its media types. `fields` are those of the object, or of each item.
    `required_when` any of these other fields has one of these values; `only_when`: it
    is refused otherwise. `max` of an array is for all money in it together. `href`: a
    list of all that the object may hold. `format` of a string: email, phone.
    """

    name: str
    type: str
    required: bool
    label: str = ""
    words: dict[str, str] = {}
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
    href: str | None = None
    format: str | None = None


class ActionShown(Shown, frozen=True, kw_only=True):
    """Something that the caller can do now, in JSON, or multipart if it takes a file.

    `label`: what a person reads. `awaited`: it does what the case waits for; all else
    is the caller's choice.
    """

    name: str
    label: str = ""
    method: str
    href: str
    fields: tuple[Field, ...]
    awaited: bool = False
    due: datetime | None = None


class AttachmentShown(Shown, frozen=True, kw_only=True):
    """A file that came with a message; `href` returns its bytes."""

    media_type: str
    size: int
    sha256: str
    href: str
    name: str | None = None


class MessageShown(Shown, frozen=True, kw_only=True):
    """Something that a party or the platform said; `language`: in zh or en."""

    number: int
    by: Party
    text: str
    at: datetime
    attachment: AttachmentShown | None = None
    language: str | None = None


class PostingShown(Shown, frozen=True, kw_only=True):
    """So much went from one account to another."""

    payer: Account
    payee: Account
    amount: MoneyShown


class MoneyTold(Shown, frozen=True, kw_only=True):
    """The ledger of a case; `advanced` is what the platform has not got back yet."""

    postings: tuple[PostingShown, ...]
    advanced: MoneyShown


class RefusalShown(Shown, frozen=True, kw_only=True):
    """Why the case was not taken; `words` say the ground. `rule`: it decided alone."""

    ground: str
    words: str
    explanation: str
    rule: str | None
    routes: tuple[str, ...]
    at: datetime


class OrderLineShown(Shown, frozen=True, kw_only=True):
    """What other cases on the same order line have granted the buyer, and what is left.

    `others` are those of them that the reader may see.
    """

    granted: MoneyShown
    left: MoneyShown
    others: tuple[str, ...]


class RequirementShown(Shown, frozen=True, kw_only=True):
    """What evidence the rules of proof ask a side for, and whether it is there."""

    party: Party
    required: tuple[str, ...]
    one_of: tuple[str, ...]
    optional: tuple[str, ...]
    satisfied: bool
