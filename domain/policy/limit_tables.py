"""Reads the tables of a policy profile: limits, what overrides them, and amounts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from domain.deadlines.time_limits import Limit, LimitName, parse_limit
from domain.money import parse
from domain.policy.toml_decoder import Mistakes, Parser, place, table

NAMES = frozenset(LimitName)


def all_limits(raw: Any, at: str, mistakes: Mistakes) -> dict[LimitName, Limit]:
    """Read a table that has to set every limit."""
    found = table(raw, at, mistakes)
    for name in sorted(NAMES - found.keys()):
        mistakes.add(place(at, name), "missing")
    return some_limits(found, at, mistakes)


def some_limits(raw: Any, at: str, mistakes: Mistakes) -> dict[LimitName, Limit]:
    """Read a table that may set any of the limits."""
    limits = {}
    for name, text in table(raw, at, mistakes).items():
        if name not in NAMES:
            mistakes.add(place(at, name), "there is no such limit")
            continue
        try:
            limits[LimitName(name)] = parse_limit(str(text))
        except ValueError as error:
            mistakes.add(place(at, name), str(error))
    return limits


def overrides(what: str, codes: Collection[str]) -> Parser:
    """Return a parser of tables of limits, one table for each of the known codes."""

    def read(
        raw: Any, at: str, mistakes: Mistakes
    ) -> dict[str, dict[LimitName, Limit]]:
        found = table(raw, at, mistakes)
        for code in sorted(found.keys() - set(codes)):
            mistakes.add(place(at, code), f"there is no such {what}")
        return {
            code: some_limits(limits, place(at, code), mistakes)
            for code, limits in found.items()
        }

    return read


def amounts(raw: Any, at: str, mistakes: Mistakes) -> dict[str, int]:
    """Read decimal amounts by currency into minor units."""
    read = {}
    for currency, text in table(raw, at, mistakes).items():
        try:
            read[currency] = parse(str(text), currency).amount
        except ValueError as error:
            mistakes.add(place(at, currency), f"{text!r} is no amount: {error}")
        else:
            if not read[currency]:
                mistakes.add(place(at, currency), f"{text!r} is not more than zero")
    return read
