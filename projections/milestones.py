"""The milestones of a case that figures are counted from, event by event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from application.record.envelope import Precision, Recorded
from domain.admission.events import Admitted, Refused
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
from domain.ruling.events import HumanReviewRequested, Ruled
from domain.sanctions.events import SanctionImposed
from domain.suspension.events import Suspended
from domain.terms import Obligation, Terms
from projections.read_model import CaseRow

HOME_ZONE = "Asia/Shanghai"
"""Where days and months of our own cases begin; imported ones keep their source's."""


class Figures(CaseRow, frozen=True, kw_only=True):
    """The milestones of one case. Times are UTC; None: not reached, or not known.

    Amounts are in minor units of `currency`; `awarded` sums what was agreed or ruled.
    `decider` is who refused or ruled, `appeal_decider` who decided the appeal.
    """

    platform: str = ""
    system: str = ""
    zone: str = HOME_ZONE
    channel: str = ""
    category: str = ""
    reason: str = ""
    policy: str | None = None
    seller: str | None = None
    opened_at: datetime | None = None
    admitted_at: datetime | None = None
    admission_missed: bool = False
    refused_on: str | None = None
    notified: bool = False
    notified_at: datetime | None = None
    answered: bool = False
    answered_at: datetime | None = None
    position: str | None = None
    response_missed: bool = False
    offers: int = 0
    agreed_at: datetime | None = None
    escalated: bool = False
    escalated_at: datetime | None = None
    escalated_on: str | None = None
    ruled_at: datetime | None = None
    ruling_missed: bool = False
    decider: str | None = None
    liability: str | None = None
    remedies: str | None = None
    automation: str | None = None
    performance_missed: bool = False
    confirmed_by_silence: bool = False
    closed: bool = False
    closed_at: datetime | None = None
    outcome: str | None = None
    claim: str | None = None
    claimed: int | None = None
    awarded: int | None = None
    currency: str | None = None
    appealed_at: datetime | None = None
    appeal_decided_at: datetime | None = None
    appeal_result: str | None = None
    appeal_decider: str | None = None
    reviewed: bool = False
    suspended: bool = False
    defaulted: bool = False
    advanced: int = 0
    recovered: int = 0
    sanctions: int = 0


NOT_CLOSED = {"closed": False, "closed_at": None, "outcome": None, "claim": None}


def milestone(before: Figures, recorded: Recorded) -> dict[str, Any]:
    """Return what an event changes in the figures of its case."""
    at = _known_time(recorded)
    match recorded.event:
        case Filed() as filed:
            return _filed(filed, recorded, at)
        # Also after an appeal against a refusal, which had closed the case.
        case Admitted():
            return {"admitted_at": at} | NOT_CLOSED
        case Refused(ground=ground):
            return {"refused_on": ground, "decider": recorded.actor.id}
        case NoticeServed(notice=NoticeKind.ADMISSION):
            return {"notified": True, "notified_at": at}
        case SellerResponded() as answer:
            return _answered(before, answer, at)
        # Offers and sanctions are numbered without a gap: the number is the count.
        case OfferMade(number=number):
            return {"offers": number}
        case OfferAccepted(terms=terms, settles=True):
            return {"agreed_at": at} | _awarded(before, [terms])
        case Escalated(trigger=trigger):
            return {"escalated": True, "escalated_at": at, "escalated_on": trigger}
        case Ruled() as ruling:
            return {
                "ruled_at": at,
                "decider": ruling.decided_by or recorded.actor.id,
                "liability": ruling.liability,
                "remedies": " ".join(sorted(terms.kind for terms in ruling.remedies)),
                "automation": ruling.automation,
            } | _awarded(before, ruling.remedies)
        case DeadlineMissed(awaited=awaited):
            return _missed(awaited)
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
        # Both sides may appeal; a case is appealed once, with the first.
        case AppealFiled():
            return {"appealed_at": before.appealed_at or at}
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
        case SanctionImposed(number=number):
            return {"sanctions": number}
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
    changed = {"liability": decided.liability or "none"}
    return over | changed | NOT_CLOSED | _awarded(before, decided.remedies)


def _filed(filed: Filed, recorded: Recorded, at: datetime | None) -> dict[str, Any]:
    amount = filed.claim.amount if filed.claim else None
    # A claim without an amount, such as repair, may still end in money.
    known = amount or filed.paid
    return {
        "platform": filed.platform,
        "system": recorded.imported.system if recorded.imported else "",
        "zone": recorded.imported.zone if recorded.imported else HOME_ZONE,
        "channel": filed.channel,
        "category": filed.category,
        "reason": filed.reason,
        "seller": filed.seller,
        "opened_at": at,
        "claimed": amount.amount if amount else None,
        "currency": known.currency if known else None,
    }


def _answered(
    before: Figures, answer: SellerResponded, at: datetime | None
) -> dict[str, Any]:
    answered = {"answered": True, "answered_at": at, "position": answer.position}
    # With obligations the seller has accepted the claim, which is an agreement.
    if not answer.obligations:
        return answered
    return answered | {"agreed_at": at} | _awarded(before, answer.obligations)


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


def _known_time(recorded: Recorded) -> datetime | None:
    """Return when the event happened, or None if its source does not say."""
    if recorded.imported and recorded.imported.precision is Precision.NOT_BEFORE:
        return None
    return recorded.at
