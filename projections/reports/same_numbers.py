"""Numbers of a report that several figures tell: of the same cases, by the same date.

What one figure withholds, another one would tell otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from functools import cache

from projections.figures.metrics import metrics
from projections.reports.small_numbers import Cell

_DATED = frozenset({"opened_at IS NOT NULL", "closed_at IS NOT NULL"})
"""Lengths of time leave out cases whose source does not give these dates."""

Kind = tuple[str, str]
"""What a number counts: the date of its cases, and the condition that they meet."""


def same_numbers(withheld: AbstractSet[Cell], cells: Collection[Cell]) -> set[Cell]:
    """Return those of the cells that count the same cases as a withheld one."""
    kinds = _kinds()
    known = {(group, kinds.get((figure, name))) for group, figure, name in withheld}
    return {
        cell
        for cell in cells
        if cell not in withheld and cell[1:] in kinds
        if (cell[0], kinds[cell[1:]]) in known
    }


@cache
def _kinds() -> dict[tuple[str, str], Kind]:
    return dict(_each_kind())


def _each_kind() -> Iterator[tuple[tuple[str, str], Kind]]:
    for one in metrics():
        yield (one.id, "numerator"), (one.dated, _bare(one.counted))
        if one.out_of is not None:
            yield (one.id, "denominator"), (one.dated, _bare(one.out_of))


def _bare(condition: str) -> str:
    """Return a condition without the dates that lengths of time need besides."""
    tests = condition.split(" AND ")
    return " AND ".join(one for one in tests if one not in _DATED) or condition
