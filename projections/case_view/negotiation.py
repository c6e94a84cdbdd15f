"""The response, messages and offers, in the view of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, assert_never

from msgspec.structs import replace

from application.record.envelope import Precision, Recorded
from domain.negotiation.events import (
    Attachment,
    MessagePosted,
    NegotiationEvent,
    OfferAccepted,
    OfferDeclined,
    OfferLapsed,
    OfferMade,
    SellerResponded,
)
from domain.roles import Party
from projections.case_view.filing import FilingView
from projections.case_view.shown_values import (
    Shown,
    TermsShown,
    precision,
    shown_money,
)

OfferState = Literal["open", "accepted", "declined", "lapsed", "replaced"]


class ResponseShown(Shown, frozen=True, kw_only=True):
    """The seller's answer."""

    position: str
    at: datetime
    precision: Precision | None = None
    statement: str | None = None


class OfferViewed(Shown, frozen=True, kw_only=True):
    """An offer, who has agreed to it already, and the `reply` of who declined it."""

    number: int
    by: Party
    terms: TermsShown
    state: OfferState
    at: datetime
    due: datetime | None = None
    message: str | None = None
    reply: str | None = None
    accepted_by: tuple[Party, ...] = ()


class Message(Shown, frozen=True, kw_only=True):
    """A message of a party or the platform."""

    number: int
    by: Party
    text: str
    at: datetime
    attachment: Attachment | None = None


class NegotiationView(FilingView, frozen=True, kw_only=True):
    """A case with its negotiation added."""

    response: ResponseShown | None = None
    offers: tuple[OfferViewed, ...] = ()
    messages: tuple[Message, ...] = ()


def changes(
    view: NegotiationView, event: NegotiationEvent, recorded: Recorded
) -> dict[str, Any]:
    """Return the fields that an event of the negotiation changes."""
    match event:
        case SellerResponded(position=position, statement=statement):
            answer = ResponseShown(
                position=position,
                statement=statement,
                at=recorded.at,
                precision=precision(recorded),
            )
            return {"response": answer}
        case MessagePosted(number=number, by=by, text=text, attachment=attached):
            message = Message(
                number=number, by=by, text=text, at=recorded.at, attachment=attached
            )
            return {"messages": (*view.messages, message)}
        case OfferMade():
            return {"offers": _offered(view.offers, event, recorded)}
        case OfferAccepted(number=number, by=by, settles=settles):
            return {"offers": _accepted(view.offers, number, by, settles=settles)}
        case OfferDeclined(number=number, message=reply):
            return {"offers": in_state(view.offers, number, "declined", reply)}
        case OfferLapsed(number=number):
            return {"offers": in_state(view.offers, number, "lapsed")}
        case _:
            assert_never(event)


def _offered(
    offers: tuple[OfferViewed, ...], event: OfferMade, recorded: Recorded
) -> tuple[OfferViewed, ...]:
    """Add an offer; the same side's offer that was open until now is replaced."""
    terms = event.terms
    made = OfferViewed(
        number=event.number,
        by=event.by,
        terms=TermsShown(
            kind=terms.kind, amount=shown_money(terms.amount), freight=terms.freight
        ),
        state="open",
        at=recorded.at,
        due=event.deadlines[0].due if event.deadlines else None,
        message=event.message,
    )
    earlier = (
        replace(one, state="replaced")
        if (one.state, one.by) == ("open", event.by)
        else one
        for one in offers
    )
    return (*earlier, made)


def in_state(
    offers: tuple[OfferViewed, ...],
    number: int,
    state: OfferState,
    reply: str | None = None,
) -> tuple[OfferViewed, ...]:
    """Return the offers, one of them in another state, with what was said to it."""
    return tuple(
        replace(one, state=state, reply=reply) if one.number == number else one
        for one in offers
    )


def _accepted(
    offers: tuple[OfferViewed, ...], number: int, by: str, *, settles: bool
) -> tuple[OfferViewed, ...]:
    return tuple(
        replace(
            one,
            state="accepted" if settles else "open",
            accepted_by=(*one.accepted_by, by),
        )
        if one.number == number
        else one
        for one in offers
    )
