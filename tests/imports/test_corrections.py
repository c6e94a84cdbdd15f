"""What a newer export tells otherwise is corrected, where the mapping allows it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from application.cases.disputes import Disputes
from application.imports.mapping_validation import load
from application.imports.trial import tried
from application.log.fsck.event_sequence import EventSequences
from application.record.envelope import Recorded
from application.record.session import open_session
from domain.case.outcome import Outcome
from domain.identity import imported_key
from domain.imports.events import Corrected, Correction
from domain.money import Money
from domain.roles import Role
from projections.audit import audit_search
from projections.case_view.fold import fold
from projections.rebuild.rebuild_run import rebuild_views
from projections.registry import VIEWS
from tests.conftest import ManualWorker
from tests.imports.conftest import GOOD, HEADER, MAPPING, Import
from tests.imports.test_importer import rejected
from tests.samples import BOOKS

CORRECTING = 'on_contradiction = "correct"\n' + MAPPING.replace(
    'value = "decided-elsewhere"', 'column = "outcome"'
)
HEADER_2 = HEADER.replace(",paid", ",paid,outcome")
FIRST = HEADER_2 + GOOD.replace("\n", ",decided-elsewhere\n")
SECOND = (
    HEADER_2 + "1,2025-01-02 10:00:00,2025-02-05,lost,b-9,It broke.,13.90,settled\n"
)
CASE = imported_key("desk", "1")


def money(amount: int) -> Money:
    return Money(amount, "CNY")


def row_of(url: str, view: str) -> dict[str, Any]:
    with psycopg.connect(url, row_factory=dict_row) as connection:
        found = connection.execute(
            f"SELECT category, reason, outcome, closed_at FROM redress.{view}"
            " WHERE case_id = %s".encode(),
            (CASE,),
        ).fetchone()
    assert found is not None
    return found


def events(disputes: Disputes) -> list[Recorded]:
    return list(disputes.record.opened(disputes.find(CASE).events))


def test_both_values_are_kept_and_the_case_goes_on_as_stated(
    run_import: Import, disputes: Disputes, worker: ManualWorker, url: str
) -> None:
    run_import(FIRST, CORRECTING)
    done = run_import(SECOND, CORRECTING)
    assert (done.cases, done.grown, done.events, done.rejected) == (0, 1, 2, 0)
    filed, _, *corrections = events(disputes)
    assert filed.event.paid == money(1290)  # type: ignore[union-attr]
    first, second = (one.event for one in corrections)
    assert first == Corrected(
        corrects=1,
        kind="filed",
        corrections=(
            Correction(field="category", recorded="quality", stated="delivery"),
            Correction(field="paid", recorded=money(1290), stated=money(1390)),
            Correction(field="reason", recorded="defect", stated="lost-parcel"),
        ),
    )
    assert second == Corrected(
        corrects=2,
        kind="closed",
        corrections=(
            Correction(
                field="at",
                recorded="2025-02-02T16:00:00Z",
                stated="2025-02-04T16:00:00Z",
            ),
            Correction(field="precision", recorded="day", stated="day"),
            Correction(field="outcome", recorded="decided-elsewhere", stated="settled"),
        ),
    )
    assert {one.actor.role for one in corrections} == {Role.PLATFORM}
    dispute = disputes.find(CASE).dispute
    assert (dispute.category, dispute.reason) == ("delivery", "lost-parcel")
    assert (dispute.paid, dispute.outcome) == (money(1390), Outcome.SETTLED)
    worker.catch_up()
    closed = datetime(2025, 2, 4, 16, tzinfo=UTC)
    counted = row_of(url, "transparency")
    assert (counted["category"], counted["reason"]) == ("delivery", "lost-parcel")
    assert (counted["outcome"], counted["closed_at"]) == ("settled", closed)
    queued = row_of(url, "queue")
    assert (queued["category"], queued["outcome"]) == ("delivery", "settled")
    assert queued["closed_at"] == closed
    # Rebuilt from the events, the rows are the same.
    rebuild_views(url, VIEWS, lambda *_: None)
    assert row_of(url, "transparency") == counted
    assert row_of(url, "queue") == queued


def test_the_case_shows_what_was_corrected(
    run_import: Import, disputes: Disputes
) -> None:
    run_import(FIRST, CORRECTING)
    run_import(SECOND, CORRECTING)
    view = fold(events(disputes))
    assert (view.category, view.outcome) == ("delivery", "settled")
    assert view.order.paid is not None
    assert view.order.paid.amount == "13.90"
    assert view.closed_at == datetime(2025, 2, 4, 16, tzinfo=UTC)
    assert [(one.version, one.field) for one in view.corrections] == [
        (1, "category"),
        (1, "paid"),
        (1, "reason"),
        (2, "at"),
        (2, "precision"),
        (2, "outcome"),
    ]


def test_a_corrected_case_is_compared_with_what_is_stated(
    run_import: Import, disputes: Disputes
) -> None:
    run_import(FIRST, CORRECTING)
    run_import(SECOND, CORRECTING)
    again = run_import(SECOND + "\n", CORRECTING)
    assert (again.events, again.present, again.rejected) == (0, 1, 0)
    # An older export says that it was as it is recorded: that is a correction as well.
    back = run_import(FIRST + "\n", CORRECTING)
    assert (back.events, back.grown) == (2, 1)
    dispute = disputes.find(CASE).dispute
    assert (dispute.category, dispute.paid) == ("quality", money(1290))
    assert dispute.outcome is Outcome.DECIDED_ELSEWHERE


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("1,2025-01-02 10:00:00,2025-02-03,broken,b-8,It broke.,12.90,", "buyer"),
        ("1,2025-01-02 10:00:00,2025-02-03,broken,b-9,It burnt.,12.90,", "facts"),
        ("1,2025-01-03 10:00:00,2025-02-03,broken,b-9,It broke.,12.90,", "at"),
    ],
)
def test_people_texts_and_the_time_of_filing_are_not_corrected(
    run_import: Import, disputes: Disputes, tmp_path: Path, row: str, field: str
) -> None:
    run_import(FIRST, CORRECTING)
    done = run_import(HEADER_2 + row + "decided-elsewhere\n", CORRECTING)
    assert (done.events, done.rejected) == (0, 1)
    reason = rejected(tmp_path)[0][1]
    assert f"has another {field}, which cannot be corrected" in reason
    assert disputes.find(CASE).version == 2


def test_a_trial_says_what_would_be_corrected(
    run_import: Import, disputes: Disputes, tmp_path: Path
) -> None:
    run_import(FIRST, CORRECTING)
    later = tmp_path / "later.csv"
    later.write_text(SECOND, encoding="utf-8")
    summary = tried(disputes, load(CORRECTING, BOOKS.codes), [later])
    assert (summary.kinds["corrected"], summary.rejected) == (2, 0)
    assert disputes.find(CASE).version == 2


def test_the_record_holds_after_corrections(
    run_import: Import, disputes: Disputes, worker: ManualWorker, url: str
) -> None:
    run_import(FIRST, CORRECTING)
    run_import(SECOND, CORRECTING)
    worker.catch_up()
    with open_session(url, search_path="redress") as connection:
        sequences = EventSequences(connection)
        while sequences.step():
            pass
    assert disputes.find(CASE).version == 4


WITH_REGION = """
[extra]
region = { column = "outcome" }
"""


def test_a_free_field_is_compared_and_corrected(
    run_import: Import,
    disputes: Disputes,
    tmp_path: Path,
    worker: ManualWorker,
    url: str,
) -> None:
    strict = MAPPING + WITH_REGION
    rows = HEADER_2 + GOOD.replace("\n", ",north\n")
    run_import(rows, strict)
    done = run_import(rows.replace("north", "south"), strict)
    assert (done.events, done.rejected) == (0, 1)
    assert "has another extra.region" in rejected(tmp_path)[0][1]
    text = 'on_contradiction = "correct"\n' + strict
    done = run_import(rows.replace("north", "east"), text)
    assert (done.events, done.rejected) == (1, 0)
    worker.catch_up()
    search = audit_search.Search(extra="region=east")
    found = audit_search.found(disputes.database, search, limit=9)
    assert [(one.case_id, one.type) for one in found] == [(CASE, "corrected")]
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT extra FROM redress.transparency").fetchone()
    assert row == ('{"region":"east"}',)
    again = run_import(rows.replace("north", "east") + "\n", text)
    assert (again.events, again.present) == (0, 1)


def test_a_source_that_was_imported_is_read_again(
    run_import: Import, disputes: Disputes
) -> None:
    run_import(FIRST, CORRECTING)
    run_import(SECOND, CORRECTING)
    back = run_import(FIRST, CORRECTING)
    assert (back.events, back.grown) == (2, 1)
    assert disputes.find(CASE).dispute.category == "quality"
