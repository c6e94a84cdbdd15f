"""Rates of public figures: made of rounded numbers, and of many cases only.

A rate of few cases would be off by more than it tells: 9 of 17 is shown as 10 of 15.
"""

from __future__ import annotations

from math import ceil

from projections.reports.small_numbers import SMALLEST
from projections.reports.withheld_zeros import ROUNDED_BY

RATE_FROM = 50
"""Out of how many cases on, as they are shown, there is a rate."""

DIGITS = 2


def has_rate(denominator: int | None) -> bool:
    """Tell whether a number of cases is large enough that there are rates of it."""
    return denominator is not None and denominator >= RATE_FROM


def public_rate(numerator: int | None, denominator: int | None) -> float | None:
    """Return the rate of two numbers as they are shown; None of few cases."""
    if numerator is None or denominator is None or not has_rate(denominator):
        return None
    return round(numerator / denominator, DIGITS)


def points_off(numerator: int, denominator: int) -> int:
    """Return by how many points of percent such a rate can be off at most.

    Nothing and all are exact: numbers and rests from 1 to below SMALLEST are not shown.
    """
    if numerator in {0, denominator}:
        return 0
    shown = round(numerator / denominator, DIGITS)
    away = range(-ROUNDED_BY, ROUNDED_BY + 1)
    exact = (
        (counted, denominator + of)
        for counted in (numerator + one for one in away)
        for of in away
        if counted + SMALLEST <= denominator + of
    )
    return ceil(max(abs(n / of - shown) for n, of in exact) * 100 - 1e-9)
