"""Enforcement: order, execute, fail, recover what was advanced (4.4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.admission.decide import route_problems
from domain.case.context import Context
from domain.case.dispute import Dispute, Duty, Enforcement
from domain.case.events import DisputeEvent
from domain.case.evolve import evolve
from domain.deadlines.deadline import Awaited
from domain.enforcement.case_ledger import Account, advanced, balance
from domain.enforcement.commands import (
    ExecuteEnforcement,
    FailEnforcement,
    OrderEnforcement,
    RecoverAdvance,
)
from domain.enforcement.events import (
    AdvanceRecovered,
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
)
from domain.enforcement.money_movements import PAYING, PAYS_FROM, Method, left_of
from domain.money import Money
from domain.performance.decide import closing, duty, not_open, unlocked
from domain.performance.reversal import PAY_BACK
from domain.refusals import Problem, refuse_if
from domain.roles import Party
from domain.terms import money_problems

RETURN = "return"


def order(
    command: OrderEnforcement, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Order that an obligation in default be executed."""
    open_now = enforceable(dispute, context)
    if command.obligation not in open_now:
        raise not_open(command.obligation, open_now)
    owing = duty(dispute, command.obligation)
    refuse_if(_problems(command, owing, dispute))
    return (
        EnforcementOrdered(
            number=len(dispute.enforcements) + 1,
            obligation=command.obligation,
            method=command.method,
            amount=command.amount,
        ),
    )


def enforceable(dispute: Dispute, _: Context) -> tuple[int, ...]:
    """List the obligations whose voluntary period is over and that nobody executes."""
    # An order that comes late is still an order, so missed deadlines count as well.
    ready = {
        one.item
        for one in (*dispute.deadlines, *dispute.missed)
        if one.awaited is Awaited.ENFORCEMENT
    }
    ordered = {one.obligation for one in dispute.enforcements if one.pending}
    return tuple(
        one.owed.number
        for one in dispute.duties
        if not one.is_over and one.owed.number in ready - ordered
    )


def _problems(
    command: OrderEnforcement, owing: Duty, dispute: Dispute
) -> Iterator[Problem]:
    possible = methods_for(owing)
    if command.method not in possible:
        yield Problem("/method", "unknown-code", {"allowed": ", ".join(possible)})
        return
    if command.method not in PAYS_FROM:
        if command.amount is not None:
            yield Problem("/amount", "not-with-this", {"for": command.method})
        return
    if command.amount is None:
        yield Problem("/amount", "required", {"for": command.method})
        return
    yield from money_problems(command.amount, "/amount", dispute.paid)
    left = payable(owing, dispute)
    if command.amount.amount > left:
        yield Problem(
            "/amount",
            "above-balance",
            {"left": str(Money(left, command.amount.currency))},
        )


def payable(owing: Duty, dispute: Dispute) -> int:
    """Return the most that may be paid for an obligation, in minor units."""
    if owing.owed.duty in PAYING:
        return left_of(owing.owed, owing.paid)
    # Money in place of a thing (4.4.3): the thing was worth what the order cost. What
    # the buyer has received and what else is due to them come out of the same sum, so
    # that all together they never get more than they paid.
    cost = dispute.paid.amount if dispute.paid else 0
    others = (one for one in dispute.duties if one is not owing and not one.is_over)
    due = sum(_due(one, dispute) for one in others)
    return max(0, cost - balance(dispute.postings, Account.BUYER) - due)


def _due(one: Duty, dispute: Dispute) -> int:
    if one.owed.duty in PAYING:
        return left_of(one.owed, one.paid)
    # Nothing in money, unless an order to pay in its place is under way.
    return sum(
        order.amount.amount
        for order in dispute.enforcements
        if order.pending and order.obligation == one.owed.number and order.amount
    )


