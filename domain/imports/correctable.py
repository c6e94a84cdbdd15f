"""What a later export of a source may correct, and what follows from it.

Who took part, in what order things happened and what is owed are not among it: access,
sealing and later events rest on these, and a source that changes them tells another
case. Nor is the time of filing, which is part of the case's number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.case.dispute import Dispute
from domain.case.outcome import Outcome
from domain.imports.events import Corrected, Correction
from domain.money import Money
from domain.terms import Terms

_TIME = frozenset({"at", "precision"})

EXTRA = "extra."
"""How fields begin that a source states of a case besides its events."""

CORRECTABLE: Mapping[str, frozenset[str]] = {
    "filed": frozenset(
        {"category", "channel", "claim.amount", "claim.kind", "paid", "reason"}
        | {"stated"}
    ),
    "admitted": _TIME,
    "refused": _TIME | {"ground"},
    "seller-responded": _TIME | {"position"},
    "escalated": _TIME,
    "ruled": _TIME | {"liability"},
    "appeal-filed": _TIME,
    "appeal-decided": _TIME | {"liability"},
    "closed": _TIME | {"claim", "outcome"},
}
"""By kind of event: the fields that can be corrected."""


def changes(dispute: Dispute, event: Corrected) -> dict[str, Any]:
    """Return the fields of a dispute that a correction changes."""
    changed: dict[str, Any] = {}
    for one in event.corrections:
        match event.kind, one.field, one.stated:
            case "filed", "category" | "reason", str(code):
                changed[one.field] = code
            case "filed", "paid", Money() | None as paid:
                changed["paid"] = paid
            case "closed", "outcome", str(outcome) if dispute.outcome == one.recorded:
                changed["outcome"] = Outcome(outcome)
            case _:
                continue
    if event.kind == "filed":
        changed["claim"] = claim_after(dispute.claim, event)
    return changed


def claim_after(claim: Terms | None, event: Corrected) -> Terms | None:
    """Return what is claimed after a correction of a filing."""
    stated = {one.field: one.stated for one in event.corrections}
    kind = stated.get("claim.kind", claim.kind if claim else None)
    amount = stated.get("claim.amount", claim.amount if claim else None)
    if not isinstance(kind, str):
        return None
    amount = amount if isinstance(amount, Money) else None
    return replace(claim or Terms(kind=kind), kind=kind, amount=amount)


def known_time(one: Correction, precision: str | None) -> datetime | None:
    """Return the time that a correction states; None: the source does not know it."""
    if precision == "not-before" or not isinstance(one.stated, str):
        return None
    return datetime.fromisoformat(one.stated)
