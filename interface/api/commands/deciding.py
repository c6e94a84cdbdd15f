"""Acts of deciding: drafts, review, appeal, extension, suspension."""

from __future__ import annotations

from domain.ruling.commands import ApproveRuling
from interface.api.commands import appeals
from interface.api.commands.act import REASON, REFUND, Act

DECIDING = (
    Act(
        path="ruling-draft",
        tag="staff",
        summary="Draft a ruling",
        about="Prepare a ruling; above the policy's amount another has to issue it.",
        body=appeals.DraftBody,
        example={"liability": "seller", "remedies": [REFUND], "reasons": [REASON]},
    ),
    Act(
        path="ruling-draft/approval",
        tag="staff",
        summary="Approve the draft",
        about="Issue, as the second person, what another drafted. Takes no body.",
        asks=ApproveRuling,
    ),
    Act(
        path="human-review",
        tag="parties",
        summary="Ask for a human",
        about="Ask that a human decide again what a machine decided alone.",
        body=appeals.ReviewBody,
        example={"statement": "Nobody has looked at my photos."},
    ),
    Act(
        path="appeal",
        tag="parties",
        summary="Appeal",
        about="Appeal once, in time, with new evidence or a stated error.",
        body=appeals.AppealBody,
        example={"ground": "error", "statement": "The photo shows another kettle."},
    ),
    Act(
        path="appeal/refusal",
        tag="staff",
        summary="Refuse an appeal",
        about="Do not take an appeal that names neither new evidence nor an error.",
        body=appeals.AppealRefusalBody,
        example={"explanation": "It repeats what was decided."},
    ),
    Act(
        path="appeal/decision",
        tag="staff",
        summary="Decide the appeal",
        about="Uphold, vary or set aside; who decided first may not.",
        body=appeals.AppealDecisionBody,
        example={"result": "upheld", "reasons": [REASON]},
    ),
    Act(
        path="extension",
        tag="staff",
        summary="Extend a limit",
        about="Give a running limit the more time that the policy allows, once.",
        body=appeals.ExtensionBody,
        example={"awaited": "evidence", "party": "buyer", "why": "Travelling."},
    ),
    Act(
        path="suspension",
        tag="parties",
        summary="Suspend",
        about="Both ask, one is before a court or the police, or a supervisor does.",
        body=appeals.SuspensionBody,
        example={"cause": "agreement", "days": 10},
    ),
    Act(
        path="suspension/proof",
        tag="parties",
        summary="Prove a suspension",
        about="Show that a court or the police have the matter.",
        body=appeals.SuspensionProofBody,
        example={"proof": "Docket 2026-77."},
    ),
    Act(
        path="resumption",
        tag="parties",
        summary="Resume",
        about="Let a suspended case go on.",
        body=appeals.ResumptionBody,
        example={"note": "We could not agree."},
    ),
)
