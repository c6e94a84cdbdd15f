"""Tells the course of a case from its facts: messages, inquiries, appeals, sanctions.

Each field holds what happened so far by number; a later fact changes its entry.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from application.record.envelope import Recorded
from domain.enforcement.events import (
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
)
from domain.evidence.events import (
    BurdenAssigned,
    EvidenceAssessed,
    EvidenceHandedIn,
    EvidenceRequested,
)
from domain.inquiries.events import InquiryAnswered, InquirySent
from domain.negotiation.events import Attachment, MessagePosted
from domain.ruling.events import HumanReviewRequested
from domain.ruling.reasons import RuleCited
from domain.sanctions.events import SanctionImposed, SanctionLifted, SanctionPublished
from domain.suspension.events import Resumed, Suspended, SuspensionProved
from interface.api.responses.case_course import (
    AttachmentShown,
    BurdenShown,
    EnforcementShown,
    EvidenceRequestShown,
    InquiryShown,
    MessageShown,
    SanctionShown,
    SuspensionShown,
)
from interface.api.responses.case_parts import AssessmentShown, shown_money
from interface.api.responses.telling_decisions import decisions


def course(case: dict[str, Any], fact: Recorded) -> dict[str, Any]:
    """Return the fields that a fact changes."""
    match fact.event:
        case MessagePosted() | EvidenceRequested() | InquirySent():
            return _asked(case, fact)
        case InquiryAnswered(number=number, answer=answer):
            at = fact.at
            return _changed(case, "inquiries", number, answer=answer, answered_at=at)
        case BurdenAssigned(party=party, rule=rule, why=why):
            burden = BurdenShown(party=party, rule=cited(rule), at=fact.at, why=why)
            return {"burden": burden}
        case EvidenceHandedIn(number=number):
            return _changed(case, "evidence", number, draft=False)
        case EvidenceAssessed() as weighed:
            return _changed(case, "evidence", weighed.number, assessment=_of(weighed))
        case HumanReviewRequested(by=by, statement=said):
            return {"review": {"by": by, "statement": said, "at": fact.at}}
        case EnforcementOrdered() | EnforcementExecuted() | EnforcementFailed():
            return _enforced(case, fact)
        case SanctionImposed() | SanctionPublished() | SanctionLifted():
            return _sanctioned(case, fact)
        case Suspended() | SuspensionProved() | Resumed():
            return _stood_still(case, fact)
        case _:
            return decisions(case, fact)


def cited(rule: RuleCited) -> dict[str, str]:
    """Return a rule as it is cited."""
    shown = {"id": rule.id, "version": rule.version}
    return shown | ({"article": rule.article} if rule.article else {})


def _with(case: dict[str, Any], field: str, entry: Any) -> dict[str, Any]:
    return {field: (*case.get(field, ()), entry)}


def _changed(
    case: dict[str, Any], field: str, number: int, **change: Any
) -> dict[str, Any]:
    return {
        field: tuple(
            replace(one, **change) if one.number == number else one
            for one in case.get(field, ())
        )
    }


def _asked(case: dict[str, Any], fact: Recorded) -> dict[str, Any]:
    match fact.event:
        case MessagePosted(number=number, by=by, text=text, attachment=attached):
            came = _attachment(fact.case, number, attached) if attached else None
            message = MessageShown(
                number=number, by=by, text=text, at=fact.at, attachment=came
            )
            return _with(case, "messages", message)
        case EvidenceRequested() as asked:
            request = EvidenceRequestShown(
                number=asked.number,
                party=asked.party,
                kinds=asked.kinds,
                at=fact.at,
                due=asked.deadlines[0].due if asked.deadlines else None,
                note=asked.note,
            )
            return _with(case, "evidence_requests", request)
        case InquirySent() as sent:
            inquiry = InquiryShown(
                number=sent.number,
                kind=sent.kind,
                addressee=sent.addressee,
                question=sent.question,
                at=fact.at,
            )
            return _with(case, "inquiries", inquiry)
        case _:
            return {}


def _attachment(case: UUID, number: int, attached: Attachment) -> AttachmentShown:
    return AttachmentShown(
        media_type=attached.media_type,
        size=attached.size,
        sha256=attached.sha256,
        href=f"/v1/disputes/{case}/messages/{number}/attachment",
        name=attached.name,
    )


def _of(weighed: EvidenceAssessed) -> AssessmentShown:
    return AssessmentShown(
        authentic=weighed.authentic,
        relevant=weighed.relevant,
        legal=weighed.legal,
        admitted=weighed.admitted,
        ground=weighed.ground,
    )


def _enforced(case: dict[str, Any], fact: Recorded) -> dict[str, Any]:
    match fact.event:
        case EnforcementOrdered() as ordered:
            order = EnforcementShown(
                number=ordered.number,
                obligation=ordered.obligation,
                method=ordered.method,
                at=fact.at,
                amount=shown_money(ordered.amount),
            )
            return _with(case, "enforcement", order)
        case EnforcementExecuted(number=number):
            return _changed(case, "enforcement", number, state="executed")
        case EnforcementFailed() as failed:
            how = {"cause": failed.cause, "final": failed.final}
            how |= {"routes": failed.routes, "state": "failed"}
            return _changed(case, "enforcement", failed.number, **how)
        case _:
            return {}


def _sanctioned(case: dict[str, Any], fact: Recorded) -> dict[str, Any]:
    match fact.event:
        case SanctionImposed() as imposed:
            sanction = SanctionShown(
                number=imposed.number,
                kind=imposed.kind,
                breach=imposed.breach,
                measure=imposed.measure,
                at=fact.at,
            )
            return _with(case, "sanctions", sanction)
        case SanctionPublished(number=number, lifted=lifted):
            state = "end-published" if lifted else "published"
            return _changed(case, "sanctions", number, state=state)
        case SanctionLifted(number=number):
            return _changed(case, "sanctions", number, state="lifted")
        case _:
            return {}


def _stood_still(case: dict[str, Any], fact: Recorded) -> dict[str, Any]:
    now: SuspensionShown | None = case.get("suspension")
    match fact.event:
        case Suspended() as stopped:
            return {
                "suspension": SuspensionShown(
                    cause=stopped.cause,
                    by=stopped.by,
                    since=stopped.since,
                    note=stopped.note,
                )
            }
        case SuspensionProved() if now is not None:
            return {"suspension": replace(now, proved=True)}
        case Resumed() if now is not None:
            return {"suspension": replace(now, over_at=fact.at)}
        case _:
            return {}
