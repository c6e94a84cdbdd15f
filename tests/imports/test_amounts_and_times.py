"""Cells are read by one parser a type: amounts, currencies, times, counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from application.cases.disputes import Disputes
from application.imports.mapping import MappingError
from application.record.envelope import Precision
from domain.filing.events import Filed
from domain.identity import imported_key
from tests.imports.conftest import GOOD, HEADER, Import
from tests.imports.test_importer import rejected

AMOUNTS = """
system = "desk"
zone = "Etc/UTC"
id = "id"
{marks}

[codes.money]
EUR = "EUR"
Euro = "EUR"
yen = "JPY"

[[events]]
type = "filed"
actor = "buyer"
at = {{ column = "opened" }}
[events.fields]
channel = {{ value = "unknown" }}
category = {{ value = "quality" }}
reason = {{ value = "defect" }}
paid = {{ column = "paid", money = {money} }}
"""
OF_COLUMN = '{ column = "currency", codes = "money" }'


def paid(disputes: Disputes, record: str) -> str:
    (filed,) = disputes.find(imported_key("desk", record)).events
    assert isinstance(filed.event, Filed)
    assert filed.event.paid is not None
    return f"{filed.event.paid} {filed.event.paid.currency}"


def test_a_currency_stands_in_a_column_of_its_own(
    run_import: Import, disputes: Disputes, tmp_path: Path
) -> None:
    text = AMOUNTS.format(marks="", money=OF_COLUMN)
    done = run_import(
        "id,opened,paid,currency\n"
        "M1,2024-01-02,58.00,EUR\n"
        "M2,2024-01-02,58,Euro\n"
        "M3,2024-01-02,58.50,EUR\n"
        "M4,2024-01-02,-500,EUR\n"
        "M5,2024-01-02,5,XAU\n"
        "M6,2024-01-02,5800.00,yen\n"
        "M7,2024-01-02,5,\n",
        text,
    )
    assert (done.cases, done.rejected) == (4, 3)
    found = [paid(disputes, record) for record in ("M1", "M2", "M3", "M6")]
    assert found == ["58.00 EUR", "58.00 EUR", "58.50 EUR", "5800 JPY"]
    assert rejected(tmp_path) == [
        ("5", "paid: '-500' may not be negative"),
        ("6", "paid: 'XAU' is no known currency"),
        ("8", "paid: has no currency"),
    ]


def test_an_amount_is_never_read_without_its_currency(run_import: Import) -> None:
    text = AMOUNTS.format(marks="", money='"EUR"').replace(
        'paid = { column = "paid", money = "EUR" }',
        '"paid.amount" = { column = "paid" }\n"paid.currency" = { value = "EUR" }',
    )
    with pytest.raises(MappingError, match=r"say events.0..fields.paid.money"):
        run_import("id,opened,paid\n1,2024-01-02,58.00\n", text)


def test_numbers_are_read_as_the_source_writes_them(
    run_import: Import, disputes: Disputes, tmp_path: Path
) -> None:
    marks = 'delimiter = ";"\ndecimal = ","\ngrouping = "."'
    done = run_import(
        "id;opened;paid\n"
        "D1;2024-01-02;129,90\n"
        "D2;2024-01-02;1.129,90\n"
        "D3;2024-01-02;129.90\n"
        "D4;2024-01-02;1.129\n"
        "D5;2024-01-02;12.1.129,9\n",
        AMOUNTS.format(marks=marks, money='"EUR"'),
    )
    assert (done.cases, done.rejected) == (3, 2)
    found = [paid(disputes, record) for record in ("D1", "D2", "D4")]
    assert found == ["129.90 EUR", "1129.90 EUR", "1129.00 EUR"]
    assert [line for line, _ in rejected(tmp_path)] == ["4", "6"]
    assert "written with ',' before the fraction and '.'" in rejected(tmp_path)[0][1]


def test_zeros_that_are_finer_than_a_currency_are_no_fraction(
    run_import: Import, disputes: Disputes
) -> None:
    done = run_import(
        "id,opened,paid\nE1,2024-01-02,5800\nE2,2024-01-02,5800.00\n"
        "E3,2024-01-02,5800.5\n",
        AMOUNTS.format(marks="", money='"JPY"'),
    )
    assert (done.cases, done.rejected) == (2, 1)
    assert [paid(disputes, one) for one in ("E1", "E2")] == ["5800 JPY"] * 2


TIMES = """
system = "desk"
zone = "Europe/Berlin"
id = "id"
[[events]]
type = "filed"
actor = "buyer"
at = { column = "opened", format = FORMS }
[events.fields]
channel = { value = "unknown" }
category = { value = "quality" }
reason = { value = "defect" }
[[events]]
type = "closed"
actor = "platform"
at = { column = "closed", format = FORMS }
when = [{ column = "closed", present = true }]
[events.fields]
outcome = { value = "decided-elsewhere" }
claim = { value = "met" }
"""


def times(disputes: Disputes, record: str) -> list[tuple[datetime, str]]:
    events = disputes.find(imported_key("desk", record)).events
    return [(one.at, one.imported.precision) for one in events if one.imported]


def test_an_hour_that_comes_twice_or_never_is_marked(
    run_import: Import, disputes: Disputes
) -> None:
    done = run_import(
        "id,opened,closed\n"
        "F1,2024-10-27 02:50:00,2024-10-27 02:10:00\n"
        "F2,2024-03-31 02:30:00,2024-03-31 04:00:00\n",
        TIMES.replace("FORMS", '"%Y-%m-%d %H:%M:%S"'),
    )
    assert (done.cases, done.rejected) == (2, 0)
    # Of two readings, the one that is in order.
    assert times(disputes, "F1") == [
        (datetime(2024, 10, 27, 0, 50, tzinfo=UTC), Precision.UNCLEAR),
        (datetime(2024, 10, 27, 1, 10, tzinfo=UTC), Precision.UNCLEAR),
    ]
    assert times(disputes, "F2") == [
        (datetime(2024, 3, 31, 1, 30, tzinfo=UTC), Precision.UNCLEAR),
        (datetime(2024, 3, 31, 2, 0, tzinfo=UTC), Precision.SECOND),
    ]


def test_several_forms_of_times_are_tried(
    run_import: Import, disputes: Disputes, tmp_path: Path
) -> None:
    content = (
        "id,opened,closed\n"
        "T1,2024-01-02T10:00:00+08:00,1704200400\n"
        "T2,02.01.2024 11:00,2024-01-03\n"
        "T3,soon,\n"
    )
    done = run_import(
        content, TIMES.replace("FORMS", '["iso", "%d.%m.%Y %H:%M", "epoch"]')
    )
    assert (done.cases, done.rejected) == (2, 1)
    second = datetime(2024, 1, 2, 2, tzinfo=UTC)
    assert times(disputes, "T1") == [
        (second, Precision.SECOND),
        (datetime(2024, 1, 2, 13, tzinfo=UTC), Precision.SECOND),
    ]
    assert times(disputes, "T2") == [
        (second + timedelta(hours=8), Precision.SECOND),
        (datetime(2024, 1, 2, 23, tzinfo=UTC), Precision.DAY),
    ]
    assert "offset) or %d.%m.%Y %H:%M or seconds since 1970" in rejected(tmp_path)[0][1]


def test_names_of_zones_are_refused_and_not_forgotten(run_import: Import) -> None:
    with pytest.raises(MappingError, match="names of zones are not read; say %z"):
        run_import("id,opened,closed\n", TIMES.replace("FORMS", '"%Y-%m-%d %H:%M %Z"'))


def test_a_time_that_is_missing_has_another_one_to_fall_back_on(
    run_import: Import, disputes: Disputes
) -> None:
    text = TIMES.replace("FORMS", '"iso"')
    text = text.replace(
        'column = "closed", format = "iso"',
        'column = "closed", fallback = { column = "seen", not_before = true }',
    )
    text = text.replace(
        '{ column = "closed", present = true }',
        '{ column = "state", among = ["closed"] }',
    )
    done = run_import(
        "id,opened,closed,state,seen\n"
        "B1,2024-01-02,,closed,2024-02-01T00:00:00Z\n"
        "B2,2024-01-02,2024-01-05,closed,2024-02-01T00:00:00Z\n"
        "B3,2024-01-02,,open,2024-02-01T00:00:00Z\n",
        text,
    )
    assert (done.cases, done.events, done.rejected) == (3, 5, 0)
    assert times(disputes, "B1")[1] == (
        datetime(2024, 2, 1, tzinfo=UTC),
        Precision.NOT_BEFORE,
    )
    assert times(disputes, "B2")[1][1] is Precision.DAY


def test_a_date_that_stands_for_none_is_a_reject(
    run_import: Import, tmp_path: Path
) -> None:
    done = run_import(HEADER + GOOD.replace("2025-01-02", "0001-01-01"))
    assert (done.events, done.rejected) == (0, 1)
    assert "lies before 1900" in rejected(tmp_path)[0][1]
