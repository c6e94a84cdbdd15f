"""What an action says of a field beyond its type: codes, conditions, bounds of money.

A client fills fields in by these alone. What the domain would refuse whatever else is
sent should not be among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from domain.case.context import Context
from domain.money import Money

Hint = Mapping[str, Any]
Hints = dict[str, Hint]
"""Hints by the place of a field, such as "reasons.burden"."""


def codes(possible: Iterable[object]) -> Hint:
    """Say which values are possible now."""
    return {"codes": tuple(map(str, possible))}


def when(**needs: Iterable[str]) -> Hint:
    """Say with which values of other fields the field is needed."""
    needed = {name: tuple(map(str, values)) for name, values in needs.items()}
    return {"required_when": needed}


def only_when(**needs: Iterable[str]) -> Hint:
    """Say with which values of other fields the field is needed, and else refused."""
    needed = when(**needs)["required_when"]
    return {"required_when": needed, "only_when": needed}


def citations(at: str, context: Context) -> Hints:
    """Say which rules can be cited in the case, and where all their articles are."""
    found = context.citable
    day = context.rules.calendar.day(context.filed or context.now)
    policy = context.rules.policy.id
    return {
        at: {"href": f"/v1/rules?in_force_on={day}&policy={policy}"},
        f"{at}.id": codes(one.name for one in found),
        f"{at}.version": codes(sorted({one.version for one in found})),
    }


def some() -> Hint:
    """Say that a list may not be empty."""
    return {"min_length": 1}


def money(at: str, most: Money | None, context: Context, **more: Any) -> Hints:
    """Say the most that an amount may be, if that is known, and its currency."""
    # Imported cases may not say what was paid.
    if most is None:
        currencies = context.rules.policy.currencies
        return {at: more, f"{at}.currency": codes(currencies)}
    limit = {"max": str(most), "currency": most.currency}
    return {
        at: limit | more,
        f"{at}.amount": {"max": str(most)},
        f"{at}.currency": codes([most.currency]),
    }


def terms(
    at: str,
    kinds: Iterable[str],
    most: Money | None,
    context: Context,
    *,
    ruled: bool = False,
) -> Hints:
    """Say what can be offered or granted; a ruling has to say who bears the freight."""
    kinds, remedies = tuple(kinds), context.codes.remedies
    paying = tuple(kind for kind in kinds if remedies[kind].amount)
    sent = only_when(kind=(kind for kind in kinds if remedies[kind].freight))
    return {
        f"{at}.kind": codes(kinds),
        **money(f"{at}.amount", most, context, **only_when(kind=paying)),
        f"{at}.freight": sent if ruled else {"only_when": sent["only_when"]},
    }
