"""What figures ask of a history: when, whether, which, how much."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from domain.admission.events import Admitted, Refused
from domain.appeal.events import AppealDecided, AppealFiled, AppealResult
from domain.deadlines.events import DeadlineMissed
from domain.enforcement.case_ledger import Account, balance
from domain.enforcement.events import AdvanceRecovered, EnforcementExecuted
from domain.escalation.events import Escalated
from domain.negotiation.events import SellerResponded
from domain.performance.events import Defaulted
from domain.roles import Party
from domain.ruling.events import Ruled
from domain.sanctions.events import SanctionImposed
from tests.projections.event_history import DECIDED, History

Test = Callable[[History], Any]


def opened(h: History) -> datetime | None:
    return h.events[0].at


def closed(h: History) -> datetime | None:
    return h.closing.at if h.closing else None


def admitted_or_refused(h: History) -> datetime | None:
    return h.all(Admitted, Refused)[0].at if h.all(Admitted, Refused) else None


def agreed(h: History) -> datetime | None:
    return h.agreements[-1].at if h.agreements else None


def appealed(h: History) -> datetime | None:
    return h.all(AppealFiled)[0].at if h.all(AppealFiled) else None


def last(*kinds: type) -> Callable[[History], datetime | None]:
    return lambda h: h.at(*kinds)


def due(h: History) -> datetime | None:
    found = [one for one in (agreed(h), h.at(Ruled)) if one]
    return max(found) if found else None


def outcome(h: History) -> str | None:
    return str(h.closing.event.outcome) if h.closing else None


def claim(h: History) -> str | None:
    return str(h.closing.event.claim) if h.closing else None


def unfounded(h: History) -> bool:
    refusal = h.last(Refused)
    if outcome(h) == "refused" and refusal is not None:
        return refusal.event.ground in {"no-basis", "abusive"}
    return outcome(h) in DECIDED and claim(h) == "not-met"


def performed(h: History) -> str:
    if outcome(h) == "enforced":
        return "enforced"
    if outcome(h) == "enforcement-failed":
        return "failed"
    return "after-default" if h.all(Defaulted) else "voluntary"


def remedies(h: History) -> str:
    ruled = h.last(Ruled)
    return " ".join(sorted(one.kind for one in ruled.event.remedies)) if ruled else ""


def advanced(h: History) -> int:
    return sum(
        one.event.amount.amount
        for one in h.all(EnforcementExecuted)
        if one.event.method == "advance" and one.event.amount
    )


def recovered(h: History) -> int:
    return sum(one.event.amount.amount for one in h.all(AdvanceRecovered))


def paid(h: History) -> int:
    return max(0, balance(h.dispute.postings, Account.BUYER))


def unpaid(h: History) -> int:
    return sum(
        max(0, duty.owed.amount.amount - duty.paid)
        for duty in h.dispute.duties
        if duty.owed.debtor is Party.SELLER
        and duty.owed.duty in {"pay", "pay-back"}
        and duty.owed.amount
        and not (duty.confirmed or duty.enforced)
    )


def claimed(h: History) -> int:
    amount = h.filed.claim.amount if h.filed.claim else None
    return amount.amount if amount else 0


def of_last(kind: type, field: str) -> Test:
    def found(h: History) -> str:
        one = h.last(kind)
        return str(getattr(one.event, field)) if one else "unknown"

    return found


def answered(h: History) -> bool:
    return bool(h.all(SellerResponded))


def platform_late(h: History) -> bool:
    return any(one.event.party is Party.PLATFORM for one in h.all(DeadlineMissed))


def yes(h: History) -> bool:
    return bool(h.events)


def ruled(h: History) -> bool:
    return bool(h.all(Ruled))


def escalated_since(h: History) -> bool:
    """Tell whether the case was escalated again after its last ruling."""
    kinds = [type(one.event) for one in h.all(Ruled, Escalated)]
    return kinds[-1:] == [Escalated]


def appeal_changed(h: History) -> bool:
    found = h.last(AppealDecided)
    return found is not None and found.event.result is not AppealResult.UPHELD


def sanction_kinds(h: History) -> str:
    return " ".join(sorted({one.event.kind for one in h.all(SanctionImposed)}))


def about(h: History) -> str:
    return f"{h.filed.category}/{h.filed.reason}"


def in_favour(h: History) -> str:
    sides = {"met": "buyer", "partly": "partly", "not-met": "seller"}
    amicable = outcome(h) == "settled"
    return "amicable" if amicable else sides.get(claim(h) or "", "unknown")


def seller_appealed(h: History) -> datetime | None:
    own = [one for one in h.all(AppealFiled) if one.event.by is Party.SELLER]
    return own[-1].at if own else None


def of_seller(h: History) -> bool:
    """Tell whether an appeal of the seller has been decided since."""
    appeal, decision = seller_appealed(h), h.at(AppealDecided)
    return appeal is not None and decision is not None and decision >= appeal


def refused(h: History) -> bool:
    return bool(h.all(Refused))
