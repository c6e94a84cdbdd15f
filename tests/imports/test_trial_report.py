"""The figures of a trial are those that the import gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from application.cases.disputes import Disputes
from application.imports.mapping_validation import load
from application.imports.trial import tried
from application.record.envelope import Recorded
from application.record.schema.migrations import STORE
from application.record.session import open_session
from projections.lake.trial_report import trial_report
from projections.reports.period import Question
from projections.reports.report import Report, report
from tests.conftest import ManualWorker
from tests.imports.conftest import GOOD, HEADER, MAPPING, Import
from tests.samples import BOOKS

ROWS = HEADER + "".join(
    GOOD.replace("1,", f"{n},", 1).replace("02-03", f"02-{n:02}") for n in range(3, 25)
)


def test_they_are_those_of_the_report_afterwards(
    disputes: Disputes,
    run_import: Import,
    worker: ManualWorker,
    url: str,
    tmp_path: Path,
) -> None:
    question = Question(period="2025", by="category")
    counted: list[Report] = []

    def count(cases: Iterator[Sequence[Recorded]]) -> None:
        counted.append(trial_report(cases, question))

    (tmp_path / "file.csv").write_text(ROWS, encoding="utf-8")
    mapping = load(MAPPING, BOOKS.codes)
    tried(disputes, mapping, [tmp_path / "file.csv"], cases_seen=count)
    run_import(ROWS)
    worker.catch_up()
    with open_session(url, search_path=STORE.name) as connection:
        told = report(connection, question)
    assert [group.key for group in told.groups] == ["quality"]
    assert told.groups[0]["opened"].value == 22
    assert counted[0].groups == told.groups
    assert counted[0].left_out == told.left_out
