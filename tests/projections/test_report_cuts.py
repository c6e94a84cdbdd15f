"""Reports by two things, beside the period before, and the cases behind a figure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.roles import Actor, Role
from projections.figures.case_figures import Figures
from projections.figures.figure_cases import FigureAsked, cases_behind
from projections.figures.transparency import TRANSPARENCY
from projections.reports.period import CUTS, BadQuestion, Question
from projections.reports.report import Report, report
from tests.postgres import Server
from tests.projections.random_figures import fill_with_anything

pytestmark = pytest.mark.store

MARCH, FEBRUARY = datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 2, 9, tzinfo=UTC)
RULED: dict[str, Any] = {
    "platform": "shop",
    "category": "quality",
    "reason": "defect",
    "opened_at": MARCH,
    "ruled_at": MARCH,
    "liability": "seller",
    "seller": "s-1",
    "decider": "m-1",
    "policy": "cn-default/1",
    "claimed": 12_900,
    "currency": "CNY",
}
APPEALED = {"appealed_at": MARCH, "appeal_decided_at": MARCH}
CASES: tuple[dict[str, Any], ...] = (
    RULED,
    RULED | APPEALED | {"appeal_result": "set-aside", "appeal_decider": "v-1"},
    RULED | {"liability": "buyer", "seller": "s-2", "decider": "m-2", "claimed": 9_999},
    RULED | {"category": "delivery", "currency": "JPY", "claimed": 12_900},
    RULED | {"opened_at": FEBRUARY, "ruled_at": FEBRUARY, "seller": "s-3"},
)


def write(connection: psycopg.Connection, row: Figures) -> None:
    """Write a row as the follower does, which adds it up too."""
    with connection.transaction(), connection.cursor() as cursor:
        TRANSPARENCY.store(cursor, {}, {row.case_id: (row,)})


@contextmanager
def with_cases(server: Server) -> Iterator[psycopg.Connection]:
    """Yield a session on a database that has the cases."""
    with (
        server.database() as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        connection.execute("SET search_path TO redress")
        for number, case in enumerate(CASES, 1):
            write(connection, Figures(case_id=UUID(int=number), **case))
        yield connection


@pytest.fixture(scope="module")
def session(server: Server) -> Iterator[psycopg.Connection]:
    """Yield one session for all tests that only read."""
    with with_cases(server) as connection:
        connection.execute("SET default_transaction_read_only = on")
        yield connection


@pytest.fixture
def own(server: Server) -> Iterator[psycopg.Connection]:
    """Yield a session on cases that the test may change."""
    with with_cases(server) as connection:
        yield connection


def asked(
    session: psycopg.Connection, *, compared: bool = False, **query: Any
) -> Report:
    question = Question(**{"period": "2026-03"} | query)
    return report(session, question, compared=compared)


def opened(counted: Report) -> dict[str, int | float | None]:
    return {group.key: group["opened"].value for group in counted.groups}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("seller", {"s-1": 3, "s-2": 1}),
        ("mediator", {"m-1": 3, "m-2": 1}),
        ("policy", {"cn-default/1": 4}),
        ("liability", {"buyer": 1, "seller": 3}),
        ("amount", {"CNY 0-100": 1, "CNY 100-500": 2, "JPY 10000-": 1}),
        (
            "category,liability",
            {"delivery,seller": 1, "quality,buyer": 1, "quality,seller": 2},
        ),
        ("outcome", {"unknown": 4}),
    ],
)
def test_a_report_is_cut_by_one_thing_or_two(
    session: psycopg.Connection, by: str, expected: dict[str, int]
) -> None:
    counted = asked(session, by=by)
    assert opened(counted) == expected
    for group in counted.groups:
        assert group.keys == (tuple(group.key.split(",")) if "," in by else ())


@pytest.mark.parametrize("first", CUTS)
@pytest.mark.parametrize("second", CUTS)
def test_groups_add_up_to_the_whole(
    session: psycopg.Connection, first: str, second: str
) -> None:
    if first == second:
        with pytest.raises(BadQuestion):
            asked(session, by=f"{first},{second}")
    else:
        counted = opened(asked(session, by=f"{first},{second}"))
        assert sum(number or 0 for number in counted.values()) == 4


def test_bands_are_in_the_order_of_their_amounts(own: psycopg.Connection) -> None:
    for number, claimed in enumerate((20_000_00, 9_000_00, 700_00), 50):
        row = RULED | {"case_id": UUID(int=number), "claimed": claimed}
        write(own, Figures(**row))
    assert list(opened(asked(own, by="amount"))) == [
        *("CNY 0-100", "CNY 100-500", "CNY 500-2000", "CNY 2000-10000"),
        *("CNY 10000-", "JPY 10000-"),
    ]


def test_sellers_are_in_bands_by_the_cases_that_the_period_has(
    own: psycopg.Connection,
) -> None:
    """By the figure's own date, on one platform; no seller has no size."""
    sizes = {"small": 9, "middle": 10, "large": 100, "huge": 1_000, "": 3}
    own.execute("DELETE FROM transparency")
    fill_with_anything(own, sum(sizes.values()))
    for seller, number in sizes.items():
        own.execute(
            "UPDATE transparency SET seller = %s, platform = %s, opened_at = %s,"
            " zone = 'UTC' WHERE case_id IN (SELECT case_id FROM transparency"
            " WHERE platform IN ('x', 'y') LIMIT %s)",
            (seller or None, "shop", MARCH, number),
        )
    # The same name on another platform is another seller.
    own.execute(
        "UPDATE transparency SET platform = 'mall' WHERE case_id IN ("
        " SELECT case_id FROM transparency WHERE seller = 'large' LIMIT 1)"
    )
    own.execute(
        "UPDATE transparency SET opened_at = %s WHERE case_id IN ("
        " SELECT case_id FROM transparency WHERE seller = 'middle' LIMIT 1)",
        (FEBRUARY,),
    )
    asked = Question(period="2026-03", by="seller-size")
    found = {one.key: one["opened"].numerator for one in report(own, asked).groups}
    expected = {"1-9": 9 + 9 + 1, "10-99": 99, "1000+": 1_000, "unknown": 3}
    # Figures of another date have cases of their own.
    assert {key: found[key] for key in expected} == expected
    assert found.get("100-999", 0) == 0
    year = Question(period="2026", by="seller-size")
    numbers = {one.key: one["opened"].numerator for one in report(own, year).groups}
    assert (numbers["1-9"], numbers["10-99"]) == (9 + 1, 10 + 99)
    behind = FigureAsked(question=asked, metric="opened", group="10-99")
    listed = cases_behind(own, behind, limit=200)
    assert len(listed) == 99
    assert {one.seller for one in listed} == {"large"}


