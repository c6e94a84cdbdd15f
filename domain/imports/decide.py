"""Setting an import aside: what it takes."""

from __future__ import annotations

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.imports.commands import WithdrawImport
from domain.imports.events import ImportWithdrawn
from domain.refusals import SamePerson


def never(_: Dispute, __: Context) -> bool:
    """Return False: it concerns all cases of an import, so no case offers it."""
    return False


def withdraw(
    command: WithdrawImport, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Set the case aside. Raises SamePerson."""
    # Interrupted, it goes through all cases of the import again. A case of our own,
    # which is pinned to a policy, came with no import.
    if dispute.set_aside or dispute.policy is not None:
        return ()
    if command.approver == context.actor.id:
        raise SamePerson
    return (
        ImportWithdrawn(
            run=command.run,
            basis=command.basis,
            approver=command.approver,
            number=command.number,
            cases=command.cases,
        ),
    )