def methods_for(owing: Duty) -> tuple[Method, ...]:
    """List the methods that fit an obligation, by its debtor and its duty.

    The platform holds a seller's deposit and settlements, but nothing of a buyer's.
    """
    pressing = (Method.DELAY_SETTLEMENT, Method.RESTRICT_ACCOUNT)
    if owing.owed.debtor is Party.SELLER:
        return *PAYS_FROM, *pressing
    if owing.owed.duty == RETURN:
        return Method.REFUND_WITHOUT_RETURN, Method.RESTRICT_ACCOUNT
    return (Method.RESTRICT_ACCOUNT,)


def execute(
    command: ExecuteEnforcement, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Record an execution; an obligation that it discharges is over."""
    ordered = _pending(command.number, dispute, context)
    discharges = _discharges(ordered, duty(dispute, ordered.obligation))
    executed = EnforcementExecuted(
        number=ordered.number,
        obligation=ordered.obligation,
        method=ordered.method,
        amount=ordered.amount,
        discharges=discharges,
        reference=command.reference,
        deadlines=unlocked(ordered.obligation, dispute, context) if discharges else (),
    )
    after = evolve(dispute, executed)
    return executed, *(closing(after) if discharges else ())


def _discharges(ordered: Enforcement, owing: Duty) -> bool:
    """Tell whether nothing is left: money in full, or money in place of a thing."""
    # The buyer keeps the goods: the return is over, and the refund after it is owed.
    if ordered.method == Method.REFUND_WITHOUT_RETURN:
        return True
    # The other methods without an amount only press the debtor to perform.
    if ordered.amount is None:
        return False
    in_money = owing.owed.duty in PAYING
    return not in_money or ordered.amount.amount >= left_of(owing.owed, owing.paid)


def fail(
    command: FailEnforcement, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Record a failure; `final` gives the obligation up and shows other routes."""
    ordered = _pending(command.number, dispute, context)
    refuse_if(_failure_problems(command, context))
    failed = EnforcementFailed(
        number=ordered.number,
        obligation=ordered.obligation,
        method=ordered.method,
        cause=command.cause,
        final=command.final,
        routes=command.routes,
    )
    after = evolve(dispute, failed)
    return failed, *(closing(after) if command.final else ())


def _failure_problems(command: FailEnforcement, context: Context) -> Iterator[Problem]:
    known = context.codes.failures
    if command.cause not in known:
        yield Problem("/cause", "unknown-code", {"allowed": ", ".join(known)})
    if command.final:
        yield from route_problems(command.routes, context.codes)


def pending(dispute: Dispute, _: Context) -> tuple[int, ...]:
    """List the orders that were neither executed nor failed yet."""
    return tuple(one.number for one in dispute.enforcements if one.pending)


def _pending(number: int, dispute: Dispute, context: Context) -> Enforcement:
    open_now = pending(dispute, context)
    if number not in open_now:
        raise not_open(number, open_now)
    return next(one for one in dispute.enforcements if one.number == number)


def recover(
    command: RecoverAdvance, dispute: Dispute, _: Context
) -> tuple[DisputeEvent, ...]:
    """Record what the seller paid back of what the platform had advanced."""
    refuse_if(_recovery_problems(command, dispute))
    return (AdvanceRecovered(amount=command.amount, reference=command.reference),)


def recoverable(dispute: Dispute, _: Context) -> bool:
    """Tell whether the seller still owes anything that the platform advanced."""
    return unrecovered(dispute) > 0


def unrecovered(dispute: Dispute) -> int:
    """Return what the seller owes the platform, in minor units."""
    # After an appeal the buyer may have to pay the advance back, and that payment goes
    # to the platform first. The seller does not owe it as well.
    buyers = sum(
        left_of(one.owed, one.paid)
        for one in dispute.duties
        if one.owed.duty == PAY_BACK and not (one.confirmed or one.enforced)
    )
    return max(0, advanced(dispute.postings) - buyers)


def _recovery_problems(command: RecoverAdvance, dispute: Dispute) -> Iterator[Problem]:
    yield from money_problems(command.amount, "/amount", dispute.paid)
    left = unrecovered(dispute)
    if command.amount.amount > left:
        yield Problem(
            "/amount",
            "above-balance",
            {"left": str(Money(left, command.amount.currency))},
        )
