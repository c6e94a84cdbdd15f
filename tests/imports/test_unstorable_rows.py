"""Rows that no view could hold are put aside; the rows beside them are imported."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from application.cases.disputes import Disputes
from tests.conftest import ManualWorker
from tests.imports.conftest import GOOD, HEADER, MAPPING, Import
from tests.imports.test_importer import CASE, rejected

PARTS = MAPPING.replace(
    'paid = { column = "paid", money = "CNY" }\n',
    '"claim.kind" = { value = "refund" }\n'
    '"claim.amount" = { column = "paid", money = "CNY" }\n'
    'seller = { column = "shop" }\n',
)
ABOVE = HEADER.replace("\n", ",shop\n")
ROW = "{id},2025-01-02 10:00:00,,broken,{buyer},It broke.,{paid},{shop}\n"

UNSTORABLE = {
    "an amount of 10^20": ({"paid": "99999999999999999999"}, "999,999,999,999"),
    "a seller of 6,000 characters": ({"shop": "s" * 6_000}, "visible characters"),
    "a buyer of 6,000 characters": ({"buyer": "b" * 6_000}, "visible characters"),
    "a seller of 300 Chinese characters": ({"shop": "长" * 300}, "longer than"),
}


def row(**cells: str) -> str:
    return ROW.format_map(
        {"id": "1", "buyer": "b", "paid": "1290", "shop": "s"} | cells
    )


@pytest.mark.parametrize(("cells", "code"), UNSTORABLE.values(), ids=UNSTORABLE.keys())
def test_a_row_that_no_view_could_hold_is_rejected(
    run_import: Import,
    disputes: Disputes,
    worker: ManualWorker,
    url: str,
    tmp_path: Path,
    cells: dict[str, str],
    code: str,
) -> None:
    done = run_import(ABOVE + row() + row(id="2", **cells) + row(id="3"), PARTS)
    assert (done.cases, done.rejected) == (2, 1)
    ((line, reason),) = rejected(tmp_path)
    assert line == "3"
    assert code in reason
    assert disputes.find(CASE).version == 1
    worker.catch_up()
    with psycopg.connect(url) as connection:
        wrong = connection.execute(
            "SELECT name FROM redress.followers"
            " WHERE halted IS NOT NULL OR position < 2"
            " UNION SELECT follower FROM redress.parked"
        ).fetchall()
    assert wrong == []


def test_names_have_the_same_form_as_those_of_clients(
    run_import: Import, disputes: Disputes, tmp_path: Path
) -> None:
    hidden = row(id="2", buyer="b\u200b") + row(id="3\u2060")
    done = run_import(ABOVE + row(buyer="cafe\u0301", shop="\u3000店 ") + hidden, PARTS)
    assert (done.cases, done.rejected) == (1, 2)
    assert [reason for _, reason in rejected(tmp_path)] == [
        "buyer: 'b\\u200b' holds the invisible character U+200B",
        "id: '3\\u2060' holds the invisible character U+2060",
    ]
    dispute = disputes.find(CASE).dispute
    assert (dispute.buyer, dispute.seller) == ("caf\u00e9", "店")


def test_later_imports_go_on_after_such_a_row(run_import: Import) -> None:
    run_import(ABOVE + row(shop="s" * 6_000), PARTS)
    again = run_import(HEADER + GOOD)
    assert (again.cases, again.rejected) == (1, 0)
