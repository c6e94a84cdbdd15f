"""Why a case was escalated, notified and closed, and what became of the claim."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from domain.terms import Terms

DISMISSAL = "dismissal"


class Trigger(StrEnum):
    """Why a case was handed to the platform (4.3.1)."""

    NO_AGREEMENT = "no-agreement"
    NO_RESPONSE = "no-response"
    NON_COOPERATION = "non-cooperation"
    PLATFORM = "platform"


class NoticeKind(StrEnum):
    """The notices whose service is itself a fact of the case."""

    ADMISSION = "admission"
    REFUSAL = "refusal"
    RULING = "ruling"
    APPEAL = "appeal"


class Outcome(StrEnum):
    """On what ground a case is closed (4.4.4). The last two are only imported."""

    SETTLED = "settled"
    RULED = "ruled"
    ENFORCED = "enforced"
    ENFORCEMENT_FAILED = "enforcement-failed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    REFERRED = "referred"
    DECIDED_ELSEWHERE = "decided-elsewhere"
    ANSWERED = "answered"


class AppealGround(StrEnum):
    """On what an appeal rests."""

    NEW_EVIDENCE = "new-evidence"
    ERROR = "error"


class AppealResult(StrEnum):
    """What became of the decision that was appealed."""

    UPHELD = "upheld"
    VARIED = "varied"
    SET_ASIDE = "set-aside"


class PauseCause(StrEnum):
    """Why clocks stand still while the case goes on."""

    INSPECTION = "inspection"


class SuspensionCause(StrEnum):
    """Why the whole case stands still."""

    AGREEMENT = "agreement"
    COURT = "court"
    POLICE = "police"
    PLATFORM = "platform"


class ClaimResult(StrEnum):
    """What became of the buyer's claim. NONE: nobody decided about it."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not-met"
    NONE = "none"


def claim_result(claim: Terms | None, granted: Iterable[Terms]) -> ClaimResult:
    """Compare what was claimed with what was agreed or ruled."""
    granted = tuple(terms for terms in granted if terms.kind != DISMISSAL)
    if not granted:
        return ClaimResult.NOT_MET
    met = claim is not None and any(_covers(terms, claim) for terms in granted)
    return ClaimResult.MET if met else ClaimResult.PARTLY


def _covers(terms: Terms, claim: Terms) -> bool:
    if terms.kind != claim.kind:
        return False
    if claim.amount is None:
        return True
    return terms.amount is not None and terms.amount.amount >= claim.amount.amount
