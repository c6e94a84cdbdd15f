"""Inquiries to third parties, as clients send them."""

from __future__ import annotations

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.inquiries.commands import AnswerInquiry, SendInquiry
from domain.inquiries.decide import INSPECTION
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Code, Id, Reference, Text
from interface.api.commands.hints import Hints, codes


class InquiryBody(Body, frozen=True, kw_only=True):
    """Ask a third party. `inspection` stops the clocks until it is answered."""

    kind: Code
    addressee: Id
    question: Text


class InquiryAnswerBody(Body, frozen=True, kw_only=True):
    """What the third party answered."""

    answer: Text
    reference: Reference | None = None


def _inquiry(_: Action, dispute: Dispute, context: Context) -> Hints:
    kinds = context.codes.inquiries
    standing = bool(dispute.pauses)
    return {"kind": codes(one for one in kinds if not (standing and one == INSPECTION))}


ROUTES = (
    CommandRoute(
        command=SendInquiry,
        path="inquiries",
        operation="sendInquiry",
        tag="staff",
        summary="Ask a third party",
        about="Ask a carrier, a payment institution …; an inspection stops the clocks.",
        body=InquiryBody,
        examples=(
            (
                "Ask a third party",
                {
                    "kind": "carrier",
                    "addressee": "SF Express",
                    "question": "Was parcel 77 delivered?",
                },
            ),
        ),
        hints=_inquiry,
    ),
    CommandRoute(
        command=AnswerInquiry,
        path="inquiries/{n}/answer",
        operation="answerInquiry",
        tag="staff",
        summary="Record the answer",
        about="Record what the third party answered; stopped clocks run on.",
        body=InquiryAnswerBody,
        examples=(("Record the answer", {"answer": "It was delivered on 2 March."}),),
    ),
)
