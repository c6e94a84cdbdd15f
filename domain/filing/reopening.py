"""Re-opening an ended case: the same issue again, only with new facts (3.2)."""

from __future__ import annotations

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Awaited
from domain.filing.commands import Reopen
from domain.refusals import NoGround


def reopen(_: Reopen, dispute: Dispute, context: Context) -> tuple[DisputeEvent, ...]:
    """Check that it may be asked; the new case is a filing of its own.

    While the ended case can still be appealed, new facts belong into an appeal: two
    live cases on one issue there must never be.
    """
    if not may_reopen(dispute, context):
        raise NoGround(reason="erased" if dispute.erased else "appeal-first")
    return ()


def may_reopen(dispute: Dispute, _: Context) -> bool:
    """Tell whether the case has ended for good, and its parties know it.

    What was erased no longer says what it was about.
    """
    appealable = any(one.awaited is Awaited.APPEAL for one in dispute.deadlines)
    return not (appealable or dispute.notices or dispute.erased)


def check_new(command: Reopen, facts: str) -> None:
    """Refuse what says no more than the ended case did."""
    new = " ".join(command.new_facts.split()).casefold()
    if new in " ".join(facts.split()).casefold():
        raise NoGround(reason="nothing-new")
