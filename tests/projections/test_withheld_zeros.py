"""A withheld zero does not follow from rounded numbers beside it."""

from __future__ import annotations

from itertools import product

import pytest

from projections.reports.small_numbers import SMALLEST, Cell
from projections.reports.withheld_zeros import ROUNDED_BY, beside_told

FIGURE = "filed"
ZERO = "none"


def cell(group: str) -> Cell:
    return group, FIGURE, "numerator"


def shown(number: int) -> int:
    return SMALLEST * round(number / SMALLEST)


def possible_zeros(counts: list[int]) -> set[int]:
    """What the withheld number can be, for a reader of the others and of the sum."""
    near = range(-ROUNDED_BY, ROUNDED_BY + 1)
    rooms = [[shown(one) + n for n in near] for one in counts]
    totals = [shown(sum(counts)) + n for n in near]
    found = (all_of - sum(each) for each in product(*rooms) for all_of in totals)
    return {one for one in found if one >= 0}


@pytest.mark.parametrize(
    "counts", [[8, 8, 8, 8], [9, 8, 8, 8], [8, 8, 8], [12, 8], [8], [10, 10, 10], [7]]
)
def test_it_hides_a_number_only_where_the_zero_would_follow(counts: list[int]) -> None:
    numbers = {cell(f"g{n}"): one for n, one in enumerate(counts)} | {cell(ZERO): 0}
    keys = {group: (group,) for group, *_ in numbers}
    follows = possible_zeros(counts) == {0}
    zeros, at = {cell(ZERO)}, ("category",)
    found = beside_told(keys, at, numbers, zeros, zeros)
    assert found == ({cell("g0")} if follows else set())
    assert follows is (counts == [8, 8, 8, 8])
    # Where another number is withheld, or no zero is, there is nothing to protect.
    assert beside_told(keys, at, numbers, {*zeros, cell("g0")}, zeros) == set()
    assert beside_told(keys, at, numbers, set(), set()) == set()


def test_of_two_cuts_each_row_and_each_column_is_looked_at() -> None:
    told = {("a", f"c{n}"): 8 for n in range(4)} | {("a", "c4"): 0}
    numbers = {cell(",".join(key)): number for key, number in told.items()}
    keys = {",".join(key): key for key in told}
    zeros = {cell("a,c4")}
    cuts = ("category", "channel")
    assert beside_told(keys, cuts, numbers, zeros, zeros) == {cell("a,c0")}
    turned = {cell(f"{b},{a}"): number for (a, b), number in told.items()}
    keys = {f"{b},{a}": (b, a) for a, b in told}
    zeros = {cell("c4,a")}
    assert beside_told(keys, cuts, turned, zeros, zeros) == {cell("c0,a")}
