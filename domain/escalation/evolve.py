"""Escalation to the platform (4.3.1): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from domain.case.dispute import Dispute, Phase
from domain.escalation.events import Escalated, EscalationEvent
from domain.performance.duties import new_duties
from domain.roles import Party

SIDES = frozenset({Party.BUYER, Party.SELLER})


def changes(dispute: Dispute, event: EscalationEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case Escalated():
            return _escalated(dispute)
        case _:
            assert_never(event)


def _escalated(dispute: Dispute) -> dict[str, Any]:
    """Open the evidence, unless both sides' time for it is over already."""
    over = set(dispute.evidence_over) >= SIDES
    # A settlement that was not kept is owed no longer; what was paid of it counts.
    return new_duties(dispute, ()) | {
        "phase": Phase.RULING if over else Phase.EVIDENCE,
        "offers": (),
        "settled": False,
        "granted": (),
    }
