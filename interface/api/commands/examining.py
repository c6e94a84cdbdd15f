"""Acts of examining a case: messages, evidence, burden, inquiries."""

from __future__ import annotations

from domain.evidence.commands import HandInEvidence
from interface.api.commands import appeals, investigations
from interface.api.commands.act import Act

EXAMINING = (
    Act(
        path="messages",
        tag="parties",
        summary="Post a message",
        about="Say something to the others of the case.",
        body=investigations.MessageBody,
        example={"text": "When will the money be back?"},
    ),
    Act(
        path="referral",
        tag="staff",
        summary="Refer out",
        about="Hand the case to an authority or a court; it is closed here.",
        body=investigations.ReferralBody,
        example={"authority": "court", "note": "A court has the matter."},
    ),
    Act(
        path="recusal",
        tag="staff",
        summary="Recuse",
        about="Take oneself out for a conflict of interest; supervisors, anybody.",
        body=investigations.RecusalBody,
        example={"conflict": "The seller is a relative."},
    ),
    Act(
        path="evidence-requests",
        tag="staff",
        summary="Ask for evidence",
        about="Ask a side, or both, for kinds of evidence; dates only become later.",
        body=investigations.EvidenceRequestBody,
        example={"party": "seller", "kinds": ["inspection-report"]},
    ),
    Act(
        path="evidence/{n}/handing-in",
        tag="parties",
        summary="Hand in a draft",
        about="Make a draft evidence. Takes no body.",
        asks=HandInEvidence,
    ),
    Act(
        path="evidence/{n}/assessment",
        tag="staff",
        summary="Assess evidence",
        about="Weigh an item for authenticity, relevance and legality.",
        body=investigations.AssessmentBody,
        example={"authentic": True, "relevant": True, "legal": True},
    ),
    Act(
        path="burden",
        tag="staff",
        summary="Shift the burden of proof",
        about="Shift the burden of proof to a side, by a rule and with a reason.",
        body=investigations.BurdenBody,
        example={
            "party": "seller",
            "rule": {"id": "proof", "version": "1", "article": "hidden-defect"},
            "why": "The defect cannot be seen from outside.",
        },
    ),
    Act(
        path="inquiries",
        tag="staff",
        summary="Ask a third party",
        about="Ask a carrier, a payment institution …; an inspection stops the clocks.",
        body=investigations.InquiryBody,
        example={
            "kind": "carrier",
            "addressee": "SF Express",
            "question": "Was parcel 77 delivered?",
        },
    ),
    Act(
        path="inquiries/{n}/answer",
        tag="staff",
        summary="Record the answer",
        about="Record what the third party answered; stopped clocks run on.",
        body=investigations.InquiryAnswerBody,
        example={"answer": "It was delivered on 2 March."},
    ),
    Act(
        path="notices",
        tag="staff",
        summary="Record service",
        about="Record that a notice reached a party over a channel (platform).",
        body=appeals.ServiceBody,
        example={"notice": "ruling", "party": "buyer", "channel": "sms"},
    ),
)
