"""Enforcement (4.4.3): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from msgspec.structs import replace

from domain.case.dispute import Dispute, Duty, Enforcement
from domain.enforcement.events import (
    AdvanceRecovered,
    EnforcementEvent,
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
)
from domain.enforcement.money_movements import postings_of
from domain.performance.evolve import with_duty


def changes(dispute: Dispute, event: EnforcementEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    moved = {"postings": (*dispute.postings, *postings_of(dispute, event))}
    match event:
        case EnforcementOrdered():
            return {"enforcements": (*dispute.enforcements, _order(event))}
        case EnforcementExecuted():
            return moved | _executed(dispute, event)
        case EnforcementFailed():
            # Unless it is final the duty stays open, for another method.
            return _settle(dispute, event.number) | with_duty(
                dispute, event.obligation, failed=event.final
            )
        case AdvanceRecovered():
            return moved
        case _:
            assert_never(event)


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
