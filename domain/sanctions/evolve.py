"""What sanctions change."""

from __future__ import annotations

from typing import Any, assert_never

from msgspec.structs import replace

from domain.case.dispute import Dispute, Sanction
from domain.sanctions.events import (
    SanctionEvent,
    SanctionImposed,
    SanctionLifted,
    SanctionPublished,
)


def changes(dispute: Dispute, event: SanctionEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case SanctionImposed(number=number, kind=kind, breach=breach):
            imposed = Sanction(number=number, kind=kind, breach=breach)
            return {"sanctions": (*dispute.sanctions, imposed)}
        case SanctionPublished(number=number, lifted=False):
            return _with(dispute, number, published=True)
        case SanctionPublished(number=number):
            return _with(dispute, number, end_published=True)
        case SanctionLifted(number=number):
            return _with(dispute, number, lifted=True)
        case _:
            assert_never(event)


def _with(dispute: Dispute, number: int, **change: bool) -> dict[str, Any]:
    return {
        "sanctions": tuple(
            replace(one, **change) if one.number == number else one
            for one in dispute.sanctions
        )
    }
