"""Escalation, evidence and inquiries, in the view of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any, assert_never

from msgspec.structs import replace

from application.record.envelope import Precision, Recorded
from domain.escalation.events import Escalated, EscalationEvent, Trigger
from domain.evidence.events import (
    BurdenAssigned,
    EvidenceAssessed,
    EvidenceClosed,
    EvidenceEvent,
    EvidenceHandedIn,
    EvidenceRequested,
    EvidenceSubmitted,
)
from domain.inquiries.events import InquiryAnswered, InquiryEvent, InquirySent
from domain.roles import Party
from projections.case_view.negotiation import NegotiationView
from projections.case_view.shown_values import (
    Shown,
    cited,
    precision,
)


class EscalationShown(Shown, frozen=True, kw_only=True):
    """Why and by whom the case was handed to the platform."""

    trigger: Trigger
    by: Party
    at: datetime
    precision: Precision | None = None
    statement: str | None = None


class AssessmentShown(Shown, frozen=True, kw_only=True):
    """How an item was weighed; excluded with a ground, unless admitted."""

    authentic: bool
    relevant: bool
    legal: bool
    admitted: bool
    ground: str | None = None


class Evidence(Shown, frozen=True, kw_only=True):
    """A file as its events tell it. A `draft` is shown to its own side only.

    `missing`: it was imported without the file.
    """

    number: int
    by: Party
    kind: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    name: str | None = None
    note: str | None = None
    draft: bool = False
    missing: bool = False
    assessment: AssessmentShown | None = None


class EvidenceRequestShown(Shown, frozen=True, kw_only=True):
    """What a mediator asked a side for."""

    number: int
    party: Party
    kinds: tuple[str, ...]
    at: datetime
    due: datetime | None = None
    note: str | None = None


class BurdenShown(Shown, frozen=True, kw_only=True):
    """Who has to prove first, by which rule; `why` where it was shifted."""

    party: Party
    rule: dict[str, str]
    at: datetime
    why: str | None = None


class InquiryShown(Shown, frozen=True, kw_only=True):
    """A question to a third party and its answer."""

    number: int
    kind: str
    addressee: str
    question: str
    at: datetime
    answer: str | None = None
    answered_at: datetime | None = None


class InvestigationView(NegotiationView, frozen=True, kw_only=True):
    """A case with its escalation, evidence and inquiries added."""

    escalation: EscalationShown | None = None
    evidence: tuple[Evidence, ...] = ()
    evidence_requests: tuple[EvidenceRequestShown, ...] = ()
    burden: BurdenShown | None = None
    inquiries: tuple[InquiryShown, ...] = ()


def changes(
    view: InvestigationView,
    event: EscalationEvent | EvidenceEvent | InquiryEvent,
    recorded: Recorded,
) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case Escalated():
            return {"escalation": _escalation(event, recorded)}
        case EvidenceRequested():
            asked = _request(event, recorded)
            return {"evidence_requests": (*view.evidence_requests, asked)}
        case EvidenceSubmitted():
            return {"evidence": (*view.evidence, _evidence(event, recorded))}
        case EvidenceHandedIn(number=number):
            return {"evidence": _with(view, number, draft=False)}
        case EvidenceAssessed(number=number):
            return {"evidence": _with(view, number, assessment=_assessment(event))}
        case EvidenceClosed():
            # That a side's time is over is shown by its deadline.
            return {}
        case BurdenAssigned(party=party, rule=rule, why=why):
            burden = BurdenShown(party=party, rule=cited(rule), at=recorded.at, why=why)
            return {"burden": burden}
        case InquirySent():
            return {"inquiries": (*view.inquiries, _inquiry(event, recorded))}
        case InquiryAnswered(number=number, answer=answer):
            answered = tuple(
                replace(one, answer=answer, answered_at=recorded.at)
                if one.number == number
                else one
                for one in view.inquiries
            )
            return {"inquiries": answered}
        case _:
            assert_never(event)


def _escalation(event: Escalated, recorded: Recorded) -> EscalationShown:
    return EscalationShown(
        trigger=event.trigger,
        by=event.by,
        at=recorded.at,
        precision=precision(recorded),
        statement=event.statement,
    )


def _request(event: EvidenceRequested, recorded: Recorded) -> EvidenceRequestShown:
    return EvidenceRequestShown(
        number=event.number,
        party=event.party,
        kinds=event.kinds,
        at=recorded.at,
        due=event.deadlines[0].due if event.deadlines else None,
        note=event.note,
    )


def _evidence(event: EvidenceSubmitted, recorded: Recorded) -> Evidence:
    return Evidence(
        number=event.number,
        by=event.by,
        kind=event.kind,
        media_type=event.media_type,
        size=event.size,
        sha256=event.sha256,
        at=recorded.at,
        name=event.name,
        note=event.note,
        draft=event.draft,
        missing=event.missing,
    )


def _with(view: InvestigationView, number: int, **change: Any) -> tuple[Evidence, ...]:
    return tuple(
        replace(one, **change) if one.number == number else one for one in view.evidence
    )


def _assessment(event: EvidenceAssessed) -> AssessmentShown:
    return AssessmentShown(
        authentic=event.authentic,
        relevant=event.relevant,
        legal=event.legal,
        admitted=event.admitted,
        ground=event.ground,
    )


def _inquiry(event: InquirySent, recorded: Recorded) -> InquiryShown:
    return InquiryShown(
        number=event.number,
        kind=event.kind,
        addressee=event.addressee,
        question=event.question,
        at=recorded.at,
    )
