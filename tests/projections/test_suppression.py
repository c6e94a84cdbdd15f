"""No small number of a public report follows from the numbers that it shows.

The attack knows more than a reader does: every shown number exactly, as if none were
rounded, and the exact totals of each row and column. It solves for what is hidden.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as some

from projections.figures.metrics import FigureUnit
from projections.reports.figure import Figure
from projections.reports.public_figures import made_public
from projections.reports.public_report import PublicFigure, as_shown_now
from projections.reports.report import Group, Report
from projections.reports.small_numbers import SMALLEST
from tests.sizes import sized

Numbers = dict[tuple[str, str], int]
MODULUS = 2**61 - 1


def made(groups: dict[tuple[str, str], Figure]) -> dict[tuple[str, str], PublicFigure]:
    report = Report(
        period="2026",
        zone=None,
        by="category,channel",
        category=None,
        system=None,
        position=1,
        left_out={},
        groups=tuple(
            Group(key=",".join(keys), keys=keys, figures=(figure,))
            for keys, figure in groups.items()
        ),
    )
    shown = made_public(report).groups
    found = {(one.keys[0], one.keys[1]): one.figures[0] for one in shown}
    # A group that is not named has nothing that is shown.
    return {key: found.get(key) or withheld(one) for key, one in groups.items()}


def withheld(figure: Figure) -> PublicFigure:
    return PublicFigure(
        id=figure.id,
        unit=figure.unit,
        value=None,
        numerator=None,
        denominator=None,
        parts=None if figure.parts is None else {},
        amount=None,
        suppressed=True,
    )


def follows(
    asked: dict[Any, int], known: list[dict[Any, int]], hidden: set[Any]
) -> bool:
    """Solve by elimination modulo a prime: an own way, apart from the program's."""
    unknown = sorted(hidden)
    rows = [[one.get(cell, 0) % MODULUS for cell in unknown] for one in known]
    wanted = [asked.get(cell, 0) % MODULUS for cell in unknown]
    for column in range(len(unknown)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        inverse = pow(pivot[column], -1, MODULUS)
        for row in [*rows, wanted]:
            factor = row[column] * inverse % MODULUS
            for place in range(len(unknown)):
                row[place] = (row[place] - factor * pivot[place]) % MODULUS
    return not any(wanted)


def lines(table: Numbers) -> list[dict[Any, int]]:
    """Return the rows and columns whose totals another report shows."""
    every = [
        {cell: 1 for cell in table if cell[place] == name}
        for place in (0, 1)
        for name in {cell[place] for cell in table}
    ]
    return [
        line
        for line in every
        if sum(table[cell] for cell in line) >= SMALLEST
        and len([cell for cell in line if table[cell]]) > 1
    ]


small = some.integers(0, 12)
tables: Any = some.dictionaries(
    some.tuples(some.sampled_from("abcd"), some.sampled_from("wxyz")), small, min_size=1
)


def bridge() -> Numbers:
    """Two squares of small numbers, joined by one cell that they tell together."""
    table = dict.fromkeys(product("abcd", "wxyz"), 50)
    for key in (*product("ab", "wx"), *product("cd", "yz"), ("b", "y")):
        table[key] = 3
    return table


@example(bridge())
@settings(max_examples=300, deadline=None)
@given(tables)
def test_no_small_number_follows_from_rows_and_columns(table: Numbers) -> None:
    shown = made(
        {
            key: Figure(id="opened", unit=FigureUnit.CASES, value=n, numerator=n)
            for key, n in table.items()
        }
    )
    hidden = {key for key, one in shown.items() if one.numerator is None}
    known = lines(table)
    for key, number in table.items():
        if 0 < number < SMALLEST:
            assert key in hidden
            told = follows({key: 1}, known, hidden)
            # Where nothing is left to hide, the totals are small too, and hidden.
            assert not told or all_hidden(key, known, table, hidden)


def all_hidden(
    key: tuple[str, str],
    known: list[dict[Any, int]],
    table: Numbers,
    hidden: set[tuple[str, str]],
) -> bool:
    beside = {cell for line in known if key in line for cell in line}
    return all(cell in hidden or not table[cell] for cell in beside)


@settings(max_examples=200, deadline=None)
@given(
    some.dictionaries(
        some.tuples(some.sampled_from("abc"), some.sampled_from("xyz")),
        some.tuples(small, small),
        min_size=1,
    )
)
def test_no_small_rest_of_a_share_follows(table: dict[tuple[str, str], Any]) -> None:
    shown = made(
        {
            key: Figure(
                id="admitted",
                unit=FigureUnit.SHARE,
                value=None,
                numerator=counted,
                denominator=counted + rest,
            )
            for key, (counted, rest) in table.items()
        }
    )
    hidden = {
        (*key, name)
        for key, one in shown.items()
        for name in ("numerator", "denominator")
        if getattr(one, name) is None
    }
    counts = {key: counted for key, (counted, _) in table.items()}
    wholes = {key: sum(both) for key, both in table.items()}
    rests = {key: rest for key, (_, rest) in table.items()}
    # A row's numerator is hidden in another report too if the rest of it is small.
    known = [
        {(*cell, "numerator"): 1 for cell in line}
        for line in lines(counts)
        if not 0 < sum(rests[cell] for cell in line) < SMALLEST
    ] + [{(*cell, "denominator"): 1 for cell in line} for line in lines(wholes)]
    for key, (counted, rest) in table.items():
        numerator: dict[Any, int] = {(*key, "numerator"): 1}
        if 0 < counted < SMALLEST:
            assert (*key, "numerator") in hidden
            left = more_to_hide(numerator, known, table, hidden)
            assert not follows(numerator, known, hidden) or not left
        if 0 < rest < SMALLEST:
            asked = {(*key, "denominator"): 1, (*key, "numerator"): -1}
            left = more_to_hide(asked, known, table, hidden)
            assert not follows(asked, known, hidden) or not left


def more_to_hide(
    asked: dict[Any, int], known: list[dict[Any, int]], table: Any, hidden: set[Any]
) -> set[Any]:
    beside = {cell for line in known if line.keys() & asked.keys() for cell in line}
    return {cell for cell in beside - hidden if _exact(table, cell)}


def _exact(table: dict[tuple[str, str], Any], cell: tuple[str, str, str]) -> int:
    counted, rest = table[cell[:2]]
    return int(counted if cell[2] == "numerator" else counted + rest)


@settings(max_examples=200, deadline=None)
@given(some.dictionaries(some.sampled_from("abcdef"), small, min_size=1))
def test_no_small_part_follows_from_its_figure(parts: dict[str, int]) -> None:
    whole = sum(parts.values())
    figure = Figure(
        id="closed",
        unit=FigureUnit.CASES,
        value=whole,
        numerator=whole,
        parts={name: number for name, number in parts.items() if number},
    )
    (shown,) = made({("a", "x"): figure}).values()
    found = shown.parts or {}
    hidden = {name for name in figure.parts or {} if found.get(name) is None}
    total = {} if shown.numerator is not None else {"": -1}
    known = [{**dict.fromkeys(figure.parts or {}, 1), **total}]
    for name, number in parts.items():
        if 0 < number < SMALLEST:
            assert name in hidden
            assert not follows({name: 1}, known, hidden | set(total))


SIDES = ("abc", "xyz")


def counted(table: Numbers, categories: str) -> Figure:
    """Return how the cases of some categories closed."""
    parts: dict[str, int] = {}
    for (category, outcome), number in table.items():
        if category in categories and number:
            parts[outcome] = parts.get(outcome, 0) + number
    whole = sum(parts.values())
    return Figure(
        id="closed", unit=FigureUnit.CASES, value=whole, numerator=whole, parts=parts
    )


def told(groups: dict[str, Figure], by: str) -> dict[str, PublicFigure]:
    """Return what a public report shows; of a group that is not named: nothing."""
    report = Report(
        period="2026",
        zone=None,
        by=by,
        category=None,
        system=None,
        position=1,
        left_out={},
        groups=tuple(Group(key=k, figures=(one,)) for k, one in groups.items()),
    )
    public = made_public(report)
    # Editions are read through the same rule, which finds nothing more in a new one.
    assert as_shown_now(public) == public
    shown = {one.key: one.figures[0] for one in public.groups}
    return {key: shown.get(key) or withheld(one) for key, one in groups.items()}


def part(figure: PublicFigure, outcome: str) -> tuple[int, int]:
    """Return between which numbers a part lies."""
    whole = figure.numerator
    unnamed = None if whole is None or (whole and not figure.parts) else 0
    return bounds((figure.parts or {}).get(outcome, unnamed))


def bounds(shown: int | None) -> tuple[int, int]:
    """Return between which numbers a shown one lies; of a withheld one: any."""
    if shown is None:
        return 0, 1000
    return (max(SMALLEST, shown - 2), shown + 2) if shown else (0, 0)


def possible(
    table: dict[tuple[str, str], tuple[int, int]],
    sums: list[dict[str, tuple[int, int]]],
) -> bool:
    """Tell whether whole numbers lie within all bounds: a flow from rows to columns."""
    edges: dict[tuple[str, str], tuple[int, int]] = {}
    for (row, column), one in table.items():
        edges["0" + row, "1" + column] = one
    edges |= {("s", "0" + row): one for row, one in sums[0].items()}
    edges |= {("1" + column, "t"): one for column, one in sums[1].items()}
    edges["t", "s"] = (0, 10_000)
    room = {edge: high - low for edge, (low, high) in edges.items()}
    need = 0
    for (start, end), (low, _) in edges.items():
        room["S", end] = room.get(("S", end), 0) + low
        room[start, "T"] = room.get((start, "T"), 0) + low
        need += low
    return flow(room) == need


def flow(room: dict[tuple[str, str], int]) -> int:
    """Return the greatest flow from S to T, by augmenting paths."""
    room = room | {(b, a): room.get((b, a), 0) for a, b in room}
    total = 0
    while True:
        before: dict[str, str] = {"S": ""}
        queue = ["S"]
        for one in queue:
            for start, end in room:
                if start == one and end not in before and room[start, end]:
                    before[end] = one
                    queue.append(end)
        if "T" not in before:
            return total
        path, end = [], "T"
        while before[end]:
            path.append((before[end], end))
            end = before[end]
        least = min(room[edge] for edge in path)
        for start, end in path:
            room[start, end] -= least
            room[end, start] += least
        total += least


def places(table: Numbers, side: int, name: str) -> set[str]:
    """Return where, by all that is shown, persons of a row or a column can be."""
    rows = {key: counted(table, key) for key in SIDES[0]}
    shown = told(rows, "category")
    (whole,) = told({"all": counted(table, SIDES[0])}, "none").values()
    cells = {(row, one): part(shown[row], one) for row, one in product(*SIDES)}
    sums = [
        {row: bounds(shown[row].numerator) for row in rows},
        {one: part(whole, one) for one in SIDES[1]},
    ]
    found: set[str] = set()
    for key in cells:
        if key[side] == name and cells[key][1]:
            at_least_one = (max(1, cells[key][0]), cells[key][1])
            if possible(cells | {key: at_least_one}, sums):
                found.add(key[1 - side])
    return found


@settings(max_examples=sized(150, 1_500), deadline=None)
@example({("a", "x"): 3, ("b", "x"): 9, ("b", "y"): 40})
@example({("a", "x"): 3, ("b", "y"): 40, ("c", "z"): 40})
@example({("a", "x"): 3, ("a", "y"): 40, ("a", "z"): 40, ("b", "y"): 40})
@given(
    some.dictionaries(
        some.tuples(some.sampled_from(SIDES[0]), some.sampled_from(SIDES[1])),
        some.one_of(some.just(0), some.integers(0, 12)),
        min_size=1,
    )
)
def test_no_reader_knows_where_the_few_persons_of_a_line_are(table: Numbers) -> None:
    """The attack has a report by category and one of all, and solves in integers."""
    for side in (0, 1):
        others = {key[1 - side] for key, number in table.items() if number}
        for name in SIDES[side]:
            few = sum(number for key, number in table.items() if key[side] == name)
            # Where all cases are in one place, every report tells it of all of them.
            if 0 < few < SMALLEST and len(others) > 1:
                assert len(places(table, side, name)) > 1
