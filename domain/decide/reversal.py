"""What is owed under a decision, with what was already done taken off or undone."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from domain.accounts import Account, balance
from domain.clock import LimitName
from domain.codes import Codes
from domain.decide.terms import owed_under
from domain.dispute import Dispute
from domain.enforcing import PAYING
from domain.money import Money
from domain.roles import Party
from domain.terms import Obligation, Terms

PAY, PAY_BACK = "pay", "pay-back"


def netted(
    remedies: Iterable[Terms], dispute: Dispute, codes: Codes
) -> tuple[Obligation, ...]:
    """List what is owed now: less what the buyer was paid, or the excess paid back.

    Duties other than money that were performed already are not owed again.
    """
    received = balance(dispute.postings, Account.BUYER)
    done = {
        duty.owed.duty
        for duty in dispute.duties
        if (duty.confirmed or duty.enforced) and duty.owed.duty not in PAYING
    }
    left: list[Obligation] = []
    for owed in owed_under(remedies, codes):
        if owed.duty == PAY and owed.amount is not None:
            taken = min(received, owed.amount.amount)
            received -= taken
            rest = Money(owed.amount.amount - taken, owed.amount.currency)
            left += [replace(owed, amount=rest)] if rest.amount else []
        elif owed.duty not in done:
            left.append(owed)
    left += _excess(received, dispute)
    return _renumbered(left)


def _excess(received: int, dispute: Dispute) -> list[Obligation]:
    if received <= 0 or dispute.paid is None:
        return []
    return [
        Obligation(
            number=0,
            debtor=Party.BUYER,
            duty=PAY_BACK,
            limit=LimitName.PERFORMANCE_MONEY,
            amount=Money(received, dispute.paid.currency),
        )
    ]


def _renumbered(left: list[Obligation]) -> tuple[Obligation, ...]:
    """Count from 1; what waited for a dropped obligation waits no more."""
    numbers = {owed.number: n for n, owed in enumerate(left, 1) if owed.number}
    return tuple(
        replace(owed, number=n, after=numbers.get(owed.after or 0))
        for n, owed in enumerate(left, 1)
    )
