"""Row security alone: what each caller sees of each table, whatever a query forgets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from random import Random
from uuid import uuid4

import psycopg
import pytest

from application.record.database import Database
from application.record.row_scope import (
    API_ROLE,
    APPLICATION,
    NOBODY,
    PUBLIC,
    SCOPE,
    Beyond,
    Scope,
    Sees,
    beyond,
    seeing,
    working_as,
)
from application.record.schema.open_tables import OPEN_TABLES

pytestmark = pytest.mark.store

_READABLE = """
SELECT n.nspname, c.relname, c.relrowsecurity, EXISTS (SELECT FROM pg_policy p
    WHERE p.polrelid = c.oid AND 'redress_api'::regrole = ANY (p.polroles))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND has_schema_privilege('redress_api', n.oid, 'USAGE')
    AND (has_table_privilege('redress_api', c.oid, 'SELECT')
        OR has_any_column_privilege('redress_api', c.oid, 'SELECT'))
ORDER BY c.relname
"""
_ADD = (
    "INSERT INTO events (originator_id, originator_version, topic, state)"
    " VALUES (%s, 1, 'filed', convert_to(%s, 'UTF8'))"
)


def readable(url: str) -> dict[str, tuple[bool, bool]]:
    """Return what requests can read: is row security on, and is there a policy."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(_READABLE).fetchall()
    assert {row[0] for row in rows} == {"redress"}
    return {name: (secured, has_policy) for _, name, secured, has_policy in rows}


def test_every_table_that_requests_read_has_a_policy_or_a_reason(url: str) -> None:
    found = readable(url)
    secured = {name for name, (is_on, has_policy) in found.items() if is_on}
    assert all(found[name] == (True, True) for name in secured)
    assert found.keys() - secured == OPEN_TABLES.keys()
    assert len(secured) >= 14


def test_a_view_or_table_without_either_would_be_found(url: str) -> None:
    with psycopg.connect(url) as owner:
        owner.execute("CREATE VIEW redress.v AS SELECT 1 AS one")
        owner.execute("GRANT SELECT ON redress.v TO redress_api")
    assert "v" in readable(url).keys() - OPEN_TABLES.keys()


@pytest.fixture
def filed(url: str) -> int:
    """File cases of four platforms, and return of how many."""
    with psycopg.connect(url) as owner:
        owner.execute("SET search_path TO redress")
        for number in range(64):
            parties = {"buyer": f"b-{number % 8}", "seller": f"s-{number % 16}"}
            event = {"type": "filed", "platform": f"p-{number % 4}", **parties}
            owner.execute(_ADD.encode(), (uuid4(), json.dumps({"event": event})))
    return 64


def of(number: int) -> Scope:
    """Return the scope of one of eight buyers."""
    return Scope(
        sees=Sees.BUYER,
        role="buyer",
        platform=f"p-{number % 4}",
        subject=f"b-{number}",
        caller=str(number),
    )


def seen(database: Database) -> list[tuple[str, str]]:
    with database.get_connection() as connection:
        rows = connection.execute("SELECT platform, buyer FROM case_parties").fetchall()
    return [(row["platform"], row["buyer"]) for row in rows]


@pytest.fixture
def small(url: str) -> Iterator[Database]:
    """A pool of two connections, which shows nothing to work that says nothing."""
    one = Database(url, size=2, otherwise=NOBODY)
    yield one
    one.close()


@pytest.mark.parametrize("scope", [None, NOBODY, PUBLIC, Scope(sees=Sees.ALL_FIGURES)])
def test_nothing_is_seen_where_nothing_is_said(
    url: str, small: Database, filed: int, scope: Scope | None
) -> None:
    del filed
    secured = [name for name, (is_on, _) in readable(url).items() if is_on]
    token = SCOPE.set(scope)
    try:
        with small.get_connection() as connection:
            for name in secured:
                rows = connection.execute(f"SELECT * FROM {name}".encode()).fetchall()
                assert rows == [], name
    finally:
        SCOPE.reset(token)


