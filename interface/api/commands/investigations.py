"""The bodies of negotiation and investigation: messages, evidence, inquiries."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from domain.admission.commands import ReferOut
from domain.assignment.commands import Recuse
from domain.evidence.commands import AssessEvidence, AssignBurden, RequestEvidence
from domain.inquiries.commands import AnswerInquiry, SendInquiry
from domain.negotiation.commands import PostMessage
from interface.api.commands.fields import Code, Id, Text
from interface.api.commands.plain_body import PlainBody
from interface.api.commands.rulings import RuleBody

Reference = Annotated[str, Meta(min_length=1, max_length=200)]


class MessageBody(PlainBody, frozen=True, kw_only=True):
    """A message to the others of the case."""

    asks = PostMessage
    text: Text


class EvidenceRequestBody(PlainBody, frozen=True, kw_only=True):
    """Ask a side, or both, for kinds of evidence."""

    asks = RequestEvidence
    party: Literal["buyer", "seller", "both"]
    kinds: Annotated[tuple[Code, ...], Meta(max_length=20)]
    note: Text | None = None


class AssessmentBody(PlainBody, frozen=True, kw_only=True):
    """Weigh an item; what is not all three is excluded, with a ground."""

    asks = AssessEvidence
    authentic: bool
    relevant: bool
    legal: bool
    ground: Text | None = None


class BurdenBody(PlainBody, frozen=True, kw_only=True):
    """Shift the burden of proof, by a rule and with a reason."""

    asks = AssignBurden
    party: Literal["buyer", "seller"]
    rule: RuleBody
    why: Text


class InquiryBody(PlainBody, frozen=True, kw_only=True):
    """Ask a third party. `inspection` stops the clocks until it is answered."""

    asks = SendInquiry
    kind: Code
    addressee: Id
    question: Text


class InquiryAnswerBody(PlainBody, frozen=True, kw_only=True):
    """What the third party answered."""

    asks = AnswerInquiry
    answer: Text
    reference: Reference | None = None


class RecusalBody(PlainBody, frozen=True, kw_only=True):
    """A conflict of interest: one's own, or (supervisor) a mediator's."""

    asks = Recuse
    conflict: Text
    mediator: Id | None = None


class ReferralBody(PlainBody, frozen=True, kw_only=True):
    """Hand the case to an authority (a code of routes) and close it here."""

    asks = ReferOut
    authority: Code
    note: Text
