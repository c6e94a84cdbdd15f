"""Public figures: from no report, nor from two of them, can a few cases be told."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import replace

from projections.case_view.shown_values import MoneyShown
from projections.figures.metrics import FigureUnit
from projections.reports.figure import Figure
from projections.reports.period import CUTS, BadQuestion, Question
from projections.reports.public_figures import (
    MEASURED_FROM,
    PUBLIC_CUTS,
    TAIL_FROM,
    check_public,
    made_public,
)
from projections.reports.public_rate import points_off
from projections.reports.public_report import (
    PublicFigure,
    PublicGroup,
    PublicReport,
    as_shown_now,
)
from projections.reports.report import Group, Report
from projections.reports.small_numbers import SMALLEST


def made(groups: Mapping[Any, Figure], by: str = "none") -> list[PublicFigure]:
    several = [
        Group(key=",".join(keys), keys=keys if len(keys) > 1 else (), figures=(figure,))
        for keys, figure in groups.items()
    ]
    return [group.figures[0] for group in made_public(report_of(by, several)).groups]


def report_of(by: str, groups: list[Group]) -> Report:
    return Report(
        period="2026",
        zone=None,
        by=by,
        category=None,
        system=None,
        position=1,
        left_out={},
        groups=tuple(groups),
    )


def cases(number: int, parts: dict[str, int] | None = None) -> Figure:
    return Figure(
        id="opened",
        unit=FigureUnit.CASES,
        value=number,
        numerator=number,
        parts=parts,
    )


def share(numerator: int, denominator: int) -> Figure:
    return Figure(
        id="admitted",
        unit=FigureUnit.SHARE,
        value=numerator / denominator if denominator else None,
        numerator=numerator,
        denominator=denominator,
    )


def numbers(groups: Mapping[Any, Figure], by: str = "none") -> list[int | None]:
    return [one.numerator for one in made(groups, by)]


def test_a_few_cases_are_not_shown_and_others_are_rounded() -> None:
    shown = [numbers({("all",): cases(number)})[0] for number in range(13)]
    assert shown == [0, *[None] * 4, 5, 5, 5, 10, 10, 10, 10, 10]


def test_a_small_group_takes_a_second_one_with_it() -> None:
    line = {("a",): cases(40), ("b",): cases(3), ("c",): cases(20), ("d",): cases(0)}
    assert numbers(line) == [40, None, None, 0]


def test_two_small_groups_that_are_few_together_take_a_third() -> None:
    line = {("a",): cases(40), ("b",): cases(1), ("c",): cases(2)}
    assert numbers(line) == [None, None, None]
    assert numbers({("a",): cases(40), ("b",): cases(3), ("c",): cases(2)}) == [
        *(40, None, None)
    ]


def test_a_small_reason_takes_a_second_one_of_its_category_with_it() -> None:
    """The category's own number is in another report, and would tell it otherwise."""
    few = {"quality/a": 40, "quality/b": 3, "delivery/c": 30, "delivery/d": 4}
    line = {(key,): cases(number) for key, number in few.items()}
    assert numbers(line) == [40, None, 30, None]
    assert numbers(line, by="reason") == [None, None, None, None]
    pairs = {(key, month): one for (key,), one in line.items() for month in ("x", "y")}
    # Nothing is shown of them, and so they are not named.
    assert numbers(pairs, by="reason,channel") == []


def test_what_is_left_out_is_hidden_where_it_tells_a_small_number() -> None:
    whole = replace(cases(40), outside=60)
    few = replace(cases(40), outside=3)
    small = replace(cases(3), outside=97)
    found = [made({("all",): one})[0] for one in (whole, few, small)]
    assert [one.outside for one in found] == [60, None, None]
    assert [one.suppressed for one in found] == [False, False, True]
    line = {("a",): whole, ("b",): few, ("c",): replace(cases(40), outside=20)}
    assert [one.outside for one in made(line)] == [60, None, None]


def test_an_edition_from_before_is_shown_without_its_telling_zeros() -> None:
    """Its bytes stay: they have the zeros beside the withheld number."""

    def figure(name: str, numerator: int | None, **about: Any) -> PublicFigure:
        whole = {"value": numerator, "denominator": None, "parts": None, "amount": None}
        return PublicFigure(
            id=name,
            unit=FigureUnit.CASES,
            numerator=numerator,
            suppressed=numerator is None,
            **(whole | about),
        )

    closed = figure("closed", None, parts={"settled": None})
    group = PublicGroup(
        key="all", keys=("all",), figures=(closed, figure("withdrawn", 0))
    )
    before = PublicReport(
        period="2026", by="none", category=None, smallest=5, groups=(group,)
    )
    (shown,) = as_shown_now(before).groups
    assert [one.numerator for one in shown.figures] == [None, None]
    assert [one.suppressed for one in shown.figures] == [True, True]
    assert shown.figures[0].parts == {}
    both = {"upheld": None, "set-aside": None}
    appeals = figure("seller-appeals-decided", 5, parts=both)
    told = replace(before, groups=(replace(group, figures=(appeals,)),))
    (hidden,) = as_shown_now(told).groups
    assert (hidden.figures[0].numerator, hidden.figures[0].parts) == (5, {})
    many = replace(group, figures=(figure("closed", 40), figure("withdrawn", 0)))
    whole = replace(before, groups=(many,))
    assert as_shown_now(whole) == whole


