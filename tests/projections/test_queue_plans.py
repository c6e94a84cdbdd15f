"""Every filter and sort of the lists is served by an index, for who reads them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from msgspec import Struct
from psycopg import Connection

from application.record.database import Database
from application.record.row_scope import APPLICATION, Scope, Sees, working_as
from domain.roles import Actor, Role
from projections.queue.case_conditions import Filters
from projections.queue.case_pages import ListSort, Place, page_query
from projections.queue.case_search import listed, place
from tests.benchmarks.queue_rows import UNTIL, generate, owner_of, repeat, system_of
from tests.postgres import Server

pytestmark = [pytest.mark.store, pytest.mark.long]

GENERATED, TIMES, PAGE = 600, 60, 51
# A page of each of the cells that come first, and the first case of each cell.
MOST_READ = PAGE * PAGE + 1_000
SORTS: tuple[ListSort, ...] = ("due", "opened", "changed", "closed")
STAFF = Actor(role=Role.MEDIATOR, id="m-001")
SCOPES = {
    "mediator": Scope(
        sees=Sees.STAFF, role="mediator", platform="shop", subject="m-001"
    ),
    "regulator": Scope(sees=Sees.ALL, role="regulator", subject="r-1"),
}
CELLULAR: dict[str, tuple[Any, ...]] = {
    "phase": ("ruling", "appeal", "closed"),
    "category": ("quality", "invoice"),
    "reason": ("defect", "invoice-refused"),
    "waiting_party": ("platform", "seller", "buyer"),
    "assignee": ("",),
    "overdue": (True, False),
    "outcome": ("ruled",),
    "live": (True, False),
}


class Shop(Struct):
    """A database with a large queue, and somebody's and some order's names in it."""

    database: Database
    owner: Connection[Any]
    people: dict[str, str]
    cases: int


@pytest.fixture(scope="module")
def shop(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with server.database() as url:
        system = system_of(url, tmp_path_factory.mktemp("plans"))
        generate(system, GENERATED)
        system.close()
        owner, database = owner_of(url), Database(url)
        repeat(owner, TIMES)
        row = owner.execute(
            "SELECT buyer, seller, assignee, order_id, case_number FROM queue"
            " WHERE assignee IS NOT NULL AND phase <> 'closed' AND platform = 'shop'"
            " ORDER BY case_id LIMIT 1"
        ).fetchone()
        names = ("buyer", "seller", "assignee", "order", "number")
        people = dict(zip(names, row or (), strict=True))
        yield Shop(database, owner, people, GENERATED * (TIMES + 1))
        database.close()
        owner.close()


def scans(node: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    """Yield how each scan of the queue is done, its rows, and how often it is done."""
    if node.get("Relation Name") == "queue":
        rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        loops = node["Actual Loops"]
        yield node["Node Type"], round(rows * loops), loops
    for part in node.get("Plans", ()):
        yield from scans(part)


def read_by(
    shop: Shop,
    scope: Scope,
    filters: Filters,
    sort: ListSort,
    after: Place | None = None,
) -> tuple[set[str], int, float]:
    """Return how a page is read, how many rows that takes, and how sure that is.

    Before PostgreSQL 18 the rows of a scan are told as a whole number on average, which
    is wrong by up to half a row each time that the scan is done.
    """
    page = page_query(filters, sort, after)
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {page.text}".encode()
    values = page.values | {"limit": PAGE, "barred": []}
    # As in `listed`: ids are found as the application, rows as the reader.
    with (
        working_as(APPLICATION if page.finds_cases else scope),
        shop.database.get_connection() as connection,
    ):
        row = connection.execute(explain, values).fetchone()
    assert row is not None
    found = [*scans(row["QUERY PLAN"][0]["Plan"])]
    kinds, rows, loops = zip(*found, strict=True)
    unsure = 0.0 if shop.owner.info.server_version >= 180_000 else sum(loops) / 2
    return set(kinds), sum(rows), unsure


def asked(who: str, **filters: Any) -> Filters:
    is_staff = who == "mediator"
    return Filters(
        now=UNTIL,
        platform="shop" if is_staff else None,
        reader=STAFF if is_staff else Actor(role=Role.REGULATOR, id="r-1"),
        without_appeals=True if is_staff and filters.get("live") else None,
        **filters,
    )


def combined() -> Iterator[dict[str, Any]]:
    """Yield no filter, each by itself, and every two of them together."""
    yield {}
    for name, values in CELLULAR.items():
        yield from ({name: value} for value in values)
    for one, other in combinations(CELLULAR, 2):
        for value in CELLULAR[one]:
            yield from ({one: value, other: more} for more in CELLULAR[other])


@pytest.mark.parametrize("who", SCOPES)
@pytest.mark.parametrize("sort", SORTS)
def test_no_filter_and_no_two_of_them_read_more_than_a_page_of_each_cell(
    shop: Shop, who: str, sort: ListSort
) -> None:
    for filters in combined():
        if filters.get("overdue") and sort != "due":
            # What is overdue is looked at as a whole: see the next test.
            continue
        found = asked(who, **filters)
        with working_as(SCOPES[who]):
            rows = listed(shop.database, found, sort=sort, limit=PAGE)
        pages = [None, *(place(row, sort) for row in rows[-1:])]
        for after in pages:
            kinds, read, _ = read_by(shop, SCOPES[who], found, sort, after)
            assert "Seq Scan" not in kinds, (filters, kinds)
            assert read <= MOST_READ, (filters, after, kinds, read)


@pytest.mark.parametrize("sort", ["opened", "changed"])
def test_overdue_cases_in_another_order_are_found_in_the_index_of_the_due(
    shop: Shop, sort: ListSort
) -> None:
    found = asked("regulator", overdue=True)
    kinds, read, unsure = read_by(shop, SCOPES["regulator"], found, sort)
    assert kinds == {"Index Only Scan"}
    late = shop.owner.execute(
        "SELECT count(*) FROM queue WHERE due < %s", (UNTIL,)
    ).fetchall()
    assert abs(read - late[0][0]) <= unsure
    assert late[0][0] > PAGE
    with working_as(SCOPES["regulator"]):
        rows = listed(shop.database, found, sort=sort, limit=PAGE)
    key = {"opened": "opened_at DESC, case_id DESC", "changed": "changed_at, case_id"}
    expected = shop.owner.execute(
        f"SELECT case_id FROM queue WHERE due < %s ORDER BY {key[sort]}"
        f" LIMIT {PAGE}".encode(),
        (UNTIL,),
    ).fetchall()
    assert [row.case_id for row in rows] == [case for (case,) in expected]


@pytest.mark.parametrize("who", SCOPES)
@pytest.mark.parametrize("sort", SORTS)
def test_the_cases_of_a_person_or_of_an_order_are_all_that_is_read(
    shop: Shop, who: str, sort: ListSort
) -> None:
    columns = {"order": "order_id", "number": "case_number", "party": "seller"}
    for name in (*shop.people, "party"):
        value = shop.people["seller" if name == "party" else name]
        column = columns.get(name, name)
        own = shop.owner.execute(
            f"SELECT count(*) FROM queue WHERE {column} = %s".encode(), (value,)
        ).fetchall()[0][0]
        for more in ({}, {"live": True}, {"phase": "ruling"}, {"overdue": False}):
            found = asked(who, **{name: value}, **more)
            kinds, read, _ = read_by(shop, SCOPES[who], found, sort)
            assert "Seq Scan" not in kinds, (name, more)
            assert read <= 2 * own, (name, more, kinds)


def test_pages_by_cells_hold_what_one_query_over_all_would_find(shop: Shop) -> None:
    order = {
        "due": "coalesce(due, 'infinity'), case_id",
        "opened": "opened_at DESC, case_id DESC",
        "changed": "changed_at, case_id",
        "closed": "closed_at DESC, case_id DESC",
    }
    wanted = "platform = 'shop' AND phase <> 'closed' AND waiting_party = 'platform'"
    filters = Filters(now=UNTIL, platform="shop", live=True, waiting_party="platform")
    for sort in SORTS:
        if sort == "closed":
            wanted = "platform = 'shop' AND phase = 'closed' AND outcome = 'ruled'"
            filters = Filters(now=UNTIL, platform="shop", live=False, outcome="ruled")
        expected = shop.owner.execute(
            f"SELECT case_id FROM queue WHERE {wanted} ORDER BY {order[sort]}"
            " LIMIT 500".encode()
        ).fetchall()
        found: list[Any] = []
        after: Place | None = None
        while len(found) < 500:
            rows = listed(shop.database, filters, sort=sort, limit=50, after=after)
            found += [row.case_id for row in rows]
            after = place(rows[-1], sort)
        assert found == [case for (case,) in expected]


def test_counts_are_what_is_there(shop: Shop) -> None:
    counted = shop.owner.execute(
        "SELECT (SELECT sum(cases) FROM queue_cells), (SELECT sum(cases)"
        " FROM queue_dues), (SELECT count(*) FROM queue),"
        " (SELECT count(*) FROM queue WHERE due IS NOT NULL AND phase <> 'closed')"
    ).fetchall()
    ((cells, dues, rows, live),) = counted
    assert (cells, dues, rows) == (rows, live, shop.cases)
