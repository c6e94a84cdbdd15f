"""Performance: report, confirm, contest, close (4.4.1, 4.4.2, 4.4.4)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.case.context import Context
from domain.case.dispute import Dispute, Duty
from domain.case.events import DisputeEvent
from domain.case.evolve import evolve
from domain.case.outcome import ClaimResult, Outcome, claim_result
from domain.deadlines.deadline import Awaited, Deadline
from domain.enforcement.case_ledger import Account, balance
from domain.performance.commands import ConfirmFulfilment, ContestFulfilment, Fulfil
from domain.performance.events import (
    Closed,
    Defaulted,
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
)
from domain.refusals import NotOpen
from domain.roles import Party, Role, other
from domain.terms import Obligation


def fulfil(
    command: Fulfil, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Report an obligation as performed; the other side then has to confirm."""
    number, open_now = command.obligation, reportable(dispute, context)
    if number not in open_now:
        raise not_open(number, open_now)
    creditor = other(duty(dispute, number).owed.debtor)
    awaited = Awaited.CONFIRMATION
    return (
        Fulfilled(
            obligation=number,
            by=context.actor.party,
            statement=command.statement,
            reference=command.reference,
            deadlines=(context.until(awaited, creditor, number),),
        ),
    )


def confirm(
    command: ConfirmFulfilment, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Confirm an obligation that was reported as performed."""
    open_now = confirmable(dispute, context)
    if command.obligation not in open_now:
        raise not_open(command.obligation, open_now)
    return confirmation(command.obligation, dispute, context, deemed=False)


def contest(
    command: ContestFulfilment, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Say that it was not performed: the debtor has the last voluntary period."""
    number, open_now = command.obligation, confirmable(dispute, context)
    if number not in open_now:
        raise not_open(number, open_now)
    # 4.4.3: there is one voluntary period. With another one for each report, a debtor
    # could put off enforcement for ever by reporting what was not done.
    again = duty(dispute, number).defaulted
    contested = FulfilmentContested(
        obligation=number,
        by=context.actor.party,
        statement=command.statement,
        deadlines=(enforcement_starts(number, context),) if again else (),
    )
    return (contested,) if again else (contested, default(number, dispute, context))


def enforcement_starts(number: int, context: Context) -> Deadline:
    """Start the time to order that an obligation be executed."""
    return context.until(Awaited.ENFORCEMENT, Party.PLATFORM, number)


def default(number: int, dispute: Dispute, context: Context) -> Defaulted:
    """State the default, and start the last period for voluntary performance."""
    party = duty(dispute, number).owed.debtor
    last = context.until(Awaited.VOLUNTARY, party, number)
    return Defaulted(obligation=number, party=party, deadlines=(last,))


def confirmation(
    number: int, dispute: Dispute, context: Context, *, deemed: bool
) -> tuple[DisputeEvent, ...]:
    """Confirm an obligation, start what waited for it, and close if it was the last."""
    confirmed = ObligationConfirmed(
        obligation=number,
        by=other(duty(dispute, number).owed.debtor),
        deemed=deemed,
        deadlines=unlocked(number, dispute, context),
    )
    return confirmed, *closing(evolve(dispute, confirmed))


def closing(dispute: Dispute) -> tuple[Closed, ...]:
    """Close a settled or ruled case once nothing is left to perform."""
    if not all(each.is_over or _is_void(each, dispute) for each in dispute.duties):
        return ()
    outcome = _outcome(dispute)
    claim = claim_result(dispute.claim, dispute.granted)
    # The claim was granted in full, but what was given up was never received.
    if outcome is Outcome.ENFORCEMENT_FAILED and claim is ClaimResult.MET:
        got = balance(dispute.postings, Account.BUYER) > 0
        claim = ClaimResult.PARTLY if got else ClaimResult.NOT_MET
    return (Closed(outcome=outcome, claim=claim),)


def _outcome(dispute: Dispute) -> Outcome:
    # 4.4.4, the worst first: one duty that failed is not made good by another that was
    # performed, and one that was enforced was not performed voluntarily.
    if any(each.failed for each in dispute.duties):
        return Outcome.ENFORCEMENT_FAILED
    if any(each.enforced for each in dispute.duties):
        return Outcome.ENFORCED
    return Outcome.SETTLED if dispute.settled else Outcome.RULED


def _is_void(each: Duty, dispute: Dispute) -> bool:
    """Tell whether a duty waits for one that was given up, so that it is never owed."""
    return any(
        one.failed and one.owed.number == each.owed.after for one in dispute.duties
    )


def unlocked(number: int, dispute: Dispute, context: Context) -> tuple[Deadline, ...]:
    """Start the time limits of what waited for an obligation."""
    waiting = (one.owed for one in dispute.duties if one.owed.after == number)
    return _starts(waiting, context)


def performance_starts(
    obligations: Iterable[Obligation], context: Context, *debtors: Party
) -> tuple[Deadline, ...]:
    """Start the time limits of what is owed at once, by anyone or by `debtors`."""
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
        context.until(Awaited.PERFORMANCE, owed.debtor, owed.number, owed.limit)
        for owed in obligations
    )


def reportable(dispute: Dispute, context: Context) -> tuple[int, ...]:
    """List the obligations that the actor may report as performed."""
    actor = context.actor
    done = {one.owed.number for one in dispute.duties if one.confirmed or one.enforced}
    ordered = {one.obligation for one in dispute.enforcements if one.pending}
    return tuple(
        one.owed.number
        for one in dispute.duties
        # After two contested reports a third is not taken: the platform executes.
        if not (one.reported or one.is_over or one.contested > 1)
        # While an order is being executed, a payment would be made twice.
        and one.owed.number not in ordered
        # A refund after a return is owed once the return is confirmed.
        and (one.owed.after is None or one.owed.after in done)
        # 2: the platform's client reports the payments and deliveries that it sees.
        and (one.owed.debtor is actor.party or actor.acts_as is Role.PLATFORM)
    )


def confirmable(dispute: Dispute, context: Context) -> tuple[int, ...]:
    """List the obligations that the actor may confirm, or contest."""
    return tuple(
        one.owed.number
        for one in dispute.duties
        if one.reported
        and not one.is_over
        and other(one.owed.debtor) is context.actor.party
    )


def duty(dispute: Dispute, number: int) -> Duty:
    """Return the duty of a number."""
    return next(one for one in dispute.duties if one.owed.number == number)


def not_open(number: int, open_now: Iterable[int]) -> NotOpen:
    """Return the refusal that names what is open instead."""
    return NotOpen(number=str(number), open=", ".join(map(str, open_now)))
