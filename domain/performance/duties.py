"""What is owed anew, where an agreement or a decision takes the place of another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from domain.case.dispute import Dispute, Duty
from domain.terms import Obligation


def new_duties(dispute: Dispute, obligations: Iterable[Obligation]) -> dict[str, Any]:
    """Return what changes: new duties, with what was done kept, orders stopped."""
    done = (one for one in dispute.duties if one.confirmed or one.enforced)
    return {
        "duties": tuple(Duty(owed=owed) for owed in obligations),
        "done": (*dispute.done, *done),
        "enforcements": tuple(
            replace(one, pending=False) for one in dispute.enforcements
        ),
    }