def test_what_one_figure_withholds_no_other_tells() -> None:
    """A median needs no more cases than that, but tells how many there are."""
    by_outcome = {
        # The few of the second take the first's five with them, which are all it has.
        "quality": {"settled": 5},
        "delivery": {"settled": 3, "ruled": 40},
        "service": {"settled": 40, "ruled": 40},
    }
    groups = []
    for key, parts in by_outcome.items():
        whole = sum(parts.values())
        closed = replace(cases(whole, parts), id="closed")
        length = Figure(
            id="days-open", unit=FigureUnit.DAYS, value=4.0, numerator=whole
        )
        groups.append(Group(key=key, figures=(closed, length)))
    told = made_public(report_of("category", groups))
    numerators = [[one.numerator for one in group.figures] for group in told.groups]
    assert all((closed is None) == (of is None) for closed, of in numerators)
    assert [None, None] in numerators
    # Of an edition from before, the other figure is withheld when it is shown.
    first = told.groups[0].figures
    old = PublicGroup(
        key="all",
        keys=("all",),
        figures=(
            replace(first[0], numerator=None, parts={}, suppressed=True),
            replace(first[1], numerator=5, value=4.0, suppressed=False),
        ),
    )
    before = PublicReport(
        period="2026", by="none", category=None, smallest=5, groups=(old,)
    )
    (shown,) = as_shown_now(before).groups
    assert [(one.numerator, one.value) for one in shown.figures][1] == (None, None)


def test_rows_and_columns_are_both_held() -> None:
    square = {key: cases(40) for key in product("ab", "xy")}
    square["a", "x"] = cases(3)
    assert numbers(square) == [None] * 4


def test_the_rest_of_a_share_is_no_way_to_a_small_number() -> None:
    (almost,) = made({("all",): share(38, 40)})
    assert (almost.value, almost.numerator, almost.denominator) == (None, None, 40)
    (few,) = made({("all",): share(0, 3)})
    assert (few.value, few.numerator, few.denominator) == (None, None, None)
    (many,) = made({("all",): share(31, 42)})
    assert (many.value, many.numerator, many.denominator) == (None, 30, 40)


@pytest.mark.parametrize(
    ("counted", "of", "shown"),
    [
        # 9 of 17 and the other 8 of them would both be two thirds.
        *((9, 17, (None, 10, 15)), (8, 17, (None, 10, 15))),
        *((30, 47, (None, 30, 45)), (30, 48, (0.6, 30, 50))),
        (0, 17, (None, 0, 15)),
    ],
)
def test_a_share_of_few_cases_has_no_rate(
    counted: int, of: int, shown: tuple[float | None, int, int]
) -> None:
    (found,) = made({("all",): share(counted, of)})
    assert (found.value, found.numerator, found.denominator) == shown
    assert not found.suppressed


def test_a_rate_of_a_published_edition_is_shown_by_todays_rule() -> None:
    """Its bytes stay: they have the rate of few cases."""

    def edition(value: float | None, counted: int, of: int) -> PublicReport:
        (one,) = made({("all",): share(counted, of)})
        group = PublicGroup(
            key="all", keys=("all",), figures=(replace(one, value=value),)
        )
        return PublicReport(
            period="2026", by="none", category=None, smallest=5, groups=(group,)
        )

    assert as_shown_now(edition(0.67, 9, 17)) == edition(None, 9, 17)
    assert as_shown_now(edition(0.6, 30, 50)) == edition(0.6, 30, 50)


@given(some.integers(0, 400), some.integers(0, 400))
def test_a_rate_is_off_by_no_more_than_it_says(counted: int, rest: int) -> None:
    (found,) = made({("all",): share(counted, counted + rest)})
    if found.value is None or found.numerator is None or found.denominator is None:
        return
    off = points_off(found.numerator, found.denominator)
    assert abs(100 * counted / (counted + rest) - 100 * found.value) <= off + 1e-9
    # The pages say so of all rates.
    assert off <= 8


def test_parts_do_not_tell_a_small_one() -> None:
    (figure,) = made({("all",): cases(43, {"a": 30, "b": 10, "c": 3})})
    assert figure.parts == {"a": 30, "b": None, "c": None}
    assert figure.suppressed


