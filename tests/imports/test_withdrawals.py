"""An import is set aside by two people: its cases stay provable, and count nowhere."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from application.cases.disputes import Disputes
from application.imports.withdrawals import NotSequenced, Withdrawals
from application.log.fsck.event_sequence import EventSequences
from application.record.session import open_session
from domain.case.dispute import Phase
from domain.identity import imported_key
from domain.imports.events import ImportWithdrawn
from domain.refusals import NotFound, SamePerson
from tests.conftest import ManualWorker
from tests.imports.conftest import GOOD, HEADER, Import
from tests.imports.test_importer import rejected

FIRST = HEADER + GOOD + GOOD.replace("1,", "2,", 1).replace(",2025-02-03", ",")
SECOND = HEADER + GOOD.replace("1,", "2,", 1) + GOOD.replace("1,", "3,", 1)


def run_of(disputes: Disputes, record: str) -> UUID:
    imported = disputes.find(imported_key("desk", record)).events[0].imported
    assert imported is not None
    assert imported.run is not None
    return imported.run


def counts(url: str) -> dict[str, int]:
    found = {}
    with psycopg.connect(url) as connection:
        for view in ("queue", "transparency", "agenda"):
            row = connection.execute(
                f"SELECT count(*) FROM redress.{view}".encode()
            ).fetchone()
            found[view] = row[0] if row else -1
    return found


def test_the_cases_of_an_import_leave_queue_and_figures(
    run_import: Import, disputes: Disputes, worker: ManualWorker, url: str
) -> None:
    run_import(FIRST)
    run_import(SECOND)
    worker.catch_up()
    assert counts(url)["queue"] == counts(url)["transparency"] == 3
    withdrawals = Withdrawals(disputes)
    run = run_of(disputes, "1")
    asked = withdrawals.request(run, None, "Minutes 12.", "v-1")
    with pytest.raises(SamePerson):
        withdrawals.approve(run, None, "v-1")
    assert withdrawals.carry_out(asked).done_at is None
    approved = withdrawals.approve(run, None, "v-2")
    done = withdrawals.carry_out(approved)
    assert (done.cases, done.approved_by) == (2, "v-2")
    worker.catch_up()
    # Case 3 came with the other import; 2 only grew by it, and goes.
    assert counts(url)["queue"] == counts(url)["transparency"] == 1
    case = disputes.find(imported_key("desk", "2"))
    assert (case.dispute.phase, case.dispute.set_aside) == (Phase.CLOSED, True)
    last = case.events[-1]
    assert isinstance(last.event, ImportWithdrawn)
    assert (last.event.basis, last.event.approver, last.actor.id) == (
        "Minutes 12.",
        "v-2",
        "v-1",
    )
    assert last.imported is None
    with open_session(url, search_path="redress") as connection:
        sequences = EventSequences(connection)
        while sequences.step():
            pass
    # Again, nothing happens.
    version = case.version
    withdrawals.carry_out(approved)
    assert disputes.find(imported_key("desk", "2")).version == version


def test_a_case_that_was_set_aside_is_not_imported_again(
    run_import: Import, disputes: Disputes, worker: ManualWorker, tmp_path: Path
) -> None:
    run_import(HEADER + GOOD)
    worker.catch_up()
    withdrawals = Withdrawals(disputes)
    run = run_of(disputes, "1")
    withdrawals.request(run, None, "Minutes 12.", "v-1")
    withdrawals.carry_out(withdrawals.approve(run, None, "v-2"))
    done = run_import(HEADER + GOOD + "\n")
    assert (done.events, done.rejected) == (0, 1)
    assert "was set aside on" in rejected(tmp_path)[0][1]


def test_an_import_that_is_not_in_the_ledger_yet_has_to_wait(
    run_import: Import, disputes: Disputes
) -> None:
    run_import(HEADER + GOOD)
    withdrawals = Withdrawals(disputes)
    run = run_of(disputes, "1")
    withdrawals.request(run, None, "Minutes 12.", "v-1")
    with pytest.raises(NotSequenced):
        withdrawals.carry_out(withdrawals.approve(run, None, "v-2"))
    with pytest.raises(NotFound):
        withdrawals.request(uuid4(), None, "Minutes 12.", "v-1")
    with pytest.raises(NotFound):
        withdrawals.request(run, "elsewhere", "Minutes 12.", "v-1")
