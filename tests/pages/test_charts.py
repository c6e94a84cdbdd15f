"""Charts: values are right, words do not overlap, and each language is its own."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from interface.pages.charts.chart import Chart, DataTable, Drawing, Gap
from interface.pages.charts.chart_export import (
    chart_file,
    light_tokens,
    table_file,
)
from interface.pages.charts.chart_scales import Linear, round_top
from interface.pages.charts.report_charts import CHARTS, charts
from interface.pages.charts.svg_marks import (
    Diamond,
    Dot,
    Polyline,
    Rectangle,
    Text,
    width_of,
)
from projections.reports.public_rate import RATE_FROM
from projections.reports.public_report import PublicReport
from projections.reports.small_numbers import SMALLEST
from projections.reports.spreadsheet_text import FOR_SPREADSHEETS
from tests.pages.public_reports import (
    CATEGORIES,
    by_category,
    by_month,
    by_reason,
    cases,
    days,
    published,
    share,
    uncut,
    wording,
)
from tests.projections.test_public_figures import small, tables

LANGUAGES = ("zh", "en")
REPORTS = (uncut(), by_month(), by_category(), by_reason())
NAMES = re.compile(r"CSV|SVG|[a-z]+(-[a-z]+)*-\d+")
"""What stays as it is in Chinese: formats, and ids of definitions."""


def drawn(name: str, report: PublicReport, language: str = "en") -> Chart:
    chart = CHARTS[name](report, wording(language))
    assert chart is not None
    return chart


def every(language: str) -> list[Chart]:
    return [one for report in REPORTS for one in charts(report, wording(language))]


def marks(drawing: Drawing, kind: type[Any]) -> list[Any]:
    return [mark for mark in drawing.marks if isinstance(mark, kind)]


def check_places(chart: Chart) -> None:
    """Words stand within the frame, and none of them over another."""
    for drawing in chart.drawings:
        texts = marks(drawing, Text)
        for one in texts:
            assert one.extent.left >= -1, (chart.id, drawing.frame, one)
            assert one.extent.right <= drawing.frame.width + 1, (drawing.frame, one)
            assert one.extent.top >= 0, (chart.id, one)
            assert one.extent.bottom <= drawing.height + 1, (chart.id, one)
        over = [
            (one.words, other.words)
            for one, other in combinations(texts, 2)
            if one.extent.meets(other.extent)
        ]
        assert over == [], (chart.id, drawing.frame)
        for box in marks(drawing, Rectangle):
            assert box.width >= 0
            assert -0.1 <= box.x <= box.extent.right <= drawing.frame.width + 0.6


def told(chart: Chart) -> list[str]:
    """Return every word that a chart says."""
    cells = [cell for row in chart.table.rows for cell in row if type(cell) is str]
    drawings = [one.words for d in chart.drawings for one in marks(d, Text)]
    words = [chart.heading, chart.reading, chart.seen, chart.source]
    return [*words, chart.table.caption, *chart.table.head, *cells, *drawings]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_drawn_twice_and_no_word_stands_over_another(
    language: str,
) -> None:
    found = every(language)
    assert {one.id for one in found} == set(CHARTS)
    for chart in found:
        assert [one.frame.kind for one in chart.drawings] == ["wide", "narrow"]
        assert chart.drawings[1].frame.width == 330
        check_places(chart)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_of_the_other_language(language: str) -> None:
    for chart in every(language):
        for words in told(chart):
            if language == "zh":
                assert not re.search("[A-Za-z]", NAMES.sub("", words)), words
                assert not re.search("[\u3400-\u9fff][,;:()]", words), words
            else:
                assert not re.search("[\u3000-\u9fff\uff00-\uffef]", words), words


def test_a_drawing_is_one_picture_with_its_title_and_description() -> None:
    for chart in every("en"):
        for drawing in chart.drawings:
            tree = ET.fromstring(chart.svg(drawing))  # noqa: S314 - our own
            title, about = list(tree)[:2]
            assert (title.text, about.text) == (chart.heading, chart.seen)
            named = tree.attrib["aria-labelledby"].split()
            assert named == [title.attrib["id"], about.attrib["id"]]
            assert tree.attrib["role"] == "img"


def test_the_funnel_has_the_numbers_of_the_report() -> None:
    chart = drawn("funnel", uncut())
    assert chart.table.rows == (
        ("Filed", 480, 1.0),
        ("Admitted", 440, 440 / 480),
        ("Seller told", 420, 0.875),
        ("Platform stepped in", 150, 0.3125),
        ("Ruled", 110, 110 / 480),
        ("Performed", 205, 205 / 480),
        ("Appealed", 45, 45 / 480),
    )
    wide = chart.drawings[0]
    bars = [one.width for one in marks(wide, Rectangle)]
    assert [one / bars[0] for one in bars] == pytest.approx(
        [1, 440 / 480, 0.875, 0.3125, 110 / 480, 205 / 480, 45 / 480], abs=0.01
    )
    assert chart.seen == (
        "Filed: 480 cases; Admitted: 440 cases (92%); Seller told: 420 cases (88%);"
        " Platform stepped in: 150 cases (31%); Ruled: 110 cases (23%);"
        " Performed: 205 cases (43%); Appealed: 45 cases (9%)."
    )
    assert "reached-appeal-1" in chart.source
    assert "480 · 100%" in told(chart)


def test_an_edition_from_before_the_later_steps_has_the_steps_it_knew() -> None:
    report = uncut()
    (group,) = report.groups
    known = tuple(one for one in group.figures if not one.id.startswith("reached-"))
    chart = drawn("funnel", replace(report, groups=(replace(group, figures=known),)))
    assert [row[0] for row in chart.table.rows][-1] == "Platform stepped in"
    assert "reached-" not in chart.source


def test_outcomes_by_reason_stand_below_their_category_without_small_numbers() -> None:
    chart = drawn("reasons", by_reason())
    assert chart.table.head[:3] == ("Category", "Reason", "All")
    assert [row[:2] for row in chart.table.rows] == [
        ("Delivery", "Not received"),
        ("Delivery", "Wrong item"),
        ("Product quality", "Defective"),
        ("Product quality", "Does not work"),
        ("Product quality", "not stated"),
        ("Other", "Other"),
    ]
    for drawing in chart.drawings:
        texts = [one.words for one in marks(drawing, Text)]
        assert [texts.count(one) for one in ("Product quality", "Delivery")] == [1, 1]
    settled, ruled = 3, 4
    cells = {row[1]: row for row in chart.table.rows}
    assert [cells["Not received"][2], cells["Not received"][settled]] == [65, 40]
    # Three were ruled: neither their number, nor what it could be subtracted from.
    assert cells["Does not work"][ruled] is Gap.WITHHELD
    assert cells["Defective"][ruled] is Gap.WITHHELD
    assert "Product quality · Does not work" in chart.seen


def test_a_withheld_step_is_hatched_and_says_nothing_of_its_number() -> None:
    pieces = []
    for hidden in (1, 4):
        chart = drawn("funnel", uncut(appealed=hidden))
        assert chart.table.rows[-1] == ("Appealed", Gap.WITHHELD, Gap.WITHHELD)
        assert chart.seen.endswith("Appealed: withheld.")
        pieces.append([chart.svg(one) for one in chart.drawings])
        assert 'class="hatch"' in pieces[-1][0]
    assert pieces[0] == pieces[1]


def test_lines_have_a_point_for_each_month_and_break_where_one_is_withheld() -> None:
    chart = drawn("filed-closed", by_month())
    assert [row[0] for row in chart.table.rows] == [
        *("Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026", "May 2026")
    ]
    # The closed of February are few, and January's could be subtracted with them.
    assert chart.table.rows[1][2] is Gap.WITHHELD
    assert chart.table.rows[3][1:3] == (0, 0)
    wide = chart.drawings[0]
    dots, diamonds = marks(wide, Dot), marks(wide, Diamond)
    assert len(dots) == 5
    shown = [row[2] for row in chart.table.rows if row[2] is not Gap.WITHHELD]
    assert len(diamonds) == len(shown)
    hidden = [row for row in chart.table.rows if Gap.WITHHELD in row]
    assert len([one for one in marks(wide, Rectangle) if one.fill]) == len(hidden)
    heights = [one.y for one in dots]
    assert heights[2] == min(heights)
    assert heights[3] == max(heights)
    assert marks(wide, Polyline)


def test_days_are_sorted_with_their_median_and_90th_percentile() -> None:
    chart = drawn("days", by_category())
    nets = [row[2] for row in chart.table.rows if not isinstance(row[2], Gap)]
    assert nets == sorted(nets, reverse=True)
    assert len(nets) == 6
    assert chart.table.rows[-1] == (
        *("Product quality", 10, Gap.WITHHELD, Gap.WITHHELD, Gap.WITHHELD),
    )
    wide = chart.drawings[0]
    assert len(marks(wide, Dot)) == len(marks(wide, Diamond)) == 6
    for dot, diamond in zip(marks(wide, Dot), marks(wide, Diamond), strict=True):
        assert diamond.x > dot.x
        assert diamond.y == dot.y
    assert "from 5.4 days in Delivery to 7.1 days in not stated" in chart.seen
    assert "1 of the categories withheld" in chart.seen


def test_segments_are_as_wide_as_their_shares() -> None:
    groups = {
        "quality": (cases("ruled", 100, {"seller": 60, "buyer": 30, "none": 10}),),
        "delivery": (cases("ruled", 80, {"seller": 20, "buyer": 40, "none": 20}),),
    }
    chart = drawn("liability", published("category", groups))
    assert chart.table.rows[0] == ("Product quality", 100, 60, 30, 10)
    wide = chart.drawings[0]
    bars = [one for one in marks(wide, Rectangle) if one.height == 24][:3]
    lengths = [one.width + 1.5 for one in bars]
    assert [one / sum(lengths) for one in lengths] == pytest.approx([0.6, 0.3, 0.1])
    assert "Product quality: most often Seller (60%)" in chart.seen


def test_rates_show_both_definitions_and_say_where_the_axis_starts() -> None:
    chart = drawn("on-time", uncut())
    rows = {row[0]: row[1:] for row in chart.table.rows}
    assert rows["Seller's answer"] == (300, 370, 0.81, 0.93)
    assert rows["Ruling"] == (90, 110, 0.82, Gap.NOTHING)
    assert rows["Performance"] == (
        *(Gap.WITHHELD, Gap.WITHHELD, Gap.WITHHELD, Gap.NOTHING),
    )
    assert "starts at 80%" in chart.reading
    assert len(marks(chart.drawings[0], Diamond)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_rates_of_few_cases_are_in_no_chart_and_say_why(language: str) -> None:
    few = share("ruling-in-time", 9, 17)
    many = share("response-in-time", 30, 60)
    filed = cases("opened", 40), cases("escalated", 20)
    whole = published("none", {"all": (*filed, few, many)})
    on_time, funnel = (drawn(one, whole, language) for one in ("on-time", "funnel"))
    groups = {"quality": (cases("ruled", 30, {"seller": 20, "buyer": 10}),)}
    groups["delivery"] = (cases("ruled", 60, {"seller": 45, "buyer": 15}),)
    parts = drawn("liability", published("category", groups), language)
    why = wording(language).say("gaps", "few")
    assert str(RATE_FROM) in why
    assert on_time.table.rows[2][1:4] == (10, 15, Gap.FEW)
    assert [len(marks(one, Dot)) for one in on_time.drawings] == [1, 1]
    assert why in told(on_time)
    assert f",10,15,{why}" in table_file(on_time.table, wording(language))
    assert [row[1:] for row in funnel.table.rows] == [(40, Gap.FEW), (20, Gap.FEW)]
    for chart in (on_time, funnel, parts):
        check_places(chart)
        assert "67" not in chart.seen
        assert str(RATE_FROM) in chart.seen or chart is funnel
    labels = [one.words for one in marks(parts.drawings[0], Text)]
    assert [one for one in labels if "%" in one] == ["75%", "25%"]
    assert "%" not in " ".join([funnel.seen, *told(funnel)[5:]])


def test_results_of_appeals_have_the_numbers_of_the_report() -> None:
    chart = drawn("appeals", uncut())
    assert chart.table.rows == (
        ("All decided", 40, 25, 5, 10),
        ("By sellers", 20, 10, 0, 10),
        ("Filed in the period", 50, Gap.NOTHING, Gap.NOTHING, Gap.NOTHING),
        ("Not admitted", Gap.WITHHELD, Gap.NOTHING, Gap.NOTHING, Gap.NOTHING),
    )
    assert "Not admitted: withheld" in chart.seen
    small_ones = {"upheld": 3, "set-aside": 2}
    few = published("none", {"all": (cases("appeals-decided", 5, small_ones),)})
    hidden = drawn("appeals", few)
    assert hidden.table.rows[0][2:] == (Gap.WITHHELD,) * 3
    none = published("none", {"all": (cases("appeals-decided", 0),)})
    assert CHARTS["appeals"](none, wording("en")) is None


def test_reports_that_are_cut_otherwise_have_no_such_chart() -> None:
    assert [one.id for one in charts(uncut(), wording("en"))] == [
        *("funnel", "on-time", "appeals")
    ]
    assert [one.id for one in charts(by_month(), wording("en"))] == ["filed-closed"]
    assert [one.id for one in charts(by_category(), wording("en"))] == [
        *("days", "outcomes", "liability")
    ]
    assert [one.id for one in charts(by_reason(), wording("en"))] == ["reasons"]
    nothing = published("none", {"all": (cases("opened", 0),)})
    assert charts(nothing, wording("en")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_has_its_colours_in_it_and_no_class(language: str) -> None:
    tokens = light_tokens()
    assert tokens["c1"] == "#1a56b0"
    for chart in every(language):
        text = chart_file(chart, "2026")
        ET.fromstring(text.encode())  # noqa: S314 - our own
        assert "class=" not in text
        assert "var(" not in text
        assert "{" not in text
        assert "<style" not in text
        assert tokens["muted"] in text
        assert chart.heading in text
        wide = float(re.findall(r'viewBox="0 0 ([\d.]+)', text)[0])
        said = re.findall(r">([^<>]+)</text>", text)
        names = re.split(r"[\s、]+", chart.source)
        assert [one for one in names if one in " ".join(said)] == names
        assert max(width_of(one, "t-s") for one in said) < wide - 16


def test_a_table_as_csv_has_plain_numbers() -> None:
    text = table_file(drawn("on-time", uncut(), "zh").table, wording("zh"))
    assert text.startswith(FOR_SPREADSHEETS)
    lines = text.removeprefix(FOR_SPREADSHEETS).splitlines()
    assert lines[0] == "环节,按时,计入,按时率,另一口径"
    assert lines[2] == "卖家答复,300,370,0.81,0.93"
    assert lines[-1] == "履行,不公布,不公布,不公布,无"


def test_a_name_in_a_table_is_no_formula() -> None:
    table = DataTable(
        caption="x",
        head=("name", "-2+3", "days"),
        units=("", "cases", "days"),
        rows=(("=1+1", 3, -0.5), ("-", -2, Gap.WITHHELD)),
    )
    text = table_file(table, wording("en")).removeprefix(FOR_SPREADSHEETS)
    assert text.splitlines() == [
        "name,'-2+3,days",
        "'=1+1,3,-0.5",
        f"'-,-2,{wording('en').say('gaps', Gap.WITHHELD)}",
    ]


def test_ticks_are_round_and_hold_the_largest_number() -> None:
    for most in (1, 7, 99, 100, 101, 48_216, 0.3):
        top = round_top(most)
        assert top >= most
        ticks = list(Linear(0, top, 0, 100).ticks())
        assert ticks[0] == 0
        assert ticks[-1] == pytest.approx(top)
        assert 2 <= len(ticks) <= 6


@settings(deadline=None, max_examples=15)
@given(tables)
def test_what_is_hidden_stands_in_no_table_and_no_drawing(
    table: dict[tuple[str, str], int],
) -> None:
    """The tables of the suppression tests: no small number, nor its complement."""
    names = dict(zip("abc", CATEGORIES, strict=False))
    codes = dict(zip("xyz", ("settled", "ruled", "refused"), strict=True))
    cells = {(names[a], codes[b]): n for (a, b), n in table.items()}
    parts = {
        name: {code: cells.get((name, code), 0) for code in codes.values()}
        for name in {name for name, _ in cells}
    }
    report = published(
        "category",
        {name: (cases("closed", sum(n.values()), n),) for name, n in parts.items()},
    )
    for language in LANGUAGES:
        for chart in charts(report, wording(language)):
            check_places(chart)
            exact = dict(
                zip((row[0] for row in chart.table.rows), chart.table.rows, strict=True)
            )
            for name, numbers in parts.items():
                row = exact.get(wording(language).label("categories", name))
                if row is None:
                    continue
                few = {n for n in numbers.values() if 0 < n < SMALLEST}
                assert not few & {one for one in row if isinstance(one, int)}
            check_numbers(chart)


@settings(deadline=None, max_examples=15)
@given(some.tuples(small, small), some.tuples(small, small), some.tuples(small, small))
def test_small_months_shares_and_days_are_hidden(
    first: tuple[int, int], second: tuple[int, int], third: tuple[int, int]
) -> None:
    rows = (first, second, third)
    flow = published(
        "month",
        {
            f"2026-0{n}": (cases("opened", 40 * a), cases("closed", b))
            for n, (a, b) in enumerate(rows, 1)
        },
    )
    rates = published(
        "none",
        {
            "all": (
                cases("opened", 60 + first[0]),
                cases("escalated", first[1]),
                share("admission-in-time", second[0], second[0] + second[1]),
                share("response-in-time", third[0], third[0] + 20),
                share("response-in-time-with-pending", 30, 50 + third[1]),
            )
        },
    )
    length = published(
        "category",
        {
            name: (days("days-open", a + 0.5, b), days("days-open-net", a * 0.5, b))
            for name, (a, b) in zip(CATEGORIES, rows, strict=False)
        },
    )
    for language in LANGUAGES:
        for report in (flow, rates, length):
            for chart in charts(report, wording(language)):
                check_places(chart)
                check_numbers(chart)


def check_numbers(chart: Chart) -> None:
    """Counts of cases are multiples of five wherever they stand, and none is small."""
    for row in chart.table.rows:
        for cell, unit in zip(row, chart.table.units, strict=True):
            if unit == "cases" and isinstance(cell, int):
                assert cell % SMALLEST == 0
    labels = [one for d in chart.drawings for one in marks(d, Text)]
    for one in labels:
        found = re.fullmatch(r"(\d[\d,]*) · \d+%", one.words)
        assert found is None or int(found[1].replace(",", "")) % SMALLEST == 0
    told_cases = re.findall(r"(\d[\d,]*) (?:cases|件)", chart.seen)
    assert all(int(one.replace(",", "")) % SMALLEST == 0 for one in told_cases)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("months", [2, 7, 12])
@pytest.mark.parametrize("size", [10, 48_216, 9_999_999])
def test_long_periods_and_large_numbers_have_room(
    language: str, months: int, size: int
) -> None:
    flow = published(
        "month",
        {
            f"2026-{n:02d}": (
                cases("opened", size + 5 * n),
                cases("closed", size + 5 * (n % 3)),
            )
            for n in range(1, months + 1)
        },
    )
    for report in (flow, uncut(filed=size * 100, escalated=size)):
        found = charts(report, wording(language))
        assert found
        for chart in found:
            check_places(chart)


def test_a_code_that_has_no_label_is_text_and_not_markup() -> None:
    name = "<b>&amp;\u202e"
    groups = {
        name: (cases("ruled", 100, {"seller": 60, name: 40}),),
        "quality": (cases("ruled", 100, {"seller": 100}),),
    }
    chart = drawn("liability", published("category", groups))
    for text in (*map(chart.svg, chart.drawings), chart_file(chart, "2026")):
        assert "<b>" not in text
        ET.fromstring(text.encode())  # noqa: S314 - our own
