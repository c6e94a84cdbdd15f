"""The seller's answer, messages and offers (4.1.3, 4.2)."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.personal import Personal
from domain.roles import Party
from domain.terms import Obligation, Terms


class SellerResponded(Event, frozen=True, kw_only=True, tag="seller-responded"):
    """The seller answered (4.1.3); `obligations` where the claim is accepted."""

    position: str
    statement: Personal[str] | None = None
    stated: str | None = None
    obligations: tuple[Obligation, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


class Attachment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that came with a message; `size` in bytes, `sha256` hex.

    `sealed` is the SHA-256 (hex) of the bytes that lie on the disk.
    """

    sha256: str
    size: int
    media_type: str
    name: Personal[str] | None = None
    sealed: str | None = None


class MessagePosted(Event, frozen=True, kw_only=True, tag="message-posted"):
    """A party or the platform posted a message to the others (4.2)."""

    number: int
    by: Party
    text: Personal[str]
    attachment: Attachment | None = None


class OfferMade(Event, frozen=True, kw_only=True, tag="offer-made"):
    """A party proposed terms, or the platform proposed them to both (4.2).

    `replaces` is the same side's offer that was open until now.
    """

    number: int
    by: Party
    terms: Terms
    message: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()
    replaces: int | None = None


class OfferAccepted(Event, frozen=True, kw_only=True, tag="offer-accepted"):
    """A party agreed. `settles`: everybody has, and performance is owed.

    What the platform proposes is settled when both parties have agreed.
    """

    number: int
    by: Party
    terms: Terms
    obligations: tuple[Obligation, ...]
    deadlines: tuple[Deadline, ...] = ()
    settles: bool = True


class OfferDeclined(Event, frozen=True, kw_only=True, tag="offer-declined"):
    """A party did not agree."""

    number: int
    by: Party
    message: Personal[str] | None = None


class OfferLapsed(Event, frozen=True, kw_only=True, tag="offer-lapsed"):
    """Nobody answered an offer in time."""

    number: int


NegotiationEvent: TypeAlias = (
    SellerResponded
    | MessagePosted
    | OfferMade
    | OfferAccepted
    | OfferDeclined
    | OfferLapsed
)
