"""Consistency over the lake is that of the record."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from projections.consistency.consistency_report import consistency
from projections.lake.lake_consistency import lake_consistency
from projections.lake.lake_store import Lake
from projections.reports.period import Question
from tests.lake.written_record import WrittenRecord


@pytest.mark.parametrize(
    "question",
    [
        Question(period="2026"),
        Question(period="2026-Q3", category="delivery"),
        Question(period="all", platform="shop"),
        Question(period="2026-07", zone="America/New_York", system=""),
        Question(period="1999"),
    ],
    ids=str,
)
def test_it_is_counted_alike(
    written: WrittenRecord, lake: Lake, question: Question
) -> None:
    with written.session() as connection:
        record = consistency(connection, question, 3)
    found = lake_consistency(lake, question, 3)
    assert found.alike == record.alike
    assert found.lateness == record.lateness
    assert found.reversals.by_rule == record.reversals.by_rule
    assert found.reversals.by_category == record.reversals.by_category
    # People have other names there.
    hidden = [
        sorted((one.changed, one.decided) for one in each.reversals.by_decider)
        for each in (found, record)
    ]
    assert hidden[0] == hidden[1]
    faults = [
        sorted((one.faults, one.ruled, one.defaulted) for one in each.sellers.listed)
        for each in (found, record)
    ]
    assert faults[0] == faults[1]
    rest = replace(found, reversals=record.reversals, sellers=record.sellers)
    assert rest == record


def test_the_record_has_something_of_each(written: WrittenRecord) -> None:
    with written.session() as connection:
        record = consistency(connection, Question(period="all"), 1)
    assert record.reversals.whole.decided
    assert record.alike.pairs
    assert any(one.late for one in record.lateness)
    assert record.sellers.listed