def test_a_session_that_was_told_nothing_at_all_sees_nothing(
    url: str, filed: int
) -> None:
    del filed
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"SET ROLE {API_ROLE}".encode())
        for name, (is_secured, _) in readable(url).items():
            if is_secured:
                query = f"SELECT count(*) FROM redress.{name}"
                assert connection.execute(query.encode()).fetchone() == (0,), name


def test_nobody_inherits_anothers_scope(small: Database, filed: int) -> None:
    """Eight callers on two connections, whose work fails half of the time."""
    del filed

    def work(seed: int) -> int:
        chance = Random(seed)
        errors = 0
        for _ in range(60):
            number = chance.randrange(9)
            if number == 8:
                assert seen(small) == []
                continue
            with working_as(of(number)):
                assert set(seen(small)) == {(f"p-{number % 4}", f"b-{number}")}
                try:
                    with small.get_connection() as one, one.transaction():
                        one.execute("SELECT set_config('redress.sees', '', true)")
                        if chance.random() < 0.5:
                            one.execute("SELECT 1 / 0")
                except psycopg.errors.DivisionByZero:
                    errors += 1
                if chance.random() < 0.2:
                    with beyond(Beyond.HEALTH):
                        assert len(seen(small)) == 64
                if chance.random() < 0.2:
                    with seeing(Sees.PLATFORM):
                        assert {one for one, _ in seen(small)} == {f"p-{number % 4}"}
                assert set(seen(small)) == {(f"p-{number % 4}", f"b-{number}")}
        return errors

    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(copy_context().run, work, seed) for seed in range(8)]
        assert sum(done.result() for done in futures) > 50
    # A thread of which nothing is known has a context of its own.
    with working_as(of(1)), ThreadPoolExecutor(1) as pool:
        assert pool.submit(seen, small).result() == []


def test_a_broken_connection_takes_its_scope_along(small: Database, filed: int) -> None:
    with working_as(APPLICATION):
        assert len(seen(small)) == filed
    for number in range(8):
        with working_as(of(number)):
            with (
                pytest.raises(Exception, match="terminat"),
                small.get_connection() as connection,
            ):
                connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            assert set(seen(small)) == {(f"p-{number % 4}", f"b-{number}")}


def test_a_case_that_cannot_be_read_is_nobodys_and_keeps_nobody_from_filing(
    url: str, small: Database
) -> None:
    with psycopg.connect(url) as owner:
        owner.execute("SET search_path TO redress")
        for state in ("{", "null", '{"event":{}}', '{"event":[1]}', "\\"):
            owner.execute(_ADD.encode(), (uuid4(), state))
    with working_as(Scope(sees=Sees.ALL, role="auditor")):
        assert seen(small) == []
        with small.get_connection() as connection:
            assert connection.execute("SELECT 1 FROM events").fetchall() == []


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("queue WHERE buyer = 'b-1' ORDER BY opened_at DESC LIMIT 9", "queue_buyer"),
        ("queue WHERE case_number = '1'", "queue_number"),
        ("events WHERE originator_id = %(id)s", "events_pkey"),
        ("ledger WHERE originator_id = %(id)s", "ledger_case_key"),
        ("audit_trail WHERE case_id = %(id)s", "audit_trail_case"),
    ],
)
def test_policies_leave_queries_their_indexes(
    small: Database, query: str, index: str
) -> None:
    with working_as(of(1)), small.get_connection() as connection:
        # A table without rows would be read whole, whatever the indexes.
        connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        explain = f"EXPLAIN SELECT * FROM {query}"
        rows = connection.execute(explain.encode(), {"id": uuid4()}).fetchall()
    plan = "\n".join(row["QUERY PLAN"] for row in rows)
    # A condition that is looked up, and not only filtered by.
    assert index in plan
    assert "Index Cond" in plan
    assert "One-Time Filter: false" not in plan
