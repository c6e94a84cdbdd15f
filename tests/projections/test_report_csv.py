"""A report in CSV is written as people read it."""

from __future__ import annotations

import csv
import io

import pytest
from msgspec.structs import replace

from projections.case_view.shown_values import MoneyShown
from projections.figures.metrics import FigureUnit
from projections.reports.figure import Figure
from projections.reports.report import Group, Report
from projections.reports.report_csv import NUMBERS, as_csv, money_words

OPENED = Figure(id="opened", unit=FigureUnit.CASES, value=None, numerator=0)
"""Of a time before the record."""


def lines(*figures: Figure) -> list[dict[str, str]]:
    return read(Group(key="all", figures=figures))


def read(*groups: Group, before: str | None = None) -> list[dict[str, str]]:
    counted = Report(
        period="2026-Q4",
        zone=None,
        by="none",
        category=None,
        system=None,
        position=9,
        groups=groups,
        left_out={},
        before=before,
    )
    # As it is written: a line may end within a cell.
    return list(csv.DictReader(io.StringIO(as_csv(counted), newline="")))


FORMULAS = (
    *("=HYPERLINK(1)", "+1", "-5", "@SUM(1)", "\t=1", "\n=1"),
    *("\uff1d1", "\uff0b1", "\uff0d1", "\uff201"),
)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_name_is_no_formula(name: str) -> None:
    closed = Figure(
        id="closed",
        unit=FigureUnit.CASES,
        value=2,
        numerator=2,
        parts={name: 2},
        before=7,
        difference=-5,
    )
    whole, part = read(Group(key=name, figures=(closed,)), before="2026-Q3")
    assert (whole["group"], part["part"]) == (f"'{name}", f"'{name}")
    # A number is none.
    assert (whole["value"], whole["difference"]) == ("2", "-5")


def test_a_carriage_return_begins_no_row_in_which_a_formula_stands() -> None:
    lines = {"x\r=1+1": "x\n=1+1", "\r=1": "'\n=1", "x\r\ny": "x\ny"}
    for name, told in lines.items():
        (line,) = read(Group(key=name, figures=(OPENED,)))
        assert line["group"] == told


@pytest.mark.parametrize("name", ["quality", "a=b", "1-2", "s-1", " =1", "", "'=1"])
def test_any_other_name_is_as_it_is(name: str) -> None:
    (line,) = read(Group(key=name, figures=(OPENED,)))
    assert line["group"] == name


def test_a_time_before_the_record_has_its_first_day_and_no_numbers() -> None:
    late = Figure(
        id="on-time", unit=FigureUnit.SHARE, value=None, numerator=0, denominator=0
    )
    empty = Group(key="old", figures=(OPENED, late), record_from="2027-01-05")
    known = Group(key="new", figures=(replace(OPENED, value=0), late))
    found = read(empty, known)
    numbers = [tuple(one[name] for name in NUMBERS) for one in found]
    assert numbers == [
        ("", "", "", "", ""),
        ("", "", "", "", ""),
        ("0", "0", "", "", ""),
        ("", "0", "0", "", ""),
    ]
    assert [one["record_from"] for one in found] == ["2027-01-05", "2027-01-05", "", ""]


def test_a_share_is_a_percentage() -> None:
    figure = Figure(
        id="on-time",
        unit=FigureUnit.SHARE,
        value=0.953846,
        numerator=1_240,
        denominator=1_300,
    )
    (line,) = lines(figure)
    assert (line["value"], line["numerator"], line["denominator"]) == (
        "95.4 %",
        "1,240",
        "1,300",
    )
    none = Figure(id="x", unit=FigureUnit.SHARE, value=None, numerator=0, denominator=0)
    assert lines(none)[0]["value"] == ""


def test_money_has_its_sign_and_a_line_for_each_currency() -> None:
    yuan, euros = MoneyShown("28806.00", "CNY"), MoneyShown("5.10", "EUR")
    one = Figure(
        id="awarded", unit=FigureUnit.MONEY, value=None, numerator=3, amounts=(yuan,)
    )
    whole, part = lines(one)
    assert (whole["value"], part["part"], part["value"]) == (
        "¥28,806.00",
        "CNY",
        "¥28,806.00",
    )
    both = Figure(
        id="awarded",
        unit=FigureUnit.MONEY,
        value=None,
        numerator=3,
        amounts=(yuan, euros),
    )
    assert [line["value"] for line in lines(both)] == ["", "¥28,806.00", "EUR 5.10"]


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("0.00", "CNY", "¥0.00"),
        ("1234567.89", "CNY", "¥1,234,567.89"),
        ("5800", "JPY", "JPY 5,800"),
        ("1.234", "BHD", "BHD 1.234"),
    ],
)
def test_an_amount_as_people_read_it(amount: str, currency: str, words: str) -> None:
    assert money_words(MoneyShown(amount, currency)) == words


def test_days_have_one_decimal_and_parts_their_number() -> None:
    days = Figure(
        id="days-open",
        unit=FigureUnit.DAYS,
        value=10.4861,
        numerator=2,
        p90=14.3972,
        mean=10.4861,
    )
    (line,) = lines(days)
    assert (line["value"], line["p90"], line["mean"]) == ("10.5", "14.4", "10.5")
    closed = Figure(
        id="closed",
        unit=FigureUnit.CASES,
        value=2_000,
        numerator=2_000,
        parts={"settled": 1_999, "refused": 1},
    )
    assert [(one["part"], one["value"]) for one in lines(closed)] == [
        ("", "2,000"),
        ("settled", "1,999"),
        ("refused", "1"),
    ]
