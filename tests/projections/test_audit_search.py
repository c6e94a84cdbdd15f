"""Searches in the audit trail: what they find, page by page, and what they look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest

from application.cases.disputes import Disputes
from application.record.database import Database
from application.record.row_scope import SCOPE, Scope, Sees, working_as
from projections.audit.audit_chunks import _query, positions
from projections.audit.audit_search import Search, found
from projections.audit.audit_terms import CHUNK_BITS, HASH_BITS, term
from projections.audit.audit_trail import AUDIT_TRAIL, TrailEntry
from projections.audit.search_words import words, words_of
from projections.audit.trail_row import TrailRow
from tests.conftest import Clock, ManualWorker
from tests.sample_cases import tell_all
from tests.sample_events import EVENTS, FILED, START

pytestmark = pytest.mark.store


def all_of(database: Database, **asked: Any) -> list[TrailRow]:
    """Find everything, three events a page."""
    rows: list[TrailRow] = []
    while True:
        after = rows[-1].position if rows else 0
        more = found(database, Search(**asked), limit=3, after=after)
        rows += more
        if len(more) < 3:
            return rows


Fits = Callable[[TrailRow, TrailRow], bool]
"""Whether an event fits, given the first one of its case."""

ASKED: dict[str, tuple[dict[str, Any], Fits]] = {
    "nothing": ({}, lambda _, __: True),
    "platform": ({"platform": "shop"}, lambda _, first: first.platform == "shop"),
    "seller": ({"seller": "s-1"}, lambda _, first: first.seller == "s-1"),
    "buyer": ({"buyer": "b-1"}, lambda _, first: first.buyer == "b-1"),
    "category": (
        {"category": "quality"},
        lambda _, first: (first.category or "").startswith("quality/"),
    ),
    "type": ({"type": "ruled"}, lambda one, _: one.type == "ruled"),
    "actor": ({"actor": "m-1"}, lambda one, _: one.actor_id == "m-1"),
    "decider": ({"decider": "m-1"}, lambda one, _: "m-1" in one.deciders),
    "outcome": (
        {"outcome": "withdrawn"},
        lambda one, _: one.outcome == "withdrawn",
    ),
    "late": (
        {"late": "seller"},
        lambda one, _: one.type == "deadline-missed" and one.party == "seller",
    ),
    "rule": (
        {"rule": "cn-default/1#response"},
        lambda one, _: "cn-default/1#response" in one.rules,
    ),
    "nobody": ({"seller": "nobody"}, lambda _, __: False),
    "seller, type": (
        {"seller": "s-1", "type": "closed", "platform": "shop"},
        lambda one, first: first.seller == "s-1" and one.type == "closed",
    ),
    "buyer, actor": (
        {"buyer": "b-1", "actor": "m-1"},
        lambda one, first: first.buyer == "b-1" and one.actor_id == "m-1",
    ),
}


def test_each_filter_finds_what_reading_everything_finds(
    disputes: Disputes, clock: Clock, worker: ManualWorker, database: Database
) -> None:
    tell_all(disputes, clock)
    worker.catch_up()
    everything = all_of(database)
    firsts = {one.case_id: one for one in everything if one.version == 1}
    assert len(everything) > 80
    counts = {}
    for name, (asked, fits) in ASKED.items():
        expected = [one for one in everything if fits(one, firsts[one.case_id])]
        assert all_of(database, **asked) == expected, name
        counts[name] = len(expected)
    assert not [name for name, many in counts.items() if not many and name != "nobody"]
    moments = sorted({one.at for one in everything})
    since, until = moments[len(moments) // 3], moments[2 * len(moments) // 3]
    for more in ({}, {"seller": "s-1"}, {"type": "admitted"}):
        within = all_of(database, since=since, until=until, **more)
        assert within == [
            one for one in all_of(database, **more) if since <= one.at < until
        ]
        assert within


def test_requests_find_what_they_may_see(
    disputes: Disputes, clock: Clock, worker: ManualWorker, database: Database
) -> None:
    tell_all(disputes, clock)
    worker.catch_up()
    everything = all_of(database)
    for sees, platform, many in (
        (Sees.ALL, "", len(everything)),
        (Sees.PLATFORM, "shop", len(everything)),
        (Sees.PLATFORM, "elsewhere", 0),
        (Sees.NOTHING, "", 0),
    ):
        scope = Scope(sees=sees, platform=platform, role="auditor", subject="a-1")
        with working_as(scope):
            for asked in ({}, {"since": START - timedelta(days=999)}):
                assert len(all_of(database, **asked)) == many, (sees, asked)
            assert SCOPE.get() == scope


def test_texts_are_found_by_their_words() -> None:
    assert list(words("\uff2f-1 AirPods無線耳机 3号")) == [
        *("o", "1", "airpods", "無線", "線耳", "耳机"),
        *("3", "号"),
    ]
    assert list(words("-- ,.")) == []
    assert {"o", "1"} <= words_of(FILED)


def test_no_personal_text_is_among_the_words() -> None:
    secret = {"facts", "explanation", "statement", "note", "text", "why", "message"}
    for event in EVENTS.values():
        told = words_of(event)
        for name in secret & set(event.__struct_fields__):
            if text := getattr(event, name):
                assert not (set(words(text)) - _plain(event, secret)) & told


def _plain(event: Any, secret: set[str]) -> set[str]:
    """Return the words of what is not secret, however it is stored."""
    plain = {n: getattr(event, n) for n in event.__struct_fields__ if n not in secret}
    return set(words(str(plain)))


MANY = 60_000


@pytest.fixture
def scattered(session: psycopg.Connection) -> list[TrailEntry]:
    """Rows over fifteen chunks, with terms of which some are rare; no ledger."""
    chance = Random(7)
    rows = []
    for position in range(1, MANY, 3):
        names = [("type", chance.choice("aab")), ("seller", f"s-{position % 997}")]
        if position > MANY // 2:
            names.append(("late", "seller"))
        chunk = position >> CHUNK_BITS << HASH_BITS
        rows.append(
            row_at(position, tuple(sorted(chunk | term(*one) for one in names)))
        )
    with session.cursor() as cursor:
        AUDIT_TRAIL.table.copy(cursor, rows)
        cursor.execute("SELECT settle_index('audit_trail_terms')")
    session.execute("ANALYZE audit_trail")
    return rows


def row_at(position: int, terms: tuple[int, ...]) -> TrailEntry:
    return TrailEntry(
        case_id=UUID(int=position),
        position=position,
        version=1,
        at=START + timedelta(minutes=position),
        platform=None,
        buyer=None,
        seller=None,
        category=None,
        order_id=None,
        terms=terms,
    )


def has(one: TrailEntry, name: str, value: str) -> bool:
    return one.position >> CHUNK_BITS << HASH_BITS | term(name, value) in one.terms


LOOKED_FOR: tuple[list[tuple[str, str]], ...] = (
    [],
    [("type", "a")],
    [("seller", "s-8")],
    [("late", "seller")],
    [("type", "b"), ("late", "seller")],
    [("type", "a"), ("seller", "s-1"), ("late", "seller")],
    [("type", "c")],
)
PERIODS: tuple[tuple[datetime | None, datetime | None], ...] = (
    (None, None),
    (START + timedelta(minutes=40_000), None),
    (None, START + timedelta(minutes=100)),
    (START + timedelta(minutes=20_000), START + timedelta(minutes=30_000)),
)


def test_every_page_holds_what_comes_next(
    session: psycopg.Connection, scattered: list[TrailEntry]
) -> None:
    for names in LOOKED_FOR:
        for since, until in PERIODS:
            fits = [
                one.position
                for one in scattered
                if all(has(one, *name) for name in names)
                and (since is None or one.at >= since)
                and (until is None or one.at < until)
            ]
            for after in (0, 1, 4_096, 33_000, MANY):
                numbers = [term(*name) for name in names]
                page = positions(
                    session, numbers, (since, until), limit=50, after=after
                )
                assert page == [one for one in fits if one > after][:50]


@pytest.mark.usefixtures("scattered")
@pytest.mark.parametrize("after", [0, MANY // 2, MANY * 9 // 10])
def test_no_search_reads_the_whole_trail(
    session: psycopg.Connection, after: int
) -> None:
    for names in LOOKED_FOR:
        for since, until in PERIODS:
            has_period = (since, until) != (None, None)
            if not names and not has_period:
                continue
            values: dict[str, Any] = {
                f"term_{n}_0": term(*one) for n, one in enumerate(names)
            }
            values |= {"since": since, "until": until, "after": after, "limit": 50}
            values |= {"first": after >> CHUNK_BITS, "last": MANY >> CHUNK_BITS}
            query = _query([1] * len(names), 1, has_period=has_period)
            plan = session.execute(
                f"EXPLAIN (ANALYZE, FORMAT JSON) {query}".encode(), values
            ).fetchone()
            assert plan is not None
            nodes = list(_nodes(plan[0][0]["Plan"]))
            assert "Seq Scan" not in {one["Node Type"] for one in nodes}
            assert "audit_trail_pkey" not in {one.get("Index Name") for one in nodes}
            passed = sum(
                one.get("Rows Removed by Filter", 0) * one["Actual Loops"]
                for one in nodes
            )
            assert passed <= 1 << CHUNK_BITS, (names, since, until)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for one in plan.get("Plans", ()):
        yield from _nodes(one)
