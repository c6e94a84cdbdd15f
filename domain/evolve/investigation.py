"""What escalation, evidence, burden and inquiries change."""

from __future__ import annotations

from typing import Any, assert_never

from msgspec.structs import replace

from domain.dispute import Dispute, Exhibit, Inquiry, Phase, Request
from domain.events.any import InvestigationEvent
from domain.events.investigation import (
    BurdenAssigned,
    Escalated,
    EvidenceAssessed,
    EvidenceClosed,
    EvidenceHandedIn,
    EvidenceRequested,
    EvidenceSubmitted,
    InquiryAnswered,
    InquirySent,
)
from domain.evolve.duties import owed_anew
from domain.roles import Party

SIDES = frozenset({Party.BUYER, Party.SELLER})


def changes(dispute: Dispute, event: InvestigationEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case Escalated():
            return _escalated(dispute)
        case EvidenceRequested():
            return _requested(dispute, event)
        case EvidenceSubmitted():
            return {"exhibits": (*dispute.exhibits, _exhibit(event))}
        case EvidenceHandedIn(number=number):
            return {"exhibits": _with(dispute, number, draft=False)}
        case EvidenceAssessed(number=number):
            weighed = (event.authentic, event.relevant, event.legal)
            return {"exhibits": _with(dispute, number, weighed=weighed)}
        case EvidenceClosed(party=party):
            return _closed(dispute, party)
        case BurdenAssigned(party=party):
            return {"burden": party}
        case InquirySent(number=number, kind=kind, addressee=whom):
            asked = Inquiry(number=number, kind=kind, addressee=whom)
            return {"inquiries": (*dispute.inquiries, asked)}
        case InquiryAnswered(number=number):
            return {"inquiries": _answered(dispute, number)}
        case _:
            assert_never(event)


def _escalated(dispute: Dispute) -> dict[str, Any]:
    """Open the evidence, unless both sides' time for it is over already."""
    over = set(dispute.evidence_over) >= SIDES
    return owed_anew(dispute, ()) | {
        "phase": Phase.RULING if over else Phase.EVIDENCE,
        "offers": (),
        "settled": False,
        "granted": (),
    }


def _requested(dispute: Dispute, event: EvidenceRequested) -> dict[str, Any]:
    """Ask once more: a side that was closed is open again."""
    asked = Request(party=event.party, kinds=event.kinds)
    over = tuple(one for one in dispute.evidence_over if one is not event.party)
    return {
        "requests": (*dispute.requests, asked),
        "evidence_over": over,
        "phase": Phase.EVIDENCE,
    }


def _exhibit(event: EvidenceSubmitted) -> Exhibit:
    return Exhibit(
        number=event.number,
        by=event.by,
        kind=event.kind,
        sha256=event.sha256,
        draft=event.draft,
    )


def _with(dispute: Dispute, number: int, **change: object) -> tuple[Exhibit, ...]:
    return tuple(
        replace(one, **change) if one.number == number else one
        for one in dispute.exhibits
    )


def _closed(dispute: Dispute, party: Party) -> dict[str, Any]:
    over = (*dispute.evidence_over, party)
    both = set(over) >= SIDES
    return {"evidence_over": over, "phase": Phase.RULING if both else dispute.phase}


def _answered(dispute: Dispute, number: int) -> tuple[Inquiry, ...]:
    return tuple(
        replace(one, answered=True) if one.number == number else one
        for one in dispute.inquiries
    )
