"""Evidence and the burden of proof (4.3.2): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from msgspec.structs import replace

from domain.case.dispute import Dispute, Exhibit, Phase, Request
from domain.escalation.evolve import SIDES
from domain.evidence.events import (
    BurdenAssigned,
    EvidenceAssessed,
    EvidenceClosed,
    EvidenceEvent,
    EvidenceHandedIn,
    EvidenceRequested,
    EvidenceSubmitted,
)
from domain.roles import Party


def changes(dispute: Dispute, event: EvidenceEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
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
        case _:
            assert_never(event)


def _requested(dispute: Dispute, event: EvidenceRequested) -> dict[str, Any]:
    """Open a side again that is asked once more."""
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
