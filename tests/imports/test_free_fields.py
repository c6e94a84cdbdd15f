"""Free fields of imported cases are found by the search, and cut reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from application.cases.disputes import Disputes
from application.exports.pseudonyms import Pseudonyms
from application.imports.mapping import MappingError
from application.imports.mapping_validation import load
from application.log.build.integrate import LogBuilder
from application.record.schema.migrations import STORE
from application.record.sequencer import Sequencer
from application.record.session import open_session
from domain.identity import imported_key
from projections.audit.audit_search import Search, found
from projections.lake.lake_export import LakeExport
from projections.lake.lake_report import lake_report
from projections.lake.lake_store import Lake
from projections.reports.period import BadQuestion, Question
from projections.reports.report import report
from projections.reports.report_edition import canonical
from tests.conftest import ManualWorker
from tests.imports.conftest import GOOD, HEADER, MAPPING, Import
from tests.lake.written_record import KEY, told_nothing
from tests.samples import BOOKS

WITH_REGION = (
    MAPPING
    + """
[extra]
region = { column = "region" }
product = { column = "product" }
"""
)
ROWS = "".join(
    GOOD.replace("1,", f"{number},", 1).replace("\n", f",{region},{product}\n")
    for number, region, product in (
        (1, "north", "kettle"),
        (2, "north", ""),
        (3, "south", "lamp's"),
        (4, "", ""),
    )
)
TEXT = HEADER.replace("\n", ",region,product\n") + ROWS
BY_REGION = Question(period="2025", by="extra.region")


@pytest.fixture(autouse=True)
def _imported(run_import: Import, worker: ManualWorker) -> None:
    run_import(TEXT, WITH_REGION)
    worker.catch_up()


@pytest.mark.parametrize(
    ("said", "records"),
    [
        ("region=north", ["1", "2"]),
        ("product=lamp's", ["3"]),
        ("region=east", []),
        ("product=north", []),
    ],
)
def test_filings_are_found_by_them(
    disputes: Disputes, said: str, records: list[str]
) -> None:
    rows = found(disputes.database, Search(extra=said), limit=10)
    assert [(one.case_id, one.type) for one in rows] == [
        (imported_key("desk", record), "filed") for record in records
    ]


def test_a_report_is_cut_by_them_here_and_over_a_lake(url: str, tmp_path: Path) -> None:
    for job in (Sequencer(url), LogBuilder(url)):
        while job.tick():
            pass
        job.close()
    lake = Lake(str(tmp_path / "lake"))
    with open_session(url, search_path=STORE.name) as connection:
        told = report(connection, BY_REGION)
        LakeExport(
            url=url, lake=lake, pseudonyms=Pseudonyms(KEY), books=BOOKS, few=10
        ).run(connection, told_nothing, told_nothing)
    opened = {group.key: group["opened"].value for group in told.groups}
    assert opened == {"north": 2, "south": 1, "unknown": 1}
    assert canonical(lake_report(lake, BY_REGION)) == canonical(told)


@pytest.mark.parametrize("by", ["extra.", "extra.Region", "extra.a'b", "extra.a b"])
def test_what_is_no_name_of_a_field_cuts_nothing(by: str) -> None:
    with pytest.raises(BadQuestion):
        _ = Question(period="2025", by=by).cuts


def test_a_mapping_names_fields_that_reports_can_be_cut_by() -> None:
    with pytest.raises(MappingError, match=r"extra.Region: is no name"):
        load(WITH_REGION.replace("region = {", "Region = {"), BOOKS.codes)
