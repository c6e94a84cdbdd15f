"""Every form: what it answers is the report's, and what it cannot answer is said."""

from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec.structs import replace

from domain.policy.codes import Codes
from projections.authorities.authority_form import COLUMNS
from projections.authorities.forms import FORMS
from projections.figures.metrics import metrics
from projections.reports.period import BadQuestion, Question
from projections.reports.report import Report, assembled
from tests.authorities.form_reading import ASKED, figure, lines, note, value

REASON = re.compile("(not recorded: |未记录|.*no case to count out of|没有可供).*")
CITED = re.compile(r"(?:figure )?([a-z-]+)/(\d+)")


@pytest.mark.parametrize("name", FORMS)
def test_a_row_has_a_value_or_says_why_not(
    reports: dict[str, Report], codes: Codes, name: str
) -> None:
    found = lines(name, reports[name], codes)
    assert found
    for line in found:
        assert value(line) or REASON.fullmatch(note(line)), line
        if note(line).startswith(("not recorded", "未记录")):
            assert value(line) == ""
    assert any(note(line).startswith(("not recorded", "未记录")) for line in found)


@pytest.mark.parametrize("name", FORMS)
def test_what_a_source_wrote_is_no_formula_and_a_number_stays(
    codes: Codes, name: str
) -> None:
    numbers: dict[str, dict[str, Any]] = {
        "opened": {"numerator": 2},
        "opened-reasons": {"numerator": 2, "parts": {"=1+1/-2": 2}},
        "seller-appeals": {"numerator": 2, "parts": {"=1+1/-2": 2}},
    }
    earlier = {"opened": {"numerator": 7}}
    asked = Question(period="2026", platform="@shop")
    counted = assembled(
        asked,
        {("all",): numbers},
        position=1,
        left_out={},
        before={("all",): earlier},
    )
    found = lines(name, counted, codes, asked)
    services = {line.get("Service") or line.get("平台") for line in found}
    assert services == {"'@shop"}
    cells = [cell for line in found for cell in line.values()]
    if name != "dsa":
        assert "'=1+1/-2" in cells
    if name == "cn12315":
        assert "-5" in cells
    begins = ("=", "+", "@", "\t", "\r")
    assert not [cell for cell in cells if cell.startswith(begins)]


@pytest.mark.parametrize("name", FORMS)
def test_without_a_case_nothing_is_made_up(codes: Codes, name: str) -> None:
    empty = {one.id: 0 for one in metrics()}
    assert empty
    for line in lines(name, no_cases(), codes):
        assert value(line) in {"", "0"}, line
        assert value(line) or REASON.fullmatch(note(line)), line


def no_cases() -> Report:
    return assembled(ASKED, {}, position=1, left_out={}, before={})


@pytest.mark.parametrize("name", FORMS)
def test_every_value_names_a_figure_of_the_version_that_is_published(
    reports: dict[str, Report], codes: Codes, name: str
) -> None:
    versions = {one.id: one.version for one in metrics()}
    for line in lines(name, reports[name], codes):
        cited = line.get("Definition") or line.get("口径") or note(line)
        if value(line):
            match = CITED.match(cited)
            assert match, line
            assert versions[match[1]] == int(match[2])


@pytest.mark.parametrize("name", ["adr", "p2b", "cn12315"])
def test_the_columns_are_the_same_in_a_language(
    reports: dict[str, Report], codes: Codes, name: str
) -> None:
    (first, *_) = lines(name, reports[name], codes)
    assert tuple(first) == COLUMNS["zh" if name == "cn12315" else "en"]


@pytest.mark.parametrize("name", ["adr", "p2b", "cn12315"])
def test_whole_figures_are_those_of_the_report(
    reports: dict[str, Report], codes: Codes, name: str
) -> None:
    """A row without a part is a figure: its number, its percent, or its mean days."""
    checked = 0
    for line in lines(name, reports[name], codes):
        cited = line.get("Definition") or line.get("口径") or ""
        part = line.get("Breakdown", line.get("细项"))
        if not cited or part not in {"", "total", "合计"} or "amicable" in str(line):
            continue
        found = figure(reports[name], cited.partition("/")[0])
        if found.amounts or "imposed" in line.get("Indicator", ""):
            continue
        expected = {
            "cases": found.value,
            "share": None if found.value is None else round(100 * found.value, 2),
            "days": found.mean,
        }[found.unit]
        assert float(value(line)) == expected, line
        checked += 1
    assert checked >= 2


def test_several_platforms_have_their_rows_each(
    reports: dict[str, Report], codes: Codes
) -> None:
    both = replace(ASKED, platform=None)
    found = lines("dsa", reports[""], codes, both)
    assert {one["Service"] for one in found} == {"x", "y"}
    own = [one for one in found if one["Service"] == "x"]
    assert own == lines("dsa", reports["dsa"], codes)
    assert FORMS["dsa"].question(both).by == "platform"


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2026", "2026-01-01/2026-12-31"),
        ("2026-Q1", "2026-01-01/2026-03-31"),
        ("2028-02", "2028-02-01/2028-02-29"),
    ],
)
def test_a_period_is_told_by_its_first_and_last_day(
    codes: Codes, period: str, days: str
) -> None:
    asked = Question(period=period, platform="x")
    found = lines("dsa", no_cases(), codes, asked)
    assert {one["Reporting period"] for one in found} == {days}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Question(period="all"), "period"),
        (Question(period="2026-13"), "period"),
        (Question(period="2026", by="month"), "by"),
    ],
)
def test_what_a_form_cannot_show_is_refused(asked: Question, field: str) -> None:
    with pytest.raises(BadQuestion) as refused:
        FORMS["adr"].question(asked)
    assert refused.value.field == field
