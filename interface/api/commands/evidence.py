"""Evidence and the burden of proof, as clients send them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.evidence.commands import (
    AssessEvidence,
    AssignBurden,
    HandInEvidence,
    RequestEvidence,
    SubmitEvidence,
)
from domain.evidence.decide import kinds_asked
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Code, RuleBody, Side, Text
from interface.api.commands.hints import Hints, citations, codes, some, when
from interface.api.responses.case_parts import Field
from interface.api.uploads import FILE, MAX_NOTE

EVIDENCE = (
    FILE,
    Field(name="kind", type="string", required=True),
    Field(name="note", type="string", required=False, max_length=MAX_NOTE),
    Field(name="draft", type="boolean", required=False),
)
NOT = ("false",)


class EvidenceRequestBody(Body, frozen=True, kw_only=True):
    """Ask a side, or both, for kinds of evidence."""

    party: Literal["buyer", "seller", "both"]
    kinds: Annotated[tuple[Code, ...], Meta(max_length=20)]
    note: Text | None = None


class AssessmentBody(Body, frozen=True, kw_only=True):
    """Weigh an item; what is not all three is excluded, with a ground."""

    authentic: bool
    relevant: bool
    legal: bool
    ground: Text | None = None


class BurdenBody(Body, frozen=True, kw_only=True):
    """Shift the burden of proof, by a rule and with a reason."""

    party: Side
    rule: RuleBody
    why: Text


def _evidence(_: Action, dispute: Dispute, context: Context) -> Hints:
    return {"kind": codes(sorted(kinds_asked(dispute, context)))}


def _request(_: Action, __: Dispute, context: Context) -> Hints:
    return {"kinds": {**codes(context.codes.evidence), **some()}}


def _assessment(_: Action, __: Dispute, ___: Context) -> Hints:
    return {"ground": when(authentic=NOT, relevant=NOT, legal=NOT)}


def _burden(_: Action, __: Dispute, context: Context) -> Hints:
    return citations("rule", context)


ROUTES = (
    CommandRoute(
        command=RequestEvidence,
        path="evidence-requests",
        operation="requestEvidence",
        tag="staff",
        summary="Ask for evidence",
        about="Ask a side, or both, for kinds of evidence; dates only become later.",
        body=EvidenceRequestBody,
        examples=(
            (
                "Ask for evidence",
                {"party": "seller", "kinds": ["inspection-report"]},
            ),
        ),
        hints=_request,
    ),
    CommandRoute(
        command=SubmitEvidence, path="evidence", upload=EVIDENCE, hints=_evidence
    ),
    CommandRoute(
        command=HandInEvidence,
        path="evidence/{n}/handing-in",
        operation="handInEvidence",
        tag="parties",
        summary="Hand in a draft",
        about="Make a draft evidence. Takes no body.",
    ),
    CommandRoute(
        command=AssessEvidence,
        path="evidence/{n}/assessment",
        operation="assessEvidence",
        tag="staff",
        summary="Assess evidence",
        about="Weigh an item for authenticity, relevance and legality.",
        body=AssessmentBody,
        examples=(
            (
                "Assess evidence",
                {"authentic": True, "relevant": True, "legal": True},
            ),
        ),
        hints=_assessment,
    ),
    CommandRoute(
        command=AssignBurden,
        path="burden",
        operation="assignBurden",
        tag="staff",
        summary="Shift the burden of proof",
        about="Shift the burden of proof to a side, by a rule and with a reason.",
        body=BurdenBody,
        hints=_burden,
        examples=(
            (
                "Shift the burden of proof",
                {
                    "party": "seller",
                    "rule": {"id": "proof", "version": "1", "article": "hidden-defect"},
                    "why": "The defect cannot be seen from outside.",
                },
            ),
        ),
    ),
)
