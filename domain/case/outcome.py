"""On what ground a case is closed, and what became of the claim."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from domain.terms import Terms

DISMISSAL = "dismissal"


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


class ClaimResult(StrEnum):
    """What became of the buyer's claim. NONE: nobody decided about it."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not-met"
    NONE = "none"


def claim_result(claim: Terms | None, granted: Iterable[Terms]) -> ClaimResult:
    """Compare what was claimed with what was agreed or ruled."""
    # A dismissal is written as a remedy, but it grants nothing.
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
