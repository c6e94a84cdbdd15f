"""Events at their places in the ledger, with the states of their cases around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from application.record.envelope import Recorded
from domain.imports.events import ImportWithdrawn
from projections.following.evolved_case import EvolvedCase


class Placed(Struct, frozen=True, gc=False):
    """An event at its position in the ledger, and the state of its case around it.

    `evolved` is the state after it, or the error with which it could not be evolved.
    """

    position: int
    recorded: Recorded
    before: EvolvedCase | None = None
    evolved: EvolvedCase | Exception | None = None

    @property
    def after(self) -> EvolvedCase:
        """Return the state of the case after the event.

        Raises what was raised when it was evolved: only views that ask are concerned.
        """
        if isinstance(self.evolved, EvolvedCase):
            return self.evolved
        raise self.evolved or ValueError("the state after the event is not known")


Histories = Mapping[UUID, Sequence[Placed]]
"""Events by their cases, of each case in their order."""


def by_case(events: Iterable[Placed]) -> Histories:
    """Sort events by their cases, once for all views."""
    cases: dict[UUID, list[Placed]] = {}
    for placed in events:
        case = placed.recorded.case
        if case in cases:
            cases[case].append(placed)
        else:
            cases[case] = [placed]
    return cases


def is_set_aside(last: Placed) -> bool:
    """Tell whether a case was set aside with the import that it came with."""
    if isinstance(last.recorded.event, ImportWithdrawn):
        return True
    return last.before is not None and last.before.dispute.set_aside
