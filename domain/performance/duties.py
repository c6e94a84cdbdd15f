"""New duties, where an agreement or a decision takes the place of another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from domain.case.dispute import Dispute, Duty
from domain.terms import Obligation


def new_duties(dispute: Dispute, obligations: Iterable[Obligation]) -> dict[str, Any]:
    """Return the fields that change: new duties, old ones done, orders stopped."""
    # What was done is kept: the next decision counts it (see `reversal`).
    done = (one for one in dispute.duties if one.confirmed or one.enforced)
    return {
        "duties": tuple(Duty(owed=owed) for owed in obligations),
        "done": (*dispute.done, *done),
        # Orders of enforcement execute duties that are gone now. They stay in the list,
        # because new ones are numbered by its length.
        "enforcements": tuple(
            replace(one, pending=False) for one in dispute.enforcements
        ),
    }
