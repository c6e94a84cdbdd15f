"""The money ledger of a case: who paid whom.

Each posting names a payer and a payee, so it always balances.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Account(StrEnum):
    """Where money comes from or goes to. PLATFORM pays in advance and recovers."""

    BUYER = "buyer"
    SELLER = "seller"
    DEPOSIT = "deposit"
    SETTLEMENT = "settlement"
    PLATFORM = "platform"


class Posting(Struct, frozen=True, gc=False):
    """A movement of `amount` minor units of the case's currency."""

    payer: Account
    payee: Account
    amount: int


def balance(postings: Iterable[Posting], account: Account) -> int:
    """Return what an account received, less what it paid, in minor units."""
    return sum(
        one.amount * ((one.payee is account) - (one.payer is account))
        for one in postings
    )


def advanced(postings: Iterable[Posting]) -> int:
    """Return what the platform has paid in advance and not got back yet."""
    return max(0, -balance(postings, Account.PLATFORM))
