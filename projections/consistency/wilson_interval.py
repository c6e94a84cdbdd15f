"""How sure a share of few cases is: Wilson's interval, at 95 %."""

from __future__ import annotations

from math import sqrt

from msgspec import Struct

Z = 1.959963984540054
"""Standard deviations on both sides that 95 % of a normal distribution lie within."""

DIGITS = 6


class Share(Struct, frozen=True, kw_only=True):
    """A share of 1, and within which bounds it lies; None: of too few cases to say."""

    rate: float | None
    low: float | None
    high: float | None


UNKNOWN = Share(rate=None, low=None, high=None)


def share(count: int, of: int, least: int) -> Share:
    """Return a share with its interval; `least`: of how many cases one is told."""
    if of < max(least, 1):
        return UNKNOWN
    low, high = wilson(count, of)
    return Share(
        rate=round(count / of, DIGITS), low=round(low, DIGITS), high=round(high, DIGITS)
    )


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return the bounds of Wilson's score interval. `of` is not 0."""
    rate, square = count / of, Z * Z
    middle = rate + square / (2 * of)
    spread = Z * sqrt(rate * (1 - rate) / of + square / (4 * of * of))
    whole = 1 + square / of
    # Rounding may leave a bound a hair outside.
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
