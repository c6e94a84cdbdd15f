"""A large event log, whose rows stand in any order: no case of it is rejected."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from application.cases.disputes import Disputes
from domain.identity import imported_key
from tests.conftest import ManualWorker
from tests.imports.conftest import Import
from tests.imports.test_recipes import recipes
from tests.sizes import sized

ROWS = sized(6_000, 35_000)
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


def log(path: Path) -> int:
    """Write the log; return how many cases it has."""
    rng = random.Random(35)
    rows: list[str] = []
    cases = 0
    while len(rows) < ROWS:
        cases += 1
        begin = BEGIN + timedelta(hours=rng.randint(0, 40_000))
        rest = [("Add Penalty", "70.00", ""), ("Appeal", "", "")]
        rest += [("Payment", "", "")] * rng.randint(0, 3)
        rest += [("Result", "", rng.choice(["upheld", "reversed"]))]
        events = [("Create Fine", "35.00", ""), *rng.sample(rest, rng.randint(0, 3))]
        for number, (activity, amount, result) in enumerate(events):
            # Some happen at the same moment, as logs have it.
            at = begin + timedelta(days=number // 2)
            rows.append(f"F{cases},{activity},{at.isoformat()},{amount},{result}")
    rng.shuffle(rows)
    path.write_text("case,activity,at,amount,result\n" + "\n".join(rows) + "\n")
    return cases


@pytest.mark.long
def test_no_case_of_an_event_log_is_rejected(
    run_import: Import, worker: ManualWorker, url: str, tmp_path: Path
) -> None:
    (mapping,) = (one for one in recipes()["event-log"] if one.language == "toml")
    cases = log(tmp_path / "log.csv")
    done = run_import(tmp_path / "log.csv", mapping.text)
    assert (done.cases, done.rejected) == (cases, 0)
    assert done.rows >= ROWS
    worker.catch_up()
    with psycopg.connect(url) as connection:
        wrong = connection.execute(
            "SELECT name FROM redress.followers WHERE halted IS NOT NULL"
            " UNION SELECT follower FROM redress.parked"
        ).fetchall()
    assert wrong == []


@pytest.mark.long
def test_a_case_of_5000_events_is_imported(
    run_import: Import, disputes: Disputes
) -> None:
    (mapping,) = (one for one in recipes()["event-log"] if one.language == "toml")
    rows = ["F1,Create Fine,2020-01-01T00:00:00Z,35.00,"]
    for number in range(5_000):
        at = BEGIN + timedelta(minutes=number)
        rows.append(f"F1,Payment,{at.isoformat()},,")
    random.Random(5).shuffle(rows)
    content = "case,activity,at,amount,result\n" + "\n".join(rows) + "\n"
    done = run_import(content, mapping.text)
    assert (done.cases, done.events, done.rejected) == (1, 5_002, 0)
    events = disputes.find(imported_key("fines", "F1")).events
    assert [one.at for one in events] == sorted(one.at for one in events)
