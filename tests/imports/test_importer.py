"""Importing a file: what it states, once, and what it does not, not at all."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from application.cases.disputes import Disputes
from application.imports import row_batches as importing
from application.imports.mapping import MappingError
from application.imports.progress import Progress
from application.record.envelope import Precision
from domain.case.dispute import Phase
from domain.filing.events import Filed
from domain.identity import imported_key
from domain.performance.events import Closed
from domain.roles import Role
from tests.conftest import ManualWorker
from tests.imports.conftest import GOOD, HEADER, MAPPING, Import
from tests.samples import NOW

CASE = imported_key("desk", "1")


def rejected(tmp_path: Path) -> list[tuple[str, str]]:
    path = tmp_path / "rejects.csv"
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:2] == ["line", "reason"]
    return [(row[0], row[1]) for row in rows[1:]]


def test_a_row_becomes_the_facts_that_it_states(
    run_import: Import, disputes: Disputes
) -> None:
    done = run_import(HEADER + GOOD)
    assert (done.cases, done.events, done.rejected) == (1, 2, 0)
    case = disputes.find(CASE)
    filed, closed = disputes.mapper.opened(case.events)
    assert isinstance(filed.event, Filed)
    assert filed.at == datetime(2025, 1, 2, 2, tzinfo=UTC)
    assert filed.recorded_at == NOW
    assert filed.event.facts == "It broke."
    assert filed.event.paid is not None
    assert filed.event.paid.amount == 1_290
    assert filed.actor.id == "b-9"
    assert filed.imported is not None
    assert (filed.imported.record, filed.imported.precision) == ("1", Precision.SECOND)
    assert isinstance(closed.event, Closed)
    assert closed.at == datetime(2025, 2, 2, 16, tzinfo=UTC)
    assert closed.imported is not None
    assert closed.imported.precision is Precision.DAY
    assert closed.prev is not None
    assert case.dispute.phase is Phase.CLOSED


def test_what_the_source_does_not_say_is_not_invented(
    run_import: Import, disputes: Disputes
) -> None:
    run_import(HEADER + "1,2025-01-02 10:00:00,,lost,?,,\n")
    (filed,) = disputes.find(CASE).events
    assert isinstance(filed.event, Filed)
    event = filed.event
    assert (event.buyer, event.seller, event.claim, event.facts, event.paid) == (
        (None,) * 5
    )
    assert (event.deadlines, event.policy, filed.policy) == ((), None, None)
    assert filed.actor.role is Role.BUYER
    assert filed.actor.id is None


def test_narratives_are_sealed(run_import: Import, url: str) -> None:
    run_import(HEADER + GOOD)
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT state FROM redress.events").fetchall()
    assert rows
    assert all(b"It broke." not in state for (state,) in rows)


def test_twice_adds_nothing(run_import: Import, url: str) -> None:
    run_import(HEADER + GOOD)
    again = run_import(HEADER + GOOD)
    assert (again.cases, again.events, again.present) == (0, 0, 1)
    longer = run_import(HEADER + GOOD + GOOD.replace("1,", "2,", 1))
    assert (longer.cases, longer.present) == (1, 1)
    with psycopg.connect(url) as connection:
        count = connection.execute("SELECT count(*) FROM redress.events").fetchone()
    assert count == (4,)


def test_bad_rows_go_to_a_file_with_line_and_reason(
    run_import: Import, tmp_path: Path
) -> None:
    rows = [
        GOOD,
        "2,2025-01-02 10:00:00,,broken\n",
        "3,yesterday,,broken,b,x,1\n",
        "4,2025-01-02 10:00:00,,burnt,b,x,1\n",
        "5,2025-01-02 10:00:00,,broken,b,x,1.234\n",
        "6,2025-03-02 10:00:00,2025-01-01,broken,b,x,1\n",
        ",2025-01-02 10:00:00,,broken,b,x,1\n",
        GOOD,
        "\n",
        '8,2025-01-02 10:00:00,,broken,b,"two\nlines",1\n',
        '9,2025-01-02 10:00:00,,broken,b,"quo"te,1\n',
        "10,2025-01-02 10:00:00,,broken,b,x,-1\n",
        f"11,2025-01-02 10:00:00,,broken,b,{'长' * 40_000},1\n",
        "12,2025-01-02 10:00:00,,broken,b,the last,1\n",
    ]
    done = run_import(HEADER + "".join(rows))
    assert (done.cases, done.present, done.rejected) == (3, 1, 9)
    found = dict(rejected(tmp_path))
    assert {line: reason[:24] for line, reason in found.items()} == {
        "3": "has 4 fields, the header",
        "4": "at: 'yesterday' is not a",
        "5": "reason: 'burnt' is not in"[:24],
        "6": "paid: '1.234' has more d",
        "7": "closed at 2024-12-31 16:",
        "8": "id: there is no id",
        "13": "not CSV: there is text b",
        "14": "paid: '-1' may not be ne",
        "15": "makes the event too larg",
    } | {"5": found["5"][:24], "13": found["13"][:24]}


def test_a_broken_encoding_costs_only_its_row(
    run_import: Import, tmp_path: Path
) -> None:
    content = (HEADER + GOOD).encode() + GOOD.encode().replace(b"1,", b"2,", 1).replace(
        b"It broke", b"It br\xf6ke"
    )
    content += GOOD.encode().replace(b"1,", b"3,", 1)
    done = run_import(content)
    assert (done.cases, done.rejected) == (2, 1)
    assert rejected(tmp_path) == [("3", "story: not text in the file's encoding")]


def test_another_encoding_can_be_named(run_import: Import, disputes: Disputes) -> None:
    mapping = 'encoding = "gb18030"\n' + MAPPING
    run_import((HEADER + GOOD.replace("It broke.", "坏了")).encode("gb18030"), mapping)
    (filed, _) = disputes.mapper.opened(disputes.find(CASE).events)
    assert isinstance(filed.event, Filed)
    assert filed.event.facts == "坏了"


@pytest.mark.parametrize("content", ["", "a,b,c\n1,2,3\n", "id\n1\n"])
def test_a_file_without_the_columns_is_refused(
    run_import: Import, content: str
) -> None:
    with pytest.raises(MappingError, match=r"empty|no column"):
        run_import(content)


def test_a_time_outside_all_years_rejects_its_row(
    run_import: Import, tmp_path: Path
) -> None:
    done = run_import(HEADER + GOOD.replace("2025-01-02 10", "0001-01-01 00"))
    assert (done.cases, done.rejected) == (0, 1)
    assert "years 1-9999" in rejected(tmp_path)[0][1]


def many(count: int) -> str:
    rng = random.Random(7)
    rows = []
    for n in range(count):
        broken = rng.random() < 0.05
        day = "someday" if broken else "2025-01-02 10:00:00"
        rows.append(f"{n},{day},2025-02-03,broken,b-{n},It broke.,12.90\n")
    return HEADER + "".join(rows)


def test_interrupted_it_goes_on_where_it_stopped(
    run_import: Import,
    tmp_path: Path,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importing, "BATCH", 20)
    content = many(200)

    def interrupt_at(rows: int) -> object:
        def tell(progress: Progress) -> None:
            if progress.rows >= rows:
                raise KeyboardInterrupt

        return tell

    for stop in (60, 120):
        with pytest.raises(KeyboardInterrupt):
            run_import(content, tell=interrupt_at(stop))
        # What was written after the last commit is cut off when it goes on.
        with (tmp_path / "rejects.csv").open("ab") as file:
            file.write(b"half a line")
    seen: list[int] = []
    done = run_import(content, tell=lambda progress: seen.append(progress.rows))
    assert seen[0] == 140
    assert done.rows == 200
    assert done.cases + done.rejected == 200
    lines = [line for line, _ in rejected(tmp_path)]
    assert len(lines) == len(set(lines)) == done.rejected
    with psycopg.connect(url) as connection:
        count = connection.execute("SELECT count(*) FROM redress.events").fetchone()
    assert count == (2 * done.cases,)


def test_two_imports_of_the_same_file_at_once_add_it_once(
    run_import: Import, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    monkeypatch.setattr(importing, "BATCH", 10)
    content = many(100)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: run_import(content), range(2)))
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT count(*), count(DISTINCT originator_id) FROM redress.events"
        ).fetchone()
    assert rows is not None
    assert rows[0] == 2 * rows[1]


def test_imported_cases_call_for_nothing_by_themselves(
    run_import: Import, worker: ManualWorker, url: str
) -> None:
    run_import(HEADER + "1,2025-01-02 10:00:00,,lost,b-9,,\n")
    worker.catch_up()
    with psycopg.connect(url) as connection:
        agenda = connection.execute("SELECT count(*) FROM redress.agenda").fetchone()
        queue = connection.execute(
            "SELECT phase, imported_from, due FROM redress.queue"
        ).fetchone()
    assert agenda == (0,)
    assert queue == ("filed", "desk", None)
