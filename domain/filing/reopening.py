"""Re-opening an ended case: the same issue again, only with new facts (3.2)."""

from __future__ import annotations

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Awaited
from domain.filing.commands import Reopen
from domain.refusals import NoGround


def reopen(_: Reopen, dispute: Dispute, context: Context) -> tuple[DisputeEvent, ...]:
    """Check that the case may be re-opened; the new case is a filing of its own."""
    if not may_reopen(dispute, context):
        raise NoGround(reason="erased" if dispute.erased else "appeal-first")
    # Nothing happens to the ended case: the next one says which case it re-opens.
    return ()


def may_reopen(dispute: Dispute, _: Context) -> bool:
    """Tell whether the case has ended for good, and its parties know it."""
    # 3.2: there is one live dispute on an issue. An appeal could make this case live
    # again, so new facts belong in an appeal while one is possible. A notice that is
    # not served yet may still open that time. An erased case has lost the facts that
    # the new ones have to differ from.
    appealable = any(one.awaited is Awaited.APPEAL for one in dispute.deadlines)
    return not (appealable or dispute.notices or dispute.erased)


def check_new(command: Reopen, facts: str) -> None:
    """Refuse new facts that the ended case's facts contain already."""
    # Other spaces, line breaks or capitals make a text no newer.
    new = " ".join(command.new_facts.split()).casefold()
    if new in " ".join(facts.split()).casefold():
        raise NoGround(reason="nothing-new")
