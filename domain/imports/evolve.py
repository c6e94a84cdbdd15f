"""What corrections, and setting an import aside, change in imported cases."""

from __future__ import annotations

from typing import Any, assert_never

from domain.case.dispute import Dispute, Phase
from domain.imports import correctable
from domain.imports.events import Corrected, ImportEvent, ImportWithdrawn


def changes(dispute: Dispute, event: ImportEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case Corrected():
            return correctable.changes(dispute, event)
        # Nothing goes on in the case.
        case ImportWithdrawn():
            return {
                "phase": Phase.CLOSED,
                "set_aside": True,
                "offers": (),
                "pauses": (),
            }
        case _:
            assert_never(event)
