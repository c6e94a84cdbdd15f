"""The seller's response, messages and offers, as clients send them."""

from __future__ import annotations

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.line_total import line_limit
from domain.negotiation.commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    PostMessage,
    RespondToClaim,
)
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Code, TermsBody, Text
from interface.api.commands.hints import Hints, codes, only_when, terms, when
from interface.api.responses.case_parts import Field
from interface.api.uploads import FILE, MAX_TEXT

HALF = {"kind": "refund", "amount": {"amount": "64.50", "currency": "CNY"}}
ATTACHMENT = (
    FILE,
    Field(name="text", type="string", required=True, min_length=1, max_length=MAX_TEXT),
)


class ResponseBody(Body, frozen=True, kw_only=True):
    """The seller's answer. `offer` goes with the position "offer"."""

    position: Code
    statement: Text | None = None
    offer: TermsBody | None = None


class MessageBody(Body, frozen=True, kw_only=True):
    """A message to the others of the case."""

    text: Text


class OfferBody(Body, frozen=True, kw_only=True):
    """An offer, or a counter-offer."""

    terms: TermsBody
    message: Text | None = None


class DeclineBody(Body, frozen=True, kw_only=True):
    """Do not agree."""

    message: Text | None = None


def _response(_: Action, dispute: Dispute, context: Context) -> Hints:
    positions = [
        one
        for one in context.codes.own("positions")
        if one != "accept" or dispute.claim is not None
    ]
    return {
        "position": codes(positions),
        "statement": when(position=["contest"]),
        "offer": only_when(position=["offer"]),
        **_terms("offer", dispute, context),
    }


def _offer(_: Action, dispute: Dispute, context: Context) -> Hints:
    return _terms("terms", dispute, context)


def _terms(at: str, dispute: Dispute, context: Context) -> Hints:
    most = line_limit(dispute.paid, context)
    return terms(at, context.codes.claims, most, context)


ROUTES = (
    CommandRoute(
        command=RespondToClaim,
        path="seller-response",
        operation="respondToClaim",
        tag="parties",
        summary="Answer the claim",
        about="Accept the claim, offer something else, or contest it (seller).",
        body=ResponseBody,
        examples=(
            ("Another offer", {"position": "offer", "offer": HALF}),
            (
                "Contest",
                {"position": "contest", "statement": "It left us without a fault."},
            ),
        ),
        hints=_response,
    ),
    CommandRoute(
        command=PostMessage,
        path="messages",
        operation="postMessage",
        tag="parties",
        summary="Post a message",
        about="Say something to the others of the case.",
        body=MessageBody,
        examples=(("Post a message", {"text": "When will the money be back?"}),),
    ),
    CommandRoute(command=PostMessage, path="messages/files", upload=ATTACHMENT),
    CommandRoute(
        command=MakeOffer,
        path="offers",
        operation="makeOffer",
        tag="parties",
        summary="Make an offer",
        about="Propose terms; they take the place of one's own last offer.",
        body=OfferBody,
        examples=(("Half back", {"terms": HALF, "message": "Half, and you keep it."}),),
        hints=_offer,
    ),
    CommandRoute(
        command=AcceptOffer,
        path="offers/{n}/acceptance",
        operation="acceptOffer",
        tag="parties",
        summary="Accept an offer",
        about="Agree to an open offer of the other side. Takes no body.",
    ),
    CommandRoute(
        command=DeclineOffer,
        path="offers/{n}/decline",
        operation="declineOffer",
        tag="parties",
        summary="Decline an offer",
        about="Decline an open offer of the other side; a message is optional.",
        body=DeclineBody,
        optional=True,
        examples=(("No", {"message": "It cannot be used at all."}),),
    ),
)
