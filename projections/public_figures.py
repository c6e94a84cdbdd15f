"""Public figures: a report in which no small number of cases can be told.

Numbers below SMALLEST are left out, and so are others from which they could be
subtracted (complementary suppression). What is left is rounded, since a reader may also
subtract reports of other periods from one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from domain.money import parse
from projections.case_view.shown_values import MoneyShown
from projections.metrics import FigureUnit
from projections.period import CALENDAR_CUTS, BadQuestion, Question
from projections.report import Figure, Group, Report
from projections.suppression import Sum, told

SMALLEST = 5
"""Numbers of cases from 1 to below this are not shown, and all are rounded to it."""

MEASURED_FROM = 10
"""Of how many cases on a median or a sum of money is shown."""

DIGITS = 3
"""To how many digits the sum of money is rounded, where there is one currency."""

PUBLIC_CUTS = (*CALENDAR_CUTS, "category", "channel", "liability", "outcome")
"""Nobody can be found by these: no seller, no mediator, no amount of one case."""


class PublicFigure(Struct, frozen=True, kw_only=True):
    """A figure as everyone may see it; None: not shown, or not measured.

    Numbers of cases are rounded to multiples of five. `suppressed`: a number is left
    out because it is small, or because a small one could be subtracted from it.
    """

    id: str
    unit: FigureUnit
    value: float | None
    numerator: int | None
    denominator: int | None
    parts: dict[str, int | None] | None
    amount: MoneyShown | None
    suppressed: bool


class PublicGroup(Struct, frozen=True, kw_only=True):
    """The public figures of one part of a report."""

    key: str
    keys: tuple[str, ...]
    figures: tuple[PublicFigure, ...]


class PublicReport(Struct, frozen=True, kw_only=True):
    """Public figures of a period; numbers from 1 to below `smallest` are not shown."""

    period: str
    by: str
    category: str | None
    smallest: int
    groups: tuple[PublicGroup, ...]


def check_public(question: Question) -> None:
    """Raise BadQuestion for a cut by which somebody could be found."""
    if private := set(question.cuts) - set(PUBLIC_CUTS):
        said = f"is not public: write one or two of {', '.join(PUBLIC_CUTS)}"
        raise BadQuestion("by", ",".join(sorted(private)), said)


def made_public(report: Report) -> PublicReport:
    """Return a report without what is too small to be shown."""
    hidden = _hidden(report.groups)
    return PublicReport(
        period=report.period,
        by=report.by,
        category=report.category,
        smallest=SMALLEST,
        groups=tuple(
            PublicGroup(
                key=group.key,
                keys=group.keys or (group.key,),
                figures=tuple(_shown(group, one, hidden) for one in group.figures),
            )
            for group in report.groups
        ),
    )


Cell = tuple[str, str, str]
"""A number of a report: its group, its figure, and which number of that."""


def _hidden(groups: Sequence[Group]) -> set[Cell]:
    """Return the numbers that are not shown: the small ones, and their complements."""
    hidden: set[Cell] = set()
    for figure in {figure.id for group in groups for figure in group.figures}:
        hidden |= _hidden_of(groups, figure)
    return hidden


def _hidden_of(groups: Sequence[Group], figure: str) -> set[Cell]:
    numbers = {
        (group.key, figure, name): number
        for group in groups
        for one in group.figures
        if one.id == figure
        for name, number in _numbers(one)
    }
    small: list[Sum[Cell]] = [
        {cell: 1} for cell, number in numbers.items() if 0 < number < SMALLEST
    ]
    rests = list(_small_rests(numbers))
    # The rest of a share is told by its two numbers.
    hidden = {cell for one in small for cell in one} | {
        cell for one in rests for cell in one if cell[2] == "numerator"
    }
    lines = [*_lines_of_parts(numbers), *_lines_of_groups(groups, numbers)]
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
    if figure.unit is FigureUnit.CASES:
        for part, number in (figure.parts or {}).items():
            yield f"part {part}", number


def _lines_of_parts(numbers: Iterable[Cell]) -> Iterator[Sum[Cell]]:
    """Yield the parts of each figure with the number that they add up to."""
    lines: defaultdict[tuple[str, ...], dict[Cell, int]] = defaultdict(dict)
    for cell in numbers:
        # Parts add up to the numerator, which is a member of its own line.
        if cell[2] != "denominator":
            lines[cell[:2]][cell] = -1 if cell[2] == "numerator" else 1
    yield from (line for line in lines.values() if len(line) > 1)


def _lines_of_groups(
    groups: Sequence[Group], numbers: Iterable[Cell]
) -> Iterator[Sum[Cell]]:
    """Yield what adds up to a number of a report with one cut less."""
    keys = {group.key: group.keys or (group.key,) for group in groups}
    cuts = max(map(len, keys.values()), default=0)
    lines: defaultdict[tuple[Any, ...], dict[Cell, int]] = defaultdict(dict)
    for cell in numbers:
        key, *number = cell
        for place in range(cuts):
            others = keys[key][:place] + keys[key][place + 1 :]
            lines[(place, others, *number)][cell] = 1
    yield from lines.values()


def _complement(line: list[Cell], numbers: dict[Cell, int], hidden: set[Cell]) -> None:
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


def _shown(group: Group, figure: Figure, hidden: set[Cell]) -> PublicFigure:
    def number(name: str, exact: int | None) -> int | None:
        if exact is None or (group.key, figure.id, name) in hidden:
            return None
        return SMALLEST * round(exact / SMALLEST)

    numerator = number("numerator", figure.numerator)
    denominator = number("denominator", figure.denominator)
    parts: dict[str, int | None] | None = None
    if figure.parts is not None and figure.unit is FigureUnit.CASES:
        parts = {
            name: number(f"part {name}", exact) for name, exact in figure.parts.items()
        }
    names = {name for key, one, name in hidden if (key, one) == (group.key, figure.id)}
    return PublicFigure(
        id=figure.id,
        unit=figure.unit,
        value=_value(figure, numerator, denominator),
        numerator=numerator,
        denominator=denominator,
        parts=parts,
        amount=None if numerator is None else _amount(figure),
        suppressed=bool(names) or _too_few(figure),
    )


def _too_few(figure: Figure) -> bool:
    measured = figure.unit in {FigureUnit.DAYS, FigureUnit.MONEY}
    return measured and 0 < figure.numerator < MEASURED_FROM


def _value(
    figure: Figure, numerator: int | None, denominator: int | None
) -> float | None:
    """Return the value of a figure, from rounded numbers where it is made of those."""
    if numerator is None or _too_few(figure):
        return None
    match figure.unit:
        case FigureUnit.CASES:
            return numerator
        case FigureUnit.SHARE:
            return round(numerator / denominator, 2) if denominator else None
        case FigureUnit.DAYS:
            return None if figure.value is None else round(figure.value, 1)
        case FigureUnit.MONEY:
            return None


def _amount(figure: Figure) -> MoneyShown | None:
    """Return a sum of money, rounded: of many cases, which are of one currency."""
    if _too_few(figure) or not figure.amounts or len(figure.amounts) > 1:
        return None
    (exact,) = figure.amounts
    minor = parse(exact.amount, exact.currency).amount
    return MoneyShown.of(round(minor, DIGITS - len(str(minor))), exact.currency)
