"""The ruling, its draft and its review by a human, as clients send them."""

from __future__ import annotations

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.evidence.decide import evidence
from domain.line_total import line_limit
from domain.money import Money
from domain.policy.profile import AboveLine
from domain.ruling.commands import ApproveRuling, DraftRuling, RequestHumanReview, Rule
from domain.ruling.reasons import Automation
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import (
    REASON_EXAMPLE,
    REFUND_EXAMPLE,
    Body,
    Code,
    Id,
    Reasons,
    Remedies,
    Text,
)
from interface.api.commands.hints import Hints, citations, codes, some, terms, when

RULING_EXAMPLE = {
    "liability": "seller",
    "remedies": [REFUND_EXAMPLE],
    "reasons": [
        {
            "issue": "Was the kettle defective on arrival?",
            "finding": "The photos of the first day show the crack.",
            "relied_on": [1],
            "rule": {"id": "sample-platform", "version": "1", "article": "3"},
            "burden": "buyer",
        }
    ],
}


class RulingBody(Body, frozen=True, kw_only=True):
    """The ruling: liability, remedies, and the reasons for them."""

    liability: Code
    remedies: Remedies
    reasons: Reasons
    automation: Automation = Automation.NONE
    model: Id | None = None


class DraftBody(RulingBody, frozen=True, kw_only=True):
    """A ruling for another person to issue."""


class ReviewBody(Body, frozen=True, kw_only=True):
    """Ask that a human decide again."""

    statement: Text | None = None


def _ruling(action: Action, dispute: Dispute, context: Context) -> Hints:
    # After a machine's ruling only a human may rule.
    reviewed = dispute.automation is Automation.AUTOMATED
    levels = [
        one for one in Automation if not (reviewed and one is Automation.AUTOMATED)
    ]
    # A draft may be for more: it takes a second person to be issued.
    alone = action.command is Rule
    return {
        "liability": codes(context.codes.liabilities),
        **remedies_hints(dispute, context, alone=alone),
        **reasons_hints(dispute, context),
        "automation": codes(levels),
        "model": when(automation=(one for one in levels if one is not Automation.NONE)),
    }


def remedies_hints(dispute: Dispute, context: Context, *, alone: bool) -> Hints:
    """Say what can be granted, and how much of it by one person `alone`."""
    most = _grantable(dispute, context, alone=alone)
    kinds = context.codes.remedies
    total = {} if most is None else {"max": str(most), "currency": most.currency}
    return {
        "remedies": {**some(), **total},
        **terms("remedies", kinds, most, context, ruled=True),
    }


def _grantable(dispute: Dispute, context: Context, *, alone: bool) -> Money | None:
    """Return the most that can be granted: the claim, or what one person may grant."""
    claimed = (dispute.claim.amount if dispute.claim else None) or dispute.paid
    if claimed is None:
        return None
    policy, most = context.rules.policy, claimed.amount
    left = line_limit(dispute.paid, context)
    # A second person may grant more than what is left, where the policy says so.
    if left is not None and (alone or policy.above_line is AboveLine.REFUSE):
        most = min(most, left.amount)
    if alone:
        most = min(most, policy.four_eyes.get(claimed.currency, most))
    return Money(most, claimed.currency)


def reasons_hints(dispute: Dispute, context: Context) -> Hints:
    """Say which evidence can be relied on, none that was excluded, and which rules."""
    items = evidence(dispute)
    return {
        "reasons": some(),
        **citations("reasons.rule", context),
        "reasons.relied_on": codes(one.number for one in items if not one.is_excluded),
        "reasons.set_aside": codes(one.number for one in items),
    }


ROUTES = (
    CommandRoute(
        command=Rule,
        path="ruling",
        operation="ruleDispute",
        tag="staff",
        summary="Rule",
        about=(
            "Decide: liability, remedies and why. Both parties are then served notice."
        ),
        body=RulingBody,
        examples=(("Full refund", RULING_EXAMPLE),),
        hints=_ruling,
    ),
    CommandRoute(
        command=DraftRuling,
        path="ruling-draft",
        operation="draftRuling",
        tag="staff",
        summary="Draft a ruling",
        about="Prepare a ruling; above the policy's amount another has to issue it.",
        body=DraftBody,
        examples=(
            (
                "Draft a ruling",
                {
                    "liability": "seller",
                    "remedies": [REFUND_EXAMPLE],
                    "reasons": [REASON_EXAMPLE],
                },
            ),
        ),
        hints=_ruling,
    ),
    CommandRoute(
        command=ApproveRuling,
        path="ruling-draft/approval",
        operation="approveRulingDraft",
        tag="staff",
        summary="Approve the draft",
        about="Issue, as the second person, what another drafted. Takes no body.",
    ),
    CommandRoute(
        command=RequestHumanReview,
        path="human-review",
        operation="requestHumanReview",
        tag="parties",
        summary="Ask for a human",
        about="Ask that a human decide again what a machine decided alone.",
        body=ReviewBody,
        examples=(
            ("Ask for a human", {"statement": "Nobody has looked at my photos."}),
        ),
    ),
)
