"""A report in CSV is written as people read it."""

from __future__ import annotations

import csv
import io

import pytest

from projections.case_view.shown_values import MoneyShown
from projections.figures.metrics import FigureUnit
from projections.reports.figure import Figure
from projections.reports.report import Group, Report
from projections.reports.report_csv import as_csv, money_words


def lines(*figures: Figure) -> list[dict[str, str]]:
    counted = Report(
        period="2026-Q4",
        zone=None,
        by="none",
        category=None,
        system=None,
        position=9,
        groups=(Group(key="all", figures=figures),),
        left_out={},
    )
    return list(csv.DictReader(io.StringIO(as_csv(counted))))


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
