"""The seller's answer, messages and offers (4.1.3, 4.2)."""

from __future__ import annotations

from domain.case.command import Command
from domain.negotiation.events import Attachment
from domain.terms import Terms


class RespondToClaim(Command, frozen=True, kw_only=True):
    """Answer as the seller: accept, offer something else, or contest (4.1.3)."""

    position: str
    statement: str | None = None
    offer: Terms | None = None


class PostMessage(Command, frozen=True, kw_only=True):
    """Post a message to the others of the case (4.2)."""

    text: str
    attachment: Attachment | None = None


class MakeOffer(Command, frozen=True, kw_only=True):
    """Propose terms (4.2)."""

    terms: Terms
    message: str | None = None


class AcceptOffer(Command, frozen=True, kw_only=True):
    """Agree to an offer of the other side or of the platform."""

    number: int


class DeclineOffer(Command, frozen=True, kw_only=True):
    """Do not agree to an offer of the other side or of the platform."""

    number: int
    message: str | None = None
