"""Tells a case from its facts: what was claimed, answered, offered, ruled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from application.record.envelope import Recorded
from domain.admission.events import Admitted, Refused
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.escalation.events import Escalated
from domain.evidence.events import EvidenceSubmitted
from domain.filing.events import Filed, Withdrawn
from domain.negotiation.events import (
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    SellerResponded,
)
from domain.performance.events import Closed
from domain.ruling.events import Ruled
from interface.api.responses.case_parts import (
    EscalationShown,
    EvidenceShown,
    OfferShown,
    OrderShown,
    ResponseShown,
    RulingShown,
    shown_money,
    shown_terms,
)
from interface.api.responses.telling_course import course
from interface.api.responses.telling_decisions import (
    NOT_CLOSED,
    reasons_shown,
    terms_shown,
)


def told(facts: Iterable[Recorded]) -> dict[str, Any]:
    """Return the fields of a case's representation that its facts alone decide.

    The facts' personal texts have to be opened.
    """
    case: dict[str, Any] = {}
    for fact in facts:
        case |= _change(case, fact)
    case["offers"] = tuple(case.get("offers", {}).values())
    return case


def _change(case: dict[str, Any], fact: Recorded) -> dict[str, Any]:
    match fact.event:
        case Filed() as filed:
            return _filed(filed, fact)
        case Admitted(note=note):
            return {"admission_note": note} | NOT_CLOSED
        case Refused() as refused:
            return {"refusal": _refusal(refused, fact)}
        case Withdrawn(reason=reason, deemed=deemed):
            return {"withdrawal": {"reason": reason, "deemed": deemed, "at": fact.at}}
        case SellerResponded(position=position, statement=statement):
            answer = ResponseShown(position=position, statement=statement, at=fact.at)
            return {"response": replace(answer, precision=precision(fact))}
        case OfferMade() as offer:
            return {"offers": _offered(case.get("offers", {}), offer, fact)}
        case OfferAccepted(number=number, by=by, settles=settles):
            return {"offers": _accepted(case, number, by, settles=settles)}
        case OfferDeclined(number=number):
            return {"offers": _turned(case, number, "declined")}
        case DeadlineMissed(awaited=Awaited.OFFER_ANSWER, item=int(number)):
            return {"offers": _turned(case, number, "lapsed")}
        case Escalated() as escalated:
            return {"escalation": _escalation(escalated, fact)}
        case EvidenceSubmitted() as evidence:
            return {"evidence": (*case.get("evidence", ()), _shown(evidence, fact))}
        case Ruled() as ruling:
            return {
                "ruling": _ruling(ruling, fact),
                "decided_by": ruling.decided_by or fact.actor.id,
                "approved_by": ruling.approved_by,
                "draft": None,
            }
        case Closed(outcome=outcome, claim=claim):
            over = {"closed_at": fact.at, "outcome": outcome, "claim_result": claim}
            over["closed_precision"] = precision(fact)
            return over | {"offers": _none_open(case)}
        case _:
            return course(case, fact)


def _refusal(refused: Refused, fact: Recorded) -> dict[str, Any]:
    return {
        "ground": refused.ground,
        "explanation": refused.explanation,
        "rule": refused.rule,
        "routes": refused.routes,
        "at": fact.at,
    }


def _filed(filed: Filed, fact: Recorded) -> dict[str, Any]:
    return {
        "platform": filed.platform,
        "channel": filed.channel,
        "category": filed.category,
        "reason": filed.reason,
        "buyer": filed.buyer,
        "seller": filed.seller,
        "order": OrderShown(
            id=filed.order,
            line=filed.line,
            paid=shown_money(filed.paid),
            received_at=filed.received_at,
            promised_at=filed.promised_at,
        ),
        "claim": shown_terms(filed.claim),
        "facts": filed.facts,
        "contact": filed.contact,
        "evidence_note": filed.evidence_note,
        "policy": filed.policy,
        "opened_at": fact.at,
        "reopens": filed.reopens,
        "new_facts": filed.new_facts,
        "opened_precision": precision(fact),
        "imported": _imported(filed, fact),
    }


def _imported(filed: Filed, fact: Recorded) -> dict[str, str] | None:
    if fact.imported is None:
        return None
    source = fact.imported
    said = {"stated": filed.stated} if filed.stated else {}
    return {"system": source.system, "record": source.record, **said}


def _offered(
    offers: dict[int, OfferShown], offer: OfferMade, fact: Recorded
) -> dict[int, OfferShown]:
    terms = shown_terms(offer.terms)
    assert terms is not None  # noqa: S101 - an offer has terms
    shown = OfferShown(
        number=offer.number,
        by=offer.by,
        terms=terms,
        state="open",
        at=fact.at,
        due=offer.deadlines[0].due if offer.deadlines else None,
        message=offer.message,
    )
    earlier = {
        number: replace(one, state="replaced")
        if (one.state, one.by) == ("open", offer.by)
        else one
        for number, one in offers.items()
    }
    return earlier | {offer.number: shown}


def _turned(case: dict[str, Any], number: int, state: str) -> dict[int, OfferShown]:
    offers: dict[int, OfferShown] = case.get("offers", {})
    if number not in offers:
        return offers
    return offers | {number: replace(offers[number], state=state)}


def _accepted(
    case: dict[str, Any], number: int, by: str, *, settles: bool
) -> dict[int, OfferShown]:
    offers = _turned(case, number, "accepted" if settles else "open")
    if number not in offers:
        return offers
    agreed = (*offers[number].accepted_by, by)
    return offers | {number: replace(offers[number], accepted_by=agreed)}


def _none_open(case: dict[str, Any]) -> dict[int, OfferShown]:
    offers: dict[int, OfferShown] = case.get("offers", {})
    return {
        number: replace(one, state="lapsed") if one.state == "open" else one
        for number, one in offers.items()
    }


def _escalation(escalated: Escalated, fact: Recorded) -> EscalationShown:
    return EscalationShown(
        trigger=escalated.trigger,
        by=escalated.by,
        at=fact.at,
        precision=precision(fact),
        statement=escalated.statement,
    )


def _shown(evidence: EvidenceSubmitted, fact: Recorded) -> EvidenceShown:
    return EvidenceShown(
        number=evidence.number,
        by=evidence.by,
        kind=evidence.kind,
        media_type=evidence.media_type,
        size=evidence.size,
        sha256=evidence.sha256,
        at=fact.at,
        href=evidence_href(fact.case, evidence.number),
        name=evidence.name,
        note=evidence.note,
        draft=evidence.draft,
    )


def precision(fact: Recorded) -> str | None:
    """Return how exactly an imported source tells the time, None for our own facts."""
    return fact.imported.precision if fact.imported else None


def evidence_href(case: UUID, number: int) -> str:
    """Return where the bytes of a piece of evidence are."""
    return f"/v1/disputes/{case}/evidence/{number}"


def _ruling(ruling: Ruled, fact: Recorded) -> RulingShown:
    return RulingShown(
        liability=ruling.liability,
        remedies=terms_shown(ruling.remedies),
        reasons=reasons_shown(ruling.reasons),
        automation=ruling.automation,
        model=ruling.model,
        at=fact.at,
    )
