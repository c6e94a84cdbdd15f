"""The money of an order line over all its cases: no more goes back than was paid.

A line can have several cases, on different issues. Each alone may be worth the whole
price; together they are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.case.context import Context
from domain.money import Money
from domain.policy.profile import AboveLine
from domain.refusals import Problem
from domain.terms import Terms


def line_limit(paid: Money | None, context: Context) -> Money | None:
    """Return what can still be granted on the order line; None if nobody knows."""
    if paid is None:
        return None
    # Who files says what was paid. A case that has granted money was decided on its
    # price, so another price on the same line gives no more.
    price = min(paid.amount, context.line_price or paid.amount)
    return Money(max(0, price - context.granted_elsewhere), paid.currency)


def line_problems(
    terms: Iterable[Terms], at: str, paid: Money | None, context: Context
) -> Iterator[Problem]:
    """Yield a problem if terms and what other cases granted are above what was paid."""
    limit = line_limit(paid, context)
    if limit is None or not context.granted_elsewhere:
        return
    if _total(terms, limit.currency) > limit.amount:
        granted = Money(context.granted_elsewhere, limit.currency)
        told = {"limit": str(limit), "granted": str(granted)}
        yield Problem(at, "above-line", told | {"currency": limit.currency})


def second_person_on_line(
    terms: Iterable[Terms], paid: Money | None, context: Context
) -> str:
    """Return the amount above which a second person has to issue it; "" if none is."""
    if context.rules.policy.above_line is not AboveLine.SECOND_PERSON:
        return ""
    limit = line_limit(paid, context)
    if limit is None or not any(line_problems(terms, "", paid, context)):
        return ""
    return f"{limit} {limit.currency}"


def _total(terms: Iterable[Terms], currency: str) -> int:
    return sum(
        one.amount.amount
        for one in terms
        if one.amount is not None and one.amount.currency == currency
    )
