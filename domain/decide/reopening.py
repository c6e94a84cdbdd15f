"""Re-opening an ended case: the same issue again, only with new facts (3.2)."""

from __future__ import annotations

from domain.commands.filing import Reopen
from domain.context import Context
from domain.dispute import Dispute
from domain.events.any import DisputeEvent
from domain.refusals import NoGround


def reopen(_: Reopen, __: Dispute, ___: Context) -> tuple[DisputeEvent, ...]:
    """Check that it may be asked; the new case is a filing of its own."""
    return ()


def check_new(command: Reopen, facts: str) -> None:
    """Refuse what says no more than the ended case did."""
    new = " ".join(command.new_facts.split()).casefold()
    if new in " ".join(facts.split()).casefold():
        raise NoGround(reason="nothing-new")
