"""Consistency over the lake is that of the record."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from projections.consistency.consistency_report import consistency
from projections.lake.lake_consistency import lake_consistency
from projections.lake.lake_store import Lake
from projections.reports.period import Question
from tests.consistency.counted_cases import parts_of
from tests.lake.written_record import WrittenRecord


@pytest.mark.parametrize(
    "question",
    [
        Question(period="2026"),
        Question(period="2026-Q3", category="delivery"),
        Question(period="all", platform="shop"),
        Question(period="2026-07", zone="America/New_York", system=""),
    ],
    ids=str,
)
def test_it_is_counted_alike(
    written: WrittenRecord, lake: Lake, question: Question
) -> None:
    with written.session() as connection:
        record = consistency(connection, question, 3)
    of_lake = lake_consistency(lake, question, 3)
    counted, known = parts_of(of_lake), parts_of(record)
    assert counted.alike == known.alike
    assert counted.lateness == known.lateness
    assert counted.reversals.by_rule == known.reversals.by_rule
    assert counted.reversals.by_category == known.reversals.by_category
    # People have other names there, and stand in the same order.
    hidden = [
        [(one.changed, one.decided, one.low) for one in each.reversals.by_decider]
        for each in (counted, known)
    ]
    assert hidden[0] == hidden[1]
    faults = [
        [replace(one, seller="") for one in each.sellers.listed]
        for each in (counted, known)
    ]
    assert faults[0] == faults[1]
    rest = replace(of_lake, reversals=record.reversals, sellers=record.sellers)
    assert rest == record


def test_both_count_nothing_of_a_time_before_the_record(
    written: WrittenRecord, lake: Lake
) -> None:
    before = Question(period="1999")
    with written.session() as connection:
        record = consistency(connection, before, 3)
    assert record.alike is None
    assert record.record_from
    assert lake_consistency(lake, before, 3) == record


def test_the_record_has_something_of_each(written: WrittenRecord) -> None:
    with written.session() as connection:
        record = parts_of(consistency(connection, Question(period="all"), 1))
    assert record.reversals.whole.decided
    assert record.alike.pairs
    assert any(one.late for one in record.lateness)
    assert record.sellers.listed
