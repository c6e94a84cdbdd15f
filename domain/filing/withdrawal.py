"""Withdrawal: the buyer gives the case up."""

from __future__ import annotations

from domain.case.context import Context
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.case.outcome import ClaimResult, Outcome
from domain.filing.commands import Withdraw
from domain.filing.events import Withdrawn
from domain.performance.events import Closed
from domain.refusals import NoGround


def withdraw(
    command: Withdraw, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Give the case up."""
    if not may_withdraw(dispute, context):
        raise NoGround(reason="decided")
    return Withdrawn(reason=command.reason), closed_undecided(Outcome.WITHDRAWN)


def may_withdraw(dispute: Dispute, _: Context) -> bool:
    """Tell whether nothing was decided or settled before the case was suspended."""
    return dispute.before not in {Phase.PERFORMING, Phase.ENFORCING}


def closed_undecided(outcome: Outcome) -> Closed:
    """Close a case in which nobody decided about the claim."""
    return Closed(outcome=outcome, claim=ClaimResult.NONE)
