"""What performance, default and enforcement change."""

from __future__ import annotations

from typing import Any, assert_never

from msgspec.structs import replace

from domain.dispute import Dispute, Duty, Enforcement, Phase
from domain.enforcing import postings_of
from domain.events.any import PerformanceEvent
from domain.events.performance import (
    AdvanceRecovered,
    Closed,
    Defaulted,
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
)


def changes(dispute: Dispute, event: PerformanceEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    moved = {"postings": (*dispute.postings, *postings_of(dispute, event))}
    match event:
        case Fulfilled():
            return _duties(dispute, event.obligation, reported=True)
        case FulfilmentContested():
            return _contested(dispute, event.obligation)
        case ObligationConfirmed():
            return moved | _duties(
                dispute, event.obligation, reported=True, confirmed=True
            )
        case Defaulted():
            return _duties(dispute, event.obligation, defaulted=True)
        case EnforcementOrdered():
            return {"enforcements": (*dispute.enforcements, _order(event))}
        case EnforcementExecuted():
            return moved | _executed(dispute, event)
        case EnforcementFailed():
            return _settle(dispute, event.number) | _duties(
                dispute, event.obligation, failed=event.final
            )
        case AdvanceRecovered():
            return moved
        case Closed(outcome=outcome):
            return {
                "phase": Phase.CLOSED,
                "offers": (),
                "pauses": (),
                "outcome": outcome,
            }
        case _:
            assert_never(event)


def _contested(dispute: Dispute, number: int) -> dict[str, Any]:
    """Count it; what was in default already is executed now."""
    duty = next(one for one in dispute.duties if one.owed.number == number)
    changed = _duties(dispute, number, reported=False, contested=duty.contested + 1)
    return changed | ({"phase": Phase.ENFORCING} if duty.defaulted else {})


def _duties(dispute: Dispute, number: int, **change: int) -> dict[str, Any]:
    return {
        "duties": tuple(
            replace(duty, **change) if duty.owed.number == number else duty
            for duty in dispute.duties
        )
    }


def _order(event: EnforcementOrdered) -> Enforcement:
    return Enforcement(
        number=event.number,
        obligation=event.obligation,
        method=event.method,
        amount=event.amount,
    )


def _settle(dispute: Dispute, number: int) -> dict[str, Any]:
    return {
        "enforcements": tuple(
            replace(one, pending=False) if one.number == number else one
            for one in dispute.enforcements
        )
    }


def _executed(dispute: Dispute, event: EnforcementExecuted) -> dict[str, Any]:
    amount = event.amount.amount if event.amount else 0

    def changed(duty: Duty) -> Duty:
        if duty.owed.number != event.obligation:
            return duty
        return replace(duty, paid=duty.paid + amount, enforced=event.discharges)

    return _settle(dispute, event.number) | {
        "duties": tuple(map(changed, dispute.duties))
    }
