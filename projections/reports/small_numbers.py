"""The small numbers of a report, and others from which they could be subtracted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from projections.figures.metrics import FigureUnit
from projections.reports.figure import Figure
from projections.reports.report import Group
from projections.reports.suppression import Sum, told

SMALLEST = 5
"""Numbers of cases from 1 to below this are not shown, and all are rounded to it."""

Cell = tuple[str, str, str]
"""A number of a report: its group, its figure, and which number of that."""


PART = "part "
"""Before the name of a part, where it is the name of a number."""


def hidden_numbers(
    groups: Sequence[Group], cuts: Sequence[str], asked: AbstractSet[Cell]
) -> set[Cell]:
    """Return the numbers that are not shown: the small ones, and their complements.

    `cuts`: by what the groups are cut, in the order of their keys. `asked`: numbers
    that are hidden whatever they are.
    """
    figures: defaultdict[str, dict[Cell, int]] = defaultdict(dict)
    for cell, number in numbers_of(groups).items():
        figures[cell[1]][cell] = number
    hidden: set[Cell] = set()
    for numbers in figures.values():
        hidden |= _hidden_of(groups, cuts, numbers, asked)
    return hidden


def numbers_of(groups: Sequence[Group]) -> dict[Cell, int]:
    """Return all numbers of cases in the groups."""
    return {
        (group.key, figure.id, name): number
        for group in groups
        for figure in group.figures
        for name, number in _numbers(figure)
    }


def _hidden_of(
    groups: Sequence[Group],
    cuts: Sequence[str],
    numbers: Mapping[Cell, int],
    asked: AbstractSet[Cell],
) -> set[Cell]:
    small: list[Sum[Cell]] = [
        {cell: 1} for cell, number in numbers.items() if 0 < number < SMALLEST
    ]
    rests = list(_small_rests(numbers))
    # The rest of a share is told by its two numbers.
    hidden = {cell for one in small for cell in one} | {
        cell for one in rests for cell in one if cell[2] == "numerator"
    }
    hidden |= asked & numbers.keys()
    keys = {group.key: group.keys or (group.key,) for group in groups}
    lines = [*lines_of_parts(numbers), *lines_of_groups(keys, cuts, numbers)]
    known = [line for line in lines if _is_known(line, numbers)]
    before = -1
    while len(hidden) != before:
        before = len(hidden)
        # What is hidden in a row can leave a column with one hidden number, and so on.
        for line in lines:
            _complement(list(line), numbers, hidden)
        if len(hidden) == before:
            # Several lines together may still tell what none of them tells alone.
            for one in told([*small, *rests], known, hidden):
                _hide_beside(one, lines, numbers, hidden)
    return hidden


def _is_known(line: Sum[Cell], numbers: Mapping[Cell, int]) -> bool:
    """Tell whether a reader may know what a line adds up to.

    The total of a row is a number of another report, which hides it where it is small,
    or where the rest of its share is; and a row of one number is no sum.
    """
    if -1 in line.values():
        return True
    if len([cell for cell in line if numbers[cell]]) <= 1:
        return False
    total = sum(numbers[cell] for cell in line)
    wholes = [numbers.get((key, figure, "denominator")) for key, figure, _ in line]
    rest = sum(filter(None, wholes)) - total
    is_numerator = all(name == "numerator" for _, _, name in line)
    small_rest = is_numerator and None not in wholes and 0 < rest < SMALLEST
    return total >= SMALLEST and not small_rest


def _small_rests(numbers: Mapping[Cell, int]) -> Iterator[Sum[Cell]]:
    for (key, figure, name), whole in numbers.items():
        counted = (key, figure, "numerator")
        if name == "denominator" and 0 < whole - numbers[counted] < SMALLEST:
            yield {(key, figure, name): 1, counted: -1}


def _hide_beside(
    one: Sum[Cell],
    lines: Sequence[Sum[Cell]],
    numbers: Mapping[Cell, int],
    hidden: set[Cell],
) -> None:
    """Hide one more number in a line of a sum that is told, if there is one left."""
    shown = {
        cell
        for line in lines
        if line.keys() & one.keys()
        for cell in line
        if cell not in hidden and numbers[cell]
    }
    if shown:
        hidden.add(min(shown, key=lambda cell: (numbers[cell], cell)))


def _numbers(figure: Figure) -> Iterator[tuple[str, int]]:
    yield "numerator", figure.numerator
    if figure.denominator is not None:
        yield "denominator", figure.denominator
    if figure.outside is not None:
        yield "outside", figure.outside
    if figure.unit is FigureUnit.CASES:
        for part, number in (figure.parts or {}).items():
            yield f"{PART}{part}", number


def lines_of_parts(numbers: Iterable[Cell]) -> Iterator[Sum[Cell]]:
    """Yield the parts of each figure with the number that they add up to."""
    lines: defaultdict[tuple[str, ...], dict[Cell, int]] = defaultdict(dict)
    for cell in numbers:
        # Parts add up to the numerator, which is a member of its own line.
        if cell[2] not in {"denominator", "outside"}:
            lines[cell[:2]][cell] = -1 if cell[2] == "numerator" else 1
    yield from (line for line in lines.values() if len(line) > 1)


def lines_of_groups(
    keys: Mapping[str, Sequence[str]], cuts: Sequence[str], numbers: Iterable[Cell]
) -> Iterator[Sum[Cell]]:
    """Yield what adds up to a number of a report with one cut less.

    Reasons also add up to their category, which another report tells.
    """
    many = max(map(len, keys.values()), default=0)
    lines: defaultdict[tuple[Any, ...], dict[Cell, int]] = defaultdict(dict)
    for cell in numbers:
        key, *number = cell
        for place in range(many):
            others = (*keys[key][:place], *keys[key][place + 1 :])
            lines[(place, "", others, *number)][cell] = 1
            if place < len(cuts) and cuts[place] == "reason":
                category = keys[key][place].partition("/")[0]
                lines[(place, category, others, *number)][cell] = 1
    yield from lines.values()


def _complement(
    line: list[Cell], numbers: Mapping[Cell, int], hidden: set[Cell]
) -> None:
    """Hide more of a line until what is hidden cannot be subtracted from its total."""
    # The smallest others first: they cost the reader least.
    out = [cell for cell in line if cell in hidden]
    shown = sorted(
        (cell for cell in line if cell not in hidden and numbers[cell]),
        key=lambda cell: (numbers[cell], cell),
    )
    while out and shown and not _safe([numbers[cell] for cell in out]):
        out.append(shown.pop(0))
        hidden.add(out[-1])


def _safe(hidden: Sequence[int]) -> bool:
    return len([one for one in hidden if one]) > 1 and sum(hidden) >= SMALLEST
