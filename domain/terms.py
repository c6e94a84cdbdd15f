"""What is claimed, offered or ruled: when it is valid, and what is then owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from msgspec import Struct

from domain.deadlines.time_limits import LimitName
from domain.money import Money
from domain.policy.codes import Codes
from domain.refusals import Problem
from domain.roles import Party


class Terms(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is claimed, offered or ruled; `kind` is a remedy code."""

    kind: str
    amount: Money | None = None
    freight: Party | None = None


class Obligation(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What one party owes; `after` is the obligation to be confirmed first."""

    number: int
    debtor: Party
    duty: str
    limit: LimitName
    amount: Money | None = None
    after: int | None = None


def terms_problems(
    terms: Terms,
    at: str,
    codes: Codes,
    allowed: Iterable[str],
    paid: Money | None,
) -> Iterator[Problem]:
    """Yield what is wrong with terms at JSON pointer `at`.

    `allowed` are the remedy codes that may be named here; an amount has to be in the
    currency of `paid`, what the order line cost, and not above it.
    """
    allowed = tuple(allowed)
    if terms.kind not in allowed:
        yield Problem(f"{at}/kind", "unknown-code", {"allowed": ", ".join(allowed)})
        return
    needs_amount = codes.remedies[terms.kind].amount
    if needs_amount and terms.amount is None:
        yield Problem(f"{at}/amount", "required", {"for": terms.kind})
    elif not needs_amount and terms.amount is not None:
        yield Problem(f"{at}/amount", "not-with-this", {"for": terms.kind})
    if terms.amount is not None:
        yield from money_problems(terms.amount, f"{at}/amount", paid)
    if terms.freight is not None and not codes.remedies[terms.kind].freight:
        yield Problem(f"{at}/freight", "not-with-this", {"for": terms.kind})


def money_problems(amount: Money, at: str, paid: Money | None) -> Iterator[Problem]:
    """Yield what is wrong with an amount, given what was paid for the order line."""
    if amount.amount <= 0:
        yield Problem(at, "not-positive")
    if paid is None:
        return
    if amount.currency != paid.currency:
        yield Problem(f"{at}/currency", "wrong-currency", {"expected": paid.currency})
    elif amount.amount > paid.amount:
        limit = {"limit": str(paid), "currency": paid.currency}
        yield Problem(at, "above-order", limit)


def owed_under(terms: Iterable[Terms], codes: Codes) -> tuple[Obligation, ...]:
    """List the obligations that follow from terms, numbered from 1 across all terms."""
    numbers = count(1)
    return tuple(
        obligation
        for each in terms
        for obligation in _obligations(each, codes, numbers)
    )


def _obligations(
    terms: Terms, codes: Codes, numbers: Iterator[int]
) -> Iterator[Obligation]:
    # `after` counts within its remedy; in the case the numbers go on across remedies.
    issued: list[int] = []
    for owed in codes.remedies[terms.kind].obligations:
        issued.append(next(numbers))
        yield Obligation(
            number=issued[-1],
            debtor=owed.debtor,
            duty=owed.duty,
            limit=owed.limit,
            amount=terms.amount if owed.duty == "pay" else None,
            after=issued[owed.after - 1] if owed.after else None,
        )
