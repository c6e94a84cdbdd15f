"""The zeros of a report that would tell where its small numbers are.

Whoever knows that a person is among a few, and sees zeros everywhere but in one place,
knows the place. So a zero that stands where only few persons can be is not shown: it
looks like a small number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from projections.reports.small_numbers import (
    PART,
    SMALLEST,
    Cell,
    lines_of_groups,
    lines_of_parts,
)

ROUNDED_BY = SMALLEST // 2
"""By how much a rounded number differs from the exact one at most."""

Shown = Mapping[Cell, int | None]
"""Numbers as they are shown; None for one that is not."""

Keys = Mapping[str, Sequence[str]]
"""The keys of each group, one for each cut."""


def with_unnamed_parts(numbers: Shown) -> dict[Cell, int | None]:
    """Return numbers with a zero for each part that other groups have, and one not."""
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for _, figure, name in numbers:
        if name.startswith(PART):
            parts[figure].add(name)
    every = dict(numbers)
    named = {cell[:2] for cell in numbers if cell[2].startswith(PART)}
    for group, figure, name in numbers:
        for part in parts[figure] if name == "numerator" else ():
            # Withheld parts have no name where the number of all of them is withheld,
            # or no part is shown of those that add up to it.
            whole = numbers[group, figure, name]
            is_told = whole == 0 or (whole is not None and (group, figure) in named)
            every.setdefault((group, figure, part), 0 if is_told else None)
    return every


def withheld_zeros(keys: Keys, cuts: Sequence[str], shown: Shown) -> set[Cell]:
    """Return which zeros are not shown, because few persons are behind them.

    They are those of a group, of a line of groups, and of the parts of a figure, in
    which every number that is shown is zero, and one at least is withheld.
    """
    now = with_unnamed_parts(shown)
    lines = [*_groups(now), *_lines(keys, cuts, now), *_parts(now)]
    withheld: set[Cell] = set()
    while more := {*_bare_zeros(lines, now), *_counted_of_withheld(now)}:
        now.update((cell, None) for cell in more)
        withheld |= more
    return withheld


def zeros_of_few(numbers: Mapping[Cell, int]) -> set[Cell]:
    """Return the zeros of figures that leave out a few cases, and count no other."""
    return {
        (group, figure, "numerator")
        for (group, figure, name), number in numbers.items()
        if name == "outside" and 0 < number < SMALLEST
        if not numbers[group, figure, "numerator"]
        # Of a share, what is left out is not among those that it is about.
        if (group, figure, "denominator") not in numbers
    }


def beside_told(
    keys: Keys,
    cuts: Sequence[str],
    numbers: Mapping[Cell, int],
    withheld: AbstractSet[Cell],
    zeros: AbstractSet[Cell],
) -> set[Cell]:
    """Return numbers to withhold, since a withheld zero follows from them.

    Rounded numbers leave room for a case or more, save where all are rounded one way.
    """
    every = {cell: number or 0 for cell, number in with_unnamed_parts(numbers).items()}
    found: set[Cell] = set()
    for line in [*_lines(keys, cuts, every), *lines_of_parts(every)]:
        cells = [cell for cell, factor in line.items() if factor > 0]
        counted = [cell for cell in cells if every[cell]]
        wholes = line.keys() - cells
        if not zeros & line.keys() or withheld & {*counted, *wholes}:
            continue
        room = ROUNDED_BY - _rounding(sum(every[cell] for cell in counted))
        room += sum(ROUNDED_BY + _rounding(every[cell]) for cell in counted)
        if counted and room < 1:
            found.add(min(counted, key=lambda cell: (every[cell], cell)))
    return found


def _rounding(number: int) -> int:
    """Return by how much a number is above the one that is shown for it."""
    return number - SMALLEST * round(number / SMALLEST)


def _groups(shown: Shown) -> Iterator[Collection[Cell]]:
    groups: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in shown:
        groups[cell[0]].append(cell)
    yield from groups.values()


def _lines(
    keys: Keys, cuts: Sequence[str], shown: Shown
) -> Iterator[Mapping[Cell, int]]:
    if tuple(cuts) != ("none",):
        yield from lines_of_groups(keys, cuts, shown)


def _parts(shown: Shown) -> Iterator[Collection[Cell]]:
    for line in lines_of_parts(shown):
        yield [cell for cell, factor in line.items() if factor > 0]


def _bare_zeros(lines: Iterable[Iterable[Cell]], shown: Shown) -> Iterator[Cell]:
    """Yield the zeros of lines that show no other number, and withhold one."""
    for line in lines:
        numbers = [shown[cell] for cell in line]
        if None in numbers and not any(numbers):
            yield from (cell for cell in line if shown[cell] == 0)


def _counted_of_withheld(shown: Shown) -> Iterator[Cell]:
    """Yield the zeros that are counted out of a number that is withheld."""
    for (group, figure, name), number in shown.items():
        counted = (group, figure, "numerator")
        if name == "denominator" and number is None and shown[counted] == 0:
            yield counted
