"""Performance, default and closing (4.4.1, 4.4.2, 4.4.4): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from msgspec.structs import replace

from domain.case.dispute import Dispute, Phase
from domain.enforcement.money_movements import postings_of
from domain.performance.events import (
    Closed,
    Defaulted,
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
    PerformanceEvent,
)


def changes(dispute: Dispute, event: PerformanceEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    moved = {"postings": (*dispute.postings, *postings_of(dispute, event))}
    match event:
        case Fulfilled():
            return with_duty(dispute, event.obligation, reported=True)
        case FulfilmentContested():
            return _contested(dispute, event.obligation)
        case ObligationConfirmed():
            return moved | with_duty(
                dispute, event.obligation, reported=True, confirmed=True
            )
        case Defaulted():
            return with_duty(dispute, event.obligation, defaulted=True)
        # Duties and postings stay: the decision can still be appealed, and what was
        # advanced is still to be recovered.
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
    """Count the contest; a duty that was in default already is executed now."""
    duty = next((one for one in dispute.duties if one.owed.number == number), None)
    # `evolve` judges nothing: in an imported history the obligation may be missing.
    if duty is None:
        return {}
    changed = with_duty(dispute, number, reported=False, contested=duty.contested + 1)
    return changed | ({"phase": Phase.ENFORCING} if duty.defaulted else {})


def with_duty(dispute: Dispute, number: int, **change: int) -> dict[str, Any]:
    """Change one duty of a case."""
    return {
        "duties": tuple(
            replace(duty, **change) if duty.owed.number == number else duty
            for duty in dispute.duties
        )
    }
