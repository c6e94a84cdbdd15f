"""What setting an import aside changes in its cases."""

from __future__ import annotations

from typing import Any, assert_never

from domain.case.dispute import Phase
from domain.imports.events import ImportEvent, ImportWithdrawn


def changes(event: ImportEvent) -> dict[str, Any]:
    """Return the fields that the event changes: nothing goes on in the case."""
    match event:
        case ImportWithdrawn():
            return {
                "phase": Phase.CLOSED,
                "set_aside": True,
                "offers": (),
                "pauses": (),
            }
        case _:
            assert_never(event)
