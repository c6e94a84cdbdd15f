"""Performance: report, confirm, close (4.4.1, 4.4.2, 4.4.4)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.clock import LimitName
from domain.commands import ConfirmFulfilment, Fulfil
from domain.context import Context
from domain.deadlines import Awaited, Deadline
from domain.dispute import Dispute, Duty
from domain.events import Closed, DisputeEvent, Fulfilled, ObligationConfirmed
from domain.evolve import evolve
from domain.outcomes import Outcome, claim_result
from domain.refusals import NotOpen
from domain.roles import Party, Role, other
from domain.terms import Obligation


def fulfil(
    command: Fulfil, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Report an obligation as performed; the other side then has to confirm."""
    open_now = reportable(dispute, context)
    if command.obligation not in open_now:
        raise _not_open(command.obligation, open_now)
    debtor = _duty(dispute, command.obligation).owed.debtor
    confirmation = context.until(
        Awaited.CONFIRMATION,
        other(debtor),
        LimitName.CONFIRMATION,
        command.obligation,
    )
    return (
        Fulfilled(
            obligation=command.obligation,
            by=context.actor.party,
            statement=command.statement,
            reference=command.reference,
            deadlines=(confirmation,),
        ),
    )


def confirm(
    command: ConfirmFulfilment, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Confirm an obligation that was reported as performed."""
    open_now = confirmable(dispute, context)
    if command.obligation not in open_now:
        raise _not_open(command.obligation, open_now)
    return confirmation(command.obligation, dispute, context, deemed=False)


def confirmation(
    number: int, dispute: Dispute, context: Context, *, deemed: bool
) -> tuple[DisputeEvent, ...]:
    """Confirm an obligation, start what waited for it, close when all is done."""
    unlocked = (duty.owed for duty in dispute.duties if duty.owed.after == number)
    creditor = other(_duty(dispute, number).owed.debtor)
    confirmed = ObligationConfirmed(
        obligation=number,
        by=creditor,
        deemed=deemed,
        deadlines=_starts(unlocked, context),
    )
    return confirmed, *closing(evolve(dispute, confirmed))


def closing(dispute: Dispute) -> tuple[Closed, ...]:
    """Close a settled or ruled case once nothing is left to perform."""
    if not all(duty.confirmed for duty in dispute.duties):
        return ()
    outcome = Outcome.SETTLED if dispute.settled else Outcome.RULED
    return (
        Closed(outcome=outcome, claim=claim_result(dispute.claim, dispute.granted)),
    )


def performance_starts(
    obligations: Iterable[Obligation], context: Context, *debtors: Party
) -> tuple[Deadline, ...]:
    """Start the limits of what is owed at once, by anyone or by the given debtors."""
    return _starts(
        (
            owed
            for owed in obligations
            if owed.after is None and (not debtors or owed.debtor in debtors)
        ),
        context,
    )


def _starts(
    obligations: Iterable[Obligation], context: Context
) -> tuple[Deadline, ...]:
    return tuple(
        context.until(Awaited.PERFORMANCE, owed.debtor, owed.limit, owed.number)
        for owed in obligations
    )


def reportable(dispute: Dispute, context: Context) -> tuple[int, ...]:
    """List the obligations that the caller may report as performed."""
    actor = context.actor
    done = {duty.owed.number for duty in dispute.duties if duty.confirmed}
    return tuple(
        duty.owed.number
        for duty in dispute.duties
        if not duty.reported
        and (duty.owed.after is None or duty.owed.after in done)
        and (duty.owed.debtor is actor.party or actor.acts_as is Role.PLATFORM)
    )


def confirmable(dispute: Dispute, context: Context) -> tuple[int, ...]:
    """List the obligations that the caller may confirm."""
    return tuple(
        duty.owed.number
        for duty in dispute.duties
        if duty.reported
        and not duty.confirmed
        and other(duty.owed.debtor) is context.actor.party
    )


def _duty(dispute: Dispute, number: int) -> Duty:
    return next(duty for duty in dispute.duties if duty.owed.number == number)


def _not_open(number: int, open_now: Iterable[int]) -> NotOpen:
    return NotOpen(number=str(number), open=", ".join(map(str, open_now)))
