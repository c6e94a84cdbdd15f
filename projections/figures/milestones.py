"""The milestones of a case that figures are counted from, event by event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from application.record.envelope import Precision, Recorded
from domain.admission.events import Admitted, ReferredToAuthority, Refused
from domain.appeal.events import AppealDecided, AppealFiled, AppealResult
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.enforcement.events import AdvanceRecovered, EnforcementExecuted
from domain.enforcement.money_movements import Method
from domain.escalation.events import Escalated
from domain.filing.events import Filed
from domain.money import Money
from domain.negotiation.events import OfferAccepted, OfferMade, SellerResponded
from domain.notices.events import NoticeKind, NoticeServed
from domain.performance.events import Closed, Defaulted, ObligationConfirmed
from domain.roles import Party
from domain.ruling.events import HumanReviewRequested, Ruled
from domain.sanctions.events import SanctionImposed
from domain.suspension.events import Suspended
from domain.terms import Obligation, Terms
from projections.figures.case_figures import HOME_ZONE, Figures

NOT_CLOSED = {
    "closed": False,
    "closed_at": None,
    "closed_paused": None,
    "outcome": None,
    "claim": None,
}


def milestone(before: Figures, recorded: Recorded) -> dict[str, Any]:
    """Return what an event changes in the figures of its case."""
    at = known_time(recorded)
    match recorded.event:
        case Filed() as filed:
            return _filed(filed, recorded, at)
        # Also after an appeal against a refusal, which had closed the case.
        case Admitted():
            return {"admitted_at": at} | _decided(before, at) | NOT_CLOSED
        case Refused(ground=ground):
            refused = {"refused_on": ground, "decider": recorded.actor.id}
            return refused | _decided(before, at)
        case ReferredToAuthority(authority=authority):
            return {"referred_to": authority}
        case NoticeServed(notice=NoticeKind.ADMISSION):
            return {"notified": True, "notified_at": at}
        case SellerResponded() as answer:
            return _answered(before, answer, at)
        # Offers and sanctions are numbered without a gap: the number is the count.
        case OfferMade(number=number):
            return {"offers": number}
        case OfferAccepted(terms=terms, settles=True) as accepted:
            owed = {"owed": before.owed or bool(accepted.obligations)}
            return {"agreed_at": at} | owed | _awarded(before, [terms])
        case Escalated(trigger=trigger):
            return {"escalated": True, "escalated_at": at, "escalated_on": trigger}
        case Ruled() as ruling:
            return _ruled(before, ruling, at) | {
                "decider": ruling.decided_by or recorded.actor.id
            }
        case DeadlineMissed(awaited=awaited, party=party):
            late = {"platform_missed": True} if party is Party.PLATFORM else {}
            return late | _missed(awaited)
        case ObligationConfirmed(deemed=deemed):
            return {"confirmed_by_silence": before.confirmed_by_silence or deemed}
        case Closed(outcome=outcome, claim=claim):
            return {"closed": True, "closed_at": at, "outcome": outcome, "claim": claim}
        case _:
            return _after_ruling(before, recorded, at)


def _after_ruling(
    before: Figures, recorded: Recorded, at: datetime | None
) -> dict[str, Any]:
    match recorded.event:
        # Both sides may appeal; a case is appealed once, with the first. Noted again,
        # it would get the pauses until the second appeal as well.
        case AppealFiled():
            return {} if before.appealed_at else {"appealed_at": at}
        case AppealDecided() as decided:
            return _appealed(before, decided, at) | {
                "appeal_decider": decided.decided_by or recorded.actor.id
            }
        case HumanReviewRequested():
            return {"reviewed": True} | NOT_CLOSED
        case Suspended():
            return {"suspended": True}
        case Defaulted():
            return {"defaulted": True}
        case EnforcementExecuted(method=Method.ADVANCE, amount=Money(amount=paid)):
            return {"advanced": before.advanced + paid}
        case AdvanceRecovered(amount=amount):
            return {"recovered": before.recovered + amount.amount}
        case SanctionImposed(number=number, kind=kind):
            kinds = {kind, *(before.sanction_kinds or "").split()}
            return {"sanctions": number, "sanction_kinds": " ".join(sorted(kinds))}
        case _:
            return {}


def _appealed(
    before: Figures, decided: AppealDecided, at: datetime | None
) -> dict[str, Any]:
    over = {"appeal_decided_at": at, "appeal_result": decided.result}
    # A refusal that is set aside decides nothing about liability or money, and the
    # event `Admitted` that follows opens the case again.
    if decided.result is AppealResult.UPHELD or before.refused_on is not None:
        return over
    changed = {
        "liability": decided.liability or "none",
        "owed": before.owed or bool(decided.obligations),
    }
    return over | changed | NOT_CLOSED | _awarded(before, decided.remedies)


def _filed(filed: Filed, recorded: Recorded, at: datetime | None) -> dict[str, Any]:
    amount = filed.claim.amount if filed.claim else None
    # A claim without an amount, such as repair, may still end in money.
    known = amount or filed.paid
    return {
        "platform": filed.platform,
        "system": recorded.imported.system if recorded.imported else "",
        "zone": recorded.imported.zone if recorded.imported else HOME_ZONE,
        "extra": _extra(recorded),
        "channel": filed.channel,
        "category": filed.category,
        "reason": filed.reason,
        "seller": filed.seller,
        "number": filed.number,
        "opened_at": at,
        "claimed": amount.amount if amount else None,
        "currency": known.currency if known else None,
    }


def _extra(recorded: Recorded) -> str | None:
    """Return the free fields of an imported case, in one form."""
    free = recorded.imported.extra if recorded.imported else None
    return msgspec.json.encode(free, order="sorted").decode() if free else None


def _answered(
    before: Figures, answer: SellerResponded, at: datetime | None
) -> dict[str, Any]:
    answered = {"answered": True, "answered_at": at, "position": answer.position}
    # With obligations the seller has accepted the claim, which is an agreement.
    if not answer.obligations:
        return answered
    agreed = {"agreed_at": at, "owed": True}
    return answered | agreed | _awarded(before, answer.obligations)


def _decided(before: Figures, at: datetime | None) -> dict[str, Any]:
    """Note when the platform first admitted or refused: an appeal may change it."""
    known = before.admitted_at is not None or before.refused_on is not None
    return {} if known else {"admission_at": at}


def _ruled(before: Figures, ruling: Ruled, at: datetime | None) -> dict[str, Any]:
    ruled = {
        "ruled_at": at,
        "liability": ruling.liability,
        "remedies": " ".join(sorted(terms.kind for terms in ruling.remedies)),
        "automation": ruling.automation,
        "owed": before.owed or bool(ruling.obligations),
    } | _awarded(before, ruling.remedies)
    if before.reviewed and before.ruled_at is not None:
        parts = ("liability", "remedies", "awarded")
        same = all(getattr(before, part) == ruled[part] for part in parts)
        ruled["review_result"] = "upheld" if same else "changed"
    return ruled


def _missed(awaited: Awaited) -> dict[str, Any]:
    match awaited:
        case Awaited.ADMISSION:
            return {"admission_missed": True}
        case Awaited.RESPONSE:
            return {"response_missed": True}
        case Awaited.RULING:
            return {"ruling_missed": True}
        case Awaited.PERFORMANCE:
            return {"performance_missed": True}
        case _:
            return {}


def _awarded(
    before: Figures, granted: Iterable[Terms] | Iterable[Obligation]
) -> dict[str, Any]:
    """Sum the amounts that were granted; they tell the currency if it is unknown."""
    amounts = [one.amount for one in granted if one.amount]
    currency = before.currency or next((one.currency for one in amounts), None)
    return {"awarded": sum(one.amount for one in amounts), "currency": currency}


def known_time(recorded: Recorded) -> datetime | None:
    """Return when the event happened, or None if its source does not say."""
    if recorded.imported and recorded.imported.precision is Precision.NOT_BEFORE:
        return None
    return recorded.at
