"""Methods of enforcement, and what each money event moves from whom to whom."""

from __future__ import annotations

from enum import StrEnum

from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.enforcement.case_ledger import Account, Posting, advanced
from domain.enforcement.events import AdvanceRecovered, EnforcementExecuted
from domain.performance.events import ObligationConfirmed
from domain.roles import Party
from domain.terms import Obligation


class Method(StrEnum):
    """How the platform executes what a party in default owes (4.4.3)."""

    DEDUCT_DEPOSIT = "deduct-deposit"
    DEDUCT_SETTLEMENT = "deduct-settlement"
    ADVANCE = "advance"
    DELAY_SETTLEMENT = "delay-settlement"
    REFUND_WITHOUT_RETURN = "refund-without-return"
    RESTRICT_ACCOUNT = "restrict-account"


PAYS_FROM = {
    Method.DEDUCT_DEPOSIT: Account.DEPOSIT,
    Method.DEDUCT_SETTLEMENT: Account.SETTLEMENT,
    Method.ADVANCE: Account.PLATFORM,
}
"""The methods that pay, and out of what."""

PAYING = frozenset({"pay", "pay-back"})
"""The duties that are owed in money."""


def postings_of(dispute: Dispute, event: DisputeEvent) -> tuple[Posting, ...]:
    """Return the postings of an event; most events move no money."""
    match event:
        case ObligationConfirmed(obligation=number):
            return _paid(dispute, number)
        case EnforcementExecuted(method=method, amount=amount) if amount is not None:
            payer = _payer(method)
            # As `evolve` does: what another system calls its method may be unknown.
            if payer is None:
                return ()
            # Methods that pay fit sellers only, so the payee is always the buyer.
            return (Posting(payer, Account.BUYER, amount.amount),)
        case AdvanceRecovered(amount=amount):
            return (Posting(Account.SELLER, Account.PLATFORM, amount.amount),)
        case _:
            return ()


def _payer(method: str) -> Account | None:
    return next((payer for known, payer in PAYS_FROM.items() if known == method), None)


def left_of(owed: Obligation, paid: int) -> int:
    """Return how much of a money obligation is left, in minor units."""
    return max(0, owed.amount.amount - paid) if owed.amount else 0


def _paid(dispute: Dispute, number: int) -> tuple[Posting, ...]:
    duty = next((one for one in dispute.duties if one.owed.number == number), None)
    if duty is None or duty.owed.duty not in PAYING:
        return ()
    # A part may have been executed before the debtor paid the rest.
    amount = left_of(duty.owed, duty.paid)
    if duty.owed.debtor is Party.SELLER:
        return _postings((Account.SELLER, Account.BUYER, amount))
    # The buyer pays back where the money came from: to the platform what it advanced
    # and has not recovered, the rest to the seller.
    to_platform = min(amount, advanced(dispute.postings))
    return _postings(
        (Account.BUYER, Account.PLATFORM, to_platform),
        (Account.BUYER, Account.SELLER, amount - to_platform),
    )


def _postings(*moves: tuple[Account, Account, int]) -> tuple[Posting, ...]:
    return tuple(Posting(*move) for move in moves if move[2] > 0)
