"""Consistency of hand-counted cases: reversals, alike cases, lateness, faults."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.roles import Actor, Role
from projections.consistency.alike_cases import pairs
from projections.consistency.consistency_report import consistency
from projections.consistency.wilson_interval import UNKNOWN, share, wilson
from projections.reports.period import BadQuestion, Question
from projections.reports.report import report
from tests.consistency.counted_cases import (
    ALIKE,
    APPEALS,
    RULED,
    Counted,
    add,
    parts_of,
)
from tests.consistency.counted_cases import (
    MARCH as RULED_IN,
)

MARCH = Question(period="2026-03")
REGULATOR = Actor(role=Role.REGULATOR, id="r-1")


@pytest.fixture(scope="module")
def found(counted: psycopg.Connection) -> Counted:
    return parts_of(consistency(counted, MARCH))


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (5, 10, 0.2366, 0.7634),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 1, 0.2065, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("of", "least"), [(9, 10), (0, 1), (0, 0)])
def test_of_too_few_cases_no_share_is_told(of: int, least: int) -> None:
    assert share(0, of, least) is UNKNOWN
    assert share(0, of + 1, of + 1).rate == 0


def test_reversals_are_counted_by_rule_category_and_decider(
    found: Counted,
) -> None:
    reversals = found.reversals

    def numbers(of: Any) -> list[tuple[str, int, int]]:
        return [(one.key, one.changed, one.decided) for one in of]

    assert numbers([reversals.whole]) == [("all", 6, 13)]
    assert numbers(reversals.by_decider) == [("m-1", 4, 10), ("m-2", 2, 3)]
    assert numbers(reversals.by_category) == [("quality", 6, 12), ("delivery", 0, 1)]
    assert numbers(reversals.by_rule) == [
        ("rules/1:3", 6, 12),
        ("proof/1:a", 3, 3),
        ("ground:late", 0, 1),
    ]
    first, few = reversals.by_decider
    assert (first.rate, first.low, first.high) == (0.4, 0.168180, 0.687326)
    assert (few.rate, few.low, few.high) == (None, None, None)


def test_they_are_those_of_the_published_rate(
    counted: psycopg.Connection, found: Counted
) -> None:
    rate = report(counted, MARCH).groups[0]["reversal-rate"]
    whole = found.reversals.whole
    assert (whole.changed, whole.decided) == (rate.numerator, rate.denominator)
    assert whole.rate == rate.value


def test_fewer_cases_are_enough_where_that_is_asked(
    counted: psycopg.Connection,
) -> None:
    asked = parts_of(consistency(counted, MARCH, 3)).reversals.by_decider
    # The one whose lower bound is higher comes first.
    assert [(one.key, one.rate) for one in asked] == [("m-2", 0.666667), ("m-1", 0.4)]


def test_alike_cases_are_told_with_how_they_were_decided(
    found: Counted,
) -> None:
    alike = found.alike
    assert (alike.pairs, alike.different, alike.kinds) == (7, 5, 1)
    (kind,) = alike.listed
    assert (kind.category, kind.reason, kind.cited, kind.amount, kind.evidence) == (
        *("quality", "defect", "rules/1:3", "CNY 100-500", "photo"),
    )
    assert (kind.cases, kind.pairs, kind.different) == (4, 6, 5)
    assert [(one.liability, one.remedies, one.cases) for one in kind.decisions] == [
        ("seller", "refund", 2),
        ("buyer", "dismissal", 1),
        ("seller", "repair", 1),
    ]


def test_a_case_stands_beside_the_alike_one_before_it(
    counted: psycopg.Connection,
) -> None:
    first = len(APPEALS) + 1
    listed = pairs(counted, MARCH, REGULATOR, limit=10)
    assert [(one.earlier_id.int, one.case_id.int) for one in listed] == [
        (first + 1, first + 2),
        (first + 2, first + 3),
    ]
    last = listed[-1]
    assert (last.earlier_liability, last.earlier_remedies) == ("seller", "repair")
    assert (last.liability, last.remedies, last.decider) == (
        "buyer",
        "dismissal",
        "m-2",
    )
    assert last.earlier_ruled_at < last.ruled_at
    (one,) = pairs(counted, MARCH, REGULATOR, limit=1)
    (rest,) = pairs(counted, MARCH, REGULATOR, limit=10, after=one.case_id)
    assert [one, rest] == listed
    elsewhere = Question(period="2026-03", platform="bazaar")
    assert pairs(counted, elsewhere, REGULATOR, limit=10) == []


def test_each_stage_is_as_late_as_its_figure_says(
    counted: psycopg.Connection, found: Counted
) -> None:
    figures = report(counted, MARCH).groups[0]
    for stage, figure in {
        "admission": "admission-in-time",
        "response": "response-in-time",
        "ruling": "ruling-in-time",
        "performance": "performed-in-time",
    }.items():
        (whole,) = (
            one for one in found.lateness if (one.stage, one.category) == (stage, "all")
        )
        of = figures[figure]
        assert (whole.cases, whole.cases - whole.late) == (of.denominator, of.numerator)
        own = [
            (one.cases, one.late)
            for one in found.lateness
            if one.stage == stage and one.category != "all"
        ]
        assert [sum(n) for n in zip((0, 0), *own, strict=True)] == [
            whole.cases,
            whole.late,
        ]
    response = [
        (one.category, one.cases, one.late, one.rate)
        for one in found.lateness
        if one.stage == "response"
    ]
    assert response == [("all", 2, 2, None), ("quality", 2, 2, None)]


def test_sellers_with_repeated_faults_are_named(found: Counted) -> None:
    assert found.sellers.sellers == 2
    first, second = found.sellers.listed
    # s-1 was liable in 5 of the 12 cases; s-8, with 2 faults, is no repetition.
    assert (first.seller, first.faults, first.ruled) == ("s-1", 5, len(ALIKE))
    assert first.rate == round(5 / 12, 6)
    assert (second.seller, second.faults, second.ruled) == ("s-7", 3, 4)
    assert (second.defaulted, second.sanctioned, second.unanswered) == (1, 1, 0)
    assert second.rate is None


def test_a_period_without_cases_has_none_of_it(counted: psycopg.Connection) -> None:
    april = consistency(counted, Question(period="2026-04"))
    assert april.record_from is None
    empty = parts_of(april)
    assert (empty.reversals.whole.decided, empty.reversals.whole.rate) == (0, None)
    assert empty.reversals.by_rule == empty.reversals.by_decider == ()
    assert (empty.alike.pairs, empty.alike.listed) == (0, ())
    assert [(one.category, one.cases) for one in empty.lateness] == [("all", 0)] * 4
    assert empty.sellers.listed == ()


@pytest.mark.parametrize("period", ["2026-02", "2025", "1999"])
def test_of_a_time_before_the_record_nothing_is_counted(
    counted: psycopg.Connection, period: str
) -> None:
    before = consistency(counted, Question(period=period))
    # 0 of 0 pairs would say that all was decided alike.
    assert (before.reversals, before.alike, before.lateness, before.sellers) == (
        *(None, None, None, None),
    )
    assert before.record_from == "2026-03-09"


def test_the_first_day_is_told_of_a_period_that_begins_before_the_record(
    counted: psycopg.Connection, found: Counted
) -> None:
    for period in ("2026", "2026-03"):
        year = consistency(counted, Question(period=period))
        assert year.record_from == "2026-03-09"
        assert parts_of(year) == found
    # A category has no record of its own: no case of it is an answer.
    of_it = consistency(counted, Question(period="2026-03", category="nothing"))
    assert parts_of(of_it).alike.pairs == 0


def test_a_ruling_that_is_dated_where_its_filing_is_not_is_counted(url: str) -> None:
    undated = RULED | {"opened_at": None, "ruled_at": RULED_IN - timedelta(days=14)}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        add(connection, [RULED, undated, undated])
        february = consistency(connection, Question(period="2026-02"))
        january = consistency(connection, Question(period="2026-01"))
    assert parts_of(february).alike.pairs == 1
    assert (february.record_from, january.record_from) == ("2026-03-09", "2026-03-09")
    assert january.alike is None


def test_all_time_has_what_the_month_has(
    counted: psycopg.Connection, found: Counted
) -> None:
    whole = consistency(counted, Question(period="all"))
    assert whole.record_from is None
    assert parts_of(whole) == found


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Question(period="2026-03", by="category"), "by"),
        (Question(period="2026-13"), "period"),
    ],
)
def test_what_it_cannot_answer_is_refused(
    counted: psycopg.Connection, asked: Question, field: str
) -> None:
    with pytest.raises(BadQuestion) as refused:
        consistency(counted, asked)
    assert refused.value.field == field


def test_one_case_is_like_no_other(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        add(connection, [RULED, RULED | {"cited": ""}, RULED | {"cited": None}])
        alike = parts_of(consistency(connection, MARCH)).alike
        listed = pairs(connection, MARCH, REGULATOR, limit=5, after=UUID(int=0))
    assert (alike.pairs, alike.kinds, listed) == (0, 0, [])
