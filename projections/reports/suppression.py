"""Which numbers of a report are not shown: small ones, and what would tell them.

A number is told if it follows from those that are shown, by adding and subtracting
whole lines of the report. What is left is hidden until no small number follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import TypeVar

Cell = TypeVar("Cell")

Sum = Mapping[Cell, int]
"""Cells with factors: what they add up to, such as {denominator: 1, numerator: -1}."""

Vector = dict[Cell, Fraction]


def told(
    asked: Iterable[Sum[Cell]], known: Iterable[Sum[Cell]], hidden: AbstractSet[Cell]
) -> list[Sum[Cell]]:
    """Return which sums follow from sums that are known, and from what is shown."""
    # What is shown is known, so that only hidden cells are unknowns.
    base: dict[Cell, Vector[Cell]] = {}
    for one in known:
        if left := _reduced(_of_hidden(one, hidden), base):
            _add(left, base)
    return [one for one in asked if not _reduced(_of_hidden(one, hidden), base)]


def _of_hidden(one: Sum[Cell], hidden: AbstractSet[Cell]) -> Vector[Cell]:
    return {cell: Fraction(factor) for cell, factor in one.items() if cell in hidden}


def _reduced(row: Vector[Cell], base: Mapping[Cell, Vector[Cell]]) -> Vector[Cell]:
    """Return what is left of a row that the rows of a base cannot make."""
    for pivot in [cell for cell in row if cell in base]:
        if factor := row.get(pivot):
            row = _less(row, base[pivot], factor)
    return row


def _add(row: Vector[Cell], base: dict[Cell, Vector[Cell]]) -> None:
    """Add a row to a base in which each pivot is in one row only."""
    pivot, first = next(iter(row.items()))
    row = {cell: factor / first for cell, factor in row.items()}
    for other, known in base.items():
        if factor := known.get(pivot):
            base[other] = _less(known, row, factor)
    base[pivot] = row


def _less(
    row: Mapping[Cell, Fraction], other: Mapping[Cell, Fraction], times: Fraction
) -> Vector[Cell]:
    left = dict(row)
    for cell, factor in other.items():
        left[cell] = left.get(cell, Fraction(0)) - times * factor
        if not left[cell]:
            del left[cell]
    return left