def test_the_period_before_stands_beside_each_figure(
    session: psycopg.Connection,
) -> None:
    counted = asked(session, compared=True, by="seller")
    assert counted.before == "2026-02"
    beside = {
        group.key: (figure.value, figure.before, figure.difference)
        for group in counted.groups
        for figure in [group["opened"]]
    }
    assert beside == {"s-1": (3, 0, 3), "s-2": (1, 0, 1), "s-3": (0, 1, -1)}


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026", "2025"),
        ("2026-Q1", "2025-Q4"),
        ("2026-Q3", "2026-Q2"),
        ("2026-01", "2025-12"),
        ("2026-12", "2026-11"),
    ],
)
def test_the_period_before_is_as_long(period: str, before: str) -> None:
    assert Question(period=period).before.period == before


@pytest.mark.parametrize(
    "query",
    [{"period": "all"}, {"by": "month"}, {"by": "seller,year"}],
    ids=lambda query: str(*query.values()),
)
def test_what_has_no_period_before_it_is_refused(
    session: psycopg.Connection, query: dict[str, str]
) -> None:
    with pytest.raises(BadQuestion) as refused:
        asked(session, compared=True, **query)
    assert refused.value.field == "compare"


def behind(session: psycopg.Connection, metric: str, **query: Any) -> list[int]:
    about = {name: query.pop(name) for name in ("by", "category") if name in query}
    question = Question(period="2026-03", **about)
    asked = FigureAsked(question=question, metric=metric, **query)
    return [row.case_id.int for row in cases_behind(session, asked, limit=50)]


def test_the_cases_behind_a_figure_are_those_that_it_counts(
    session: psycopg.Connection,
) -> None:
    assert behind(session, "opened") == [1, 2, 3, 4]
    assert behind(session, "ruled", part="buyer") == [3]
    assert behind(session, "opened", by="seller", group="s-2") == [3]
    both = {"by": "category,liability", "group": "quality,seller"}
    assert behind(session, "opened", **both) == [1, 2]
    assert behind(session, "reversal-rate") == [2]
    assert behind(session, "ruled-by-machine") == []
    assert behind(session, "ruled-by-machine", out_of="denominator") == [1, 2, 3, 4]
    assert behind(session, "opened", category="delivery") == [4]


@pytest.mark.parametrize("by", CUTS)
def test_as_many_cases_are_listed_as_each_group_counts(
    session: psycopg.Connection, by: str
) -> None:
    for group in asked(session, by=by).groups:
        for figure in group.figures:
            listed = behind(session, figure.id, by=by, group=group.key)
            assert len(listed) == figure.numerator


def test_pages_follow_one_another(session: psycopg.Connection) -> None:
    asked = FigureAsked(question=Question(period="2026-03"), metric="opened")
    first = cases_behind(session, asked, limit=3)
    rest = cases_behind(session, asked, limit=3, after=first[-1].case_id)
    assert [row.case_id.int for row in (*first, *rest)] == [1, 2, 3, 4]


def test_staff_is_not_shown_a_case_of_its_own(session: psycopg.Connection) -> None:
    reader = Actor(role=Role.SUPERVISOR, id="v-1")
    assert behind(session, "opened", reader=reader) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("metric", "query", "field"),
    [
        ("nothing", {}, "metric"),
        ("opened", {"part": "x"}, "part"),
        ("opened", {"out_of": "denominator"}, "out_of"),
        ("opened", {"by": "buyer"}, "by"),
        ("opened", {"by": "month,year,seller"}, "by"),
    ],
)
def test_what_is_no_figure_is_named(
    session: psycopg.Connection, metric: str, query: dict[str, str], field: str
) -> None:
    with pytest.raises(BadQuestion) as refused:
        behind(session, metric, **query)
    assert refused.value.field == field
