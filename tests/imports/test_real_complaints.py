"""Real complaints: the figures equal a count made straight from the files."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
import pytest

from application.cases.disputes import Disputes
from application.imports.mapping_text import text_of
from application.record.database import Database
from domain.identity import imported_key
from projections.audit.audit_search import Search, found
from projections.reports.period import Question
from projections.reports.report import report
from tests.conftest import ManualWorker
from tests.imports.conftest import Import

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "complaints"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the complaints lie outside the project"
)


def rows_of(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def session(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        connection.execute("SET timezone TO 'UTC'")
        yield connection


def figures(session: psycopg.Connection, **asked: Any) -> dict[str, Any]:
    """Return figure -> value, or group -> value for a cut by month."""
    counted = report(session, Question(**asked))
    if asked.get("by") == "month":
        return {group.key: group for group in counted.groups}
    return {figure.id: figure for figure in counted.groups[0].figures}


def test_sindec(
    run_import: Import,
    worker: ManualWorker,
    session: psycopg.Connection,
    database: Database,
    disputes: Disputes,
) -> None:
    rows = rows_of("sindec_2009.csv")
    done = run_import(FOLDER / "sindec_2009.csv", text_of("sindec"))
    assert (done.cases, done.rejected) == (len(rows), 0) == (4_474, 0)
    worker.catch_up()

    everything = figures(session, period="all", system="sindec")
    opened = [datetime.fromisoformat(row["data_abertura"]) for row in rows]
    closed = [datetime.fromisoformat(row["data_fechamento"]) for row in rows]
    days = [(c - o) / timedelta(days=1) for o, c in zip(opened, closed, strict=True)]
    met = Counter(row["atendida"] for row in rows)
    assert everything["opened"].value == len(rows)
    assert everything["claim-met"].value == met["1"]
    assert everything["claim-not-met"].value == met["0"]
    assert everything["days-open"].value == round(median(days), 4)
    assert everything["days-open"].mean == round(sum(days) / len(days), 4)

    months = figures(session, period="all", by="month", system="sindec")
    assert {
        key: group["opened"].value
        for key, group in months.items()
        if group["opened"].value
    } == Counter(f"{day:%Y-%m}" for day in opened)
    assert {
        key: group["closed"].value
        for key, group in months.items()
        if group["closed"].value
    } == Counter(f"{day:%Y-%m}" for day in closed)
    for month in ("2007-02", "2009-05"):
        one = figures(session, period=month, system="sindec")
        assert one["closed"].value == sum(f"{day:%Y-%m}" == month for day in closed)
        assert one["opened"].value == sum(f"{day:%Y-%m}" == month for day in opened)

    brasilia = timedelta(hours=-3)
    for row in rows[::500]:
        case = imported_key("sindec", row["id"])
        told = found(database, Search(case_id=case), limit=1_000)
        local = [(recorded.at + brasilia).replace(tzinfo=None) for recorded in told]
        assert [f"{moment}" for moment in local] == [
            row["data_abertura"],
            row["data_fechamento"],
        ]
        assert [recorded.type for recorded in told] == ["filed", "closed"]
        assert {recorded.imported_record for recorded in told} == {row["id"]}
        assert all(recorded.recorded_at == disputes.clock() for recorded in told)


def test_cfpb(
    run_import: Import,
    worker: ManualWorker,
    session: psycopg.Connection,
    database: Database,
    disputes: Disputes,
) -> None:
    new, old = rows_of("cfpb.csv"), rows_of("cfpb_disputed.csv")
    assert run_import(FOLDER / "cfpb.csv", text_of("cfpb")).rejected == 0
    assert run_import(FOLDER / "cfpb_disputed.csv", text_of("cfpb")).rejected == 0
    worker.catch_up()
    received = [r["Date received"] for r in new] + [r["date_received"] for r in old]
    answers = Counter(
        [r["Company response to consumer"] for r in new]
        + [r["company_response_to_consumer"] for r in old]
    )
    late = sum(r["Timely response?"] == "No" for r in new) + sum(
        r["timely_response"] == "false" for r in old
    )
    disputed = sum(r["Consumer disputed?"] == "Yes" for r in new) + sum(
        r["consumer_disputed"] == "Yes" for r in old
    )

    counted = figures(session, period="all", system="cfpb")
    assert counted["opened"].value == len(new) + len(old) == 1_145
    assert counted["answered"].parts == {
        "explained": answers["Closed with explanation"],
        "monetary-relief": answers["Closed with monetary relief"],
        "non-monetary-relief": answers["Closed with non-monetary relief"],
        "no-relief": answers["Closed without relief"],
        "unspecified": answers["Closed"],
    }
    assert counted["response-missed"].value == late
    assert counted["response-in-time-with-pending"].numerator == 1_145 - late
    assert counted["escalated"].value == disputed
    months = figures(session, period="all", by="month", system="cfpb")
    assert {key: group["opened"].value for key, group in months.items()} == Counter(
        day[:7] for day in received
    )
    undated = report(session, Question(period="2023", system="cfpb")).left_out
    assert undated["closed"] == sum(
        number for answer, number in answers.items() if answer.startswith("Closed")
    )

    disputed_row = next(r for r in old if r["consumer_disputed"] == "Yes")
    case = imported_key("cfpb", disputed_row["complaint_id"])
    told = found(database, Search(case_id=case), limit=1_000)
    assert [(recorded.type, recorded.precision) for recorded in told] == [
        ("filed", "day"),
        ("notice-served", "day"),
        ("seller-responded", "not-before"),
        ("escalated", "not-before"),
        ("closed", "not-before"),
    ]
    eastern = timedelta(hours=-4)
    assert f"{told[0].at + eastern:%Y-%m-%d}" == disputed_row["date_received"]
    assert told[0].recorded_at == disputes.clock()
    assert told[0].at.tzinfo is not None
    assert told[0].at.astimezone(UTC) == told[0].at