def test_the_names_of_few_parts_do_not_tell_what_became_of_a_case() -> None:
    """Whoever is among three cases that are all settled is not told as settled."""
    (single,) = made({("all",): cases(3, {"c": 3})})
    assert (single.numerator, single.parts, single.suppressed) == (None, {}, True)
    few, many = made(
        {("a",): cases(3, {"c": 3}), ("b",): cases(40, {"d": 40})}, by="category"
    )
    assert few.parts == many.parts == {}
    # Nor does a zero beside two hidden parts of a shown sum, nor a missing name.
    (two_ways,) = made({("all",): cases(5, {"c": 3, "d": 2, "e": 0})})
    assert (two_ways.numerator, two_ways.parts, two_ways.suppressed) == (5, {}, True)
    # Only one category has the rare part, and none tells which.
    some_of_each = made(
        {
            ("a",): cases(73, {"d": 30, "e": 40, "c": 3}),
            ("b",): cases(70, {"d": 30, "e": 40}),
            ("f",): cases(70, {"d": 40, "e": 30}),
        },
        by="category",
    )
    for one in some_of_each:
        # Without any name all are withheld.
        assert one.numerator is None or not one.parts or one.parts.get("c", 0) is None


def test_a_zero_tells_nothing_of_few_cases() -> None:
    # Of two things, a group of few is not even named: its name would tell one by one.
    few = {("a", "x"): cases(3), ("a", "y"): cases(0), ("b", "y"): cases(40)}
    assert numbers(few, by="category,channel") == [40]
    # Nobody else was filed in the period: the three were not counted either.
    (none_of_three,) = made({("all",): replace(cases(0), outside=3)})
    assert (none_of_three.numerator, none_of_three.suppressed) == (None, True)
    (none_of_many,) = made({("all",): replace(cases(0), outside=30)})
    assert (none_of_many.numerator, none_of_many.suppressed) == (0, False)


@pytest.mark.parametrize("number", [MEASURED_FROM - 1, MEASURED_FROM])
def test_days_and_money_need_more_cases(number: int) -> None:
    days = Figure(
        id="days-open", unit=FigureUnit.DAYS, value=4.5678, numerator=number, mean=9.0
    )
    money = Figure(
        id="awarded",
        unit=FigureUnit.MONEY,
        value=None,
        numerator=number,
        amounts=(MoneyShown("28806.00", "CNY"),),
    )
    (length,), (sum_of,) = made({("all",): days}), made({("all",): money})
    enough = number >= MEASURED_FROM
    assert length.value == (4.6 if enough else None)
    assert sum_of.amount == (MoneyShown("28800.00", "CNY") if enough else None)
    assert length.suppressed is sum_of.suppressed is not enough


@pytest.mark.parametrize("number", [MEASURED_FROM, TAIL_FROM - 1, TAIL_FROM])
def test_a_90th_percentile_needs_five_cases_above_it(number: int) -> None:
    days = Figure(
        id="days-open", unit=FigureUnit.DAYS, value=4.5, numerator=number, p90=9.876
    )
    (length,) = made({("all",): days})
    assert length.value == 4.5
    assert length.p90 == (9.9 if number >= TAIL_FROM else None)
    assert length.suppressed is False


small = some.integers(0, 12)
tables: Any = some.dictionaries(
    some.tuples(some.sampled_from("abc"), some.sampled_from("xyz")), small, min_size=1
)


@given(tables)
def test_no_line_can_be_subtracted(table: dict[tuple[str, str], int]) -> None:
    figures = {key: cases(number) for key, number in table.items()}
    shown = dict(zip(table, numbers(figures), strict=True))
    for key, number in table.items():
        assert not 0 < number < SMALLEST or shown[key] is None
    for place in (0, 1):
        for name in {key[place] for key in table}:
            line = [key for key in table if key[place] == name]
            hidden = [table[key] for key in line if shown[key] is None]
            left = [key for key in line if shown[key] and table[key]]
            # What is left can be subtracted from the total of the line.
            assert not left or not hidden or len(hidden) > 1
            assert not left or not hidden or sum(hidden) >= SMALLEST


@given(some.lists(small, min_size=2, max_size=6))
def test_two_reports_never_tell_an_exact_difference(periods: list[int]) -> None:
    """A case more or less changes nothing that is shown, or changes it by five."""
    for number, more in pairwise(sorted(periods)):
        before, after = (numbers({("all",): cases(one)})[0] for one in (number, more))
        if before is not None and after is not None:
            assert (after - before) % SMALLEST == 0


def test_nobody_is_found_by_a_public_cut() -> None:
    for cut in CUTS:
        if cut in PUBLIC_CUTS:
            check_public(Question(period="2026", by=cut))
            continue
        for by in (cut, f"category,{cut}" if cut != "category" else cut):
            with pytest.raises(BadQuestion):
                check_public(Question(period="2026", by=by))
