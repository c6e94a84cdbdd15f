"""Cells that look like something else: each is read as it is meant, or rejected."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from application.cases.disputes import Disputes
from application.imports.mapping import MappingError
from application.operator_error import OperatorError
from domain.identity import imported_key
from tests.imports.conftest import Import
from tests.imports.test_amounts_and_times import TIMES
from tests.imports.test_following_an_export import LOG, LOG_ROWS
from tests.imports.test_importer import rejected
from tests.imports.test_sources import PLAIN, SHORT

LARGE = 2024010112345678


def test_long_numbers_of_a_workbook_are_written_out(
    run_files: Import, disputes: Disputes, tmp_path: Path
) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page: Any = book.add_worksheet()
        page.write_row(0, 0, ["id", "opened", "seller", "paid"])
        for number, record in enumerate((LARGE, LARGE + 1, 2.0**60), 1):
            page.write_row(number, 0, [record, "2024-01-02", "s", 5])
        page.write_row(4, 0, [7, "2024-01-02", "s", 5, "beyond"])
    done = run_files(PLAIN, "a.xlsx")
    assert (done.cases, done.rejected) == (2, 2)
    for record in (LARGE, LARGE + 1):
        assert disputes.find(imported_key("desk", str(record))).events
    reasons = [reason for _, reason in rejected(tmp_path)]
    assert "too large to be exact" in reasons[0]
    assert "cells beyond the 4 columns" in reasons[1]


def test_values_that_are_no_texts_are_rejected(
    run_files: Import, tmp_path: Path
) -> None:
    rows: list[dict[str, Any]] = [
        {"id": 1, "opened": "2024-01-02", "seller": ["s"]},
        {"id": True, "opened": "2024-01-02", "seller": "s"},
        {"id": LARGE * 1e3, "opened": "2024-01-02", "seller": "s"},
        {"id": "4", "opened": "2024-01-02", "seller": "s"},
    ]
    text = "\n".join(json.dumps({**row, "paid": ""}) for row in rows)
    (tmp_path / "a.jsonl").write_text(text)
    done = run_files(PLAIN, "a.jsonl")
    assert (done.cases, done.rejected) == (1, 3)
    said = [reason for _, reason in rejected(tmp_path)]
    assert "is a list or a table" in said[0]
    assert "id: is no id, but true or false" in said[1]
    assert "too large to be exact" in said[2]
    table = pa.table(
        {"id": ["1"], "opened": ["2024-01-02"], "seller": [b"\xff\x00"], "paid": ["1"]}
    )
    pq.write_table(table, tmp_path / "b.parquet")
    assert run_files(PLAIN, "b.parquet").rejected == 1


def test_columns_of_one_name_out_of_a_query_are_refused(
    run_files: Import, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("id,opened,seller,paid\n1,2024-01-02,s,150\n")
    sql = "SELECT *, paid::int / 100 AS paid FROM source"
    text = SHORT.format(more=f'[source]\nfiles = "a.csv"\nsql = "{sql}"\n')
    with pytest.raises(MappingError, match=r"several columns of one name: paid"):
        run_files(text)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("%H:%M", "says no year"),
        ("%b %d", "says no year"),
        ("%Y-%m", "says no day"),
        ("%Y-%m-%d %I:%M", "%I needs %p"),
    ],
)
def test_a_form_of_times_that_would_invent_a_part_is_refused(
    run_import: Import, form: str, said: str
) -> None:
    with pytest.raises(MappingError, match=said):
        run_import("id,opened,closed\n", TIMES.replace("FORMS", f'"{form}"'))


@pytest.mark.parametrize(
    "cell",
    ["20240102", "2024-W05", "2024-01-02x10:00", "2024-01-02T10", "2099-01-01"],
)
def test_odd_forms_of_iso_times_and_the_future_are_rejected(
    run_import: Import, cell: str
) -> None:
    text = TIMES.replace("FORMS", '"iso"')
    assert run_import(f"id,opened,closed\n1,{cell},\n", text).rejected == 1


def test_events_that_say_the_same_are_one(
    run_import: Import,
) -> None:
    first, *rows = LOG_ROWS.splitlines(keepends=True)
    done = run_import(first + "".join(rows) + "".join(rows[::-1]), LOG)
    assert (done.cases, done.events, done.rejected) == (2, 8, 0)


def test_a_case_is_not_closed_twice(run_import: Import, tmp_path: Path) -> None:
    text = LOG.replace(
        'type = "fulfilled"\nactor = "buyer"', 'type = "closed"\nactor = "platform"'
    ).replace(
        'obligation = { value = 1 }\nby = { value = "buyer" }',
        'outcome = { value = "answered" }\nclaim = { value = "met" }',
    )
    rows = "case,activity,at,amount,result\nK,Create Fine,2024-01-01T10:00:00Z,,\n"
    run_import(rows + "K,Payment,2024-01-04T10:00:00Z,,\n", text)
    done = run_import(rows + "K,Payment,2024-01-05T10:00:00Z,,\n", text)
    assert (done.events, done.rejected) == (0, 2)
    assert rejected(tmp_path)[0][1] == "contradicts: the case is closed already"


def test_a_damaged_file_is_said_in_a_line(run_files: Import, tmp_path: Path) -> None:
    for name in ("a.csv.zst", "a.csv.gz", "a.jsonl.zst"):
        (tmp_path / name).write_bytes(bytes(range(256)) * 8)
        with pytest.raises(OperatorError, match=r"cut off or damaged|no JSON objects"):
            run_files(PLAIN, name)
    for name in ("a.parquet", "a.json"):
        (tmp_path / name).write_bytes(b"\x1b[31msecret" * 9)
        with pytest.raises(MappingError, match=f"cannot be read: {name} as"):
            run_files(PLAIN, name)
    with pytest.raises(OperatorError, match="there is no such file"):
        run_files(PLAIN, "nothing.xlsx")


def test_rejects_are_a_source_by_the_same_mapping(
    run_files: Import, tmp_path: Path
) -> None:
    more = 'encoding = "gb18030"\ndelimiter = "|"\n[source]\nfiles = "a.csv"\n'
    paid = "replace(paid, '元', '') AS paid"
    sql = f'sql = "SELECT id, opened, seller, {paid} FROM source"'
    text = SHORT.format(more=more + sql)
    rows = "id|opened|seller|paid\n1|2024-01-02|店|1元\n2|2024-13-02|店|2元\n"
    (tmp_path / "a.csv").write_text(rows, "gb18030")
    done = run_files(text)
    assert (done.cases, done.rejected) == (1, 1)
    with (tmp_path / "rejects.csv").open(newline="", encoding="utf-8") as file:
        found = list(csv.reader(file))
    found[1][3] = "2024-12-02"
    with (tmp_path / "again.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(found)
    done = run_files(text, "again.csv")
    assert (done.cases, done.rejected) == (1, 0)
