"""Searches a second in the audit trail, filter by filter: a large and a small record.

As requests make them, in the scope of an auditor: the first page, one in the middle and
one near the end in turn. BENCH_SEARCH_CASES says how many generated cases the large
record has (30000, about 350,000 events); the small one has a thirtieth of them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg

from application.record.database import Database
from application.record.row_scope import Scope, Sees, working_as
from projections.audit.audit_search import Search, found
from projections.audit.audit_trail import AUDIT_TRAIL
from projections.rebuild.rebuild_run import rebuild_views
from tests.benchmarks.generated_record import generated
from tests.benchmarks.measurement import Bench, Rate, Result, alternating, compared

CASES = int(os.environ.get("BENCH_SEARCH_CASES", "30000"))
SMALLER = 30
TIMES = 150
"""Of fewer, the p99 would be reckoned beyond the slowest."""

LIMIT = 101

_VALUES = """
SELECT f.platform, f.seller, f.buyer, f.order_id AS "order", f.category,
    (SELECT seller FROM redress.audit_trail WHERE seller IS NOT NULL
        ORDER BY position DESC LIMIT 1) AS late_seller,
    (SELECT max(position) FROM redress.audit_trail) AS last,
    (SELECT max(at) FROM redress.audit_trail) AS newest
FROM redress.audit_trail f WHERE f.version = 1 AND f.order_id IS NOT NULL
ORDER BY f.position OFFSET 100 LIMIT 1
"""


def measure(bench: Bench) -> Iterator[Result]:
    with (
        generated(bench, CASES) as large,
        generated(bench, max(CASES // SMALLER, 500)) as small,
    ):
        for url in (large, small):
            rebuild_views(url, [AUDIT_TRAIL], lambda *_: None, jobs=2)
        values = {url: _values(url) for url in (large, small)}
        for name in _searches(values[large]):
            ours, theirs = alternating(
                lambda: _searched(large, values[large], name),  # noqa: B023
                lambda: _searched(small, values[small], name),  # noqa: B023
            )
            yield compared(
                f"audit-search-{name}", "searches/s", ours, "a small record", theirs
            )


def _values(url: str) -> dict[str, Any]:
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:
        row = connection.execute(_VALUES).fetchone()
    database = Database(url)
    try:
        (ruled,) = found(database, Search(type="ruled"), limit=1)
    finally:
        database.close()
    if row is None:
        raise RuntimeError("no case was generated")
    return row | {"mediator": ruled.deciders[0], "rule": ruled.rules[0]}


def _searches(some: dict[str, Any]) -> dict[str, Search]:
    """Return searches by each filter, and by several at once."""
    newest = some["newest"]
    month = {"since": newest - timedelta(days=60), "until": newest - timedelta(days=30)}
    asked: dict[str, dict[str, Any]] = {
        "platform": {},
        "buyer": {"buyer": some["buyer"]},
        "seller": {"seller": some["seller"]},
        "order": {"order": some["order"]},
        "actor": {"actor": some["mediator"]},
        "decider": {"decider": some["mediator"]},
        "rule": {"rule": some["rule"]},
        "type": {"type": "filed"},
        "category": {"category": some["category"].split("/")[0]},
        "reason": {"category": some["category"]},
        "late": {"late": "seller"},
        "outcome": {"outcome": "ruled"},
        "period": month,
        "text": {"text": some["order"]},
        "request": {"request": "of-nothing"},
        "imported": {"imported_from": "nowhere"},
        "seller-type-period": {"seller": some["late_seller"], "type": "filed", **month},
        "category-late-period": {
            "category": some["category"],
            "late": "seller",
            **month,
        },
        "decider-outcome": {"decider": some["mediator"], "outcome": "ruled"},
        "late-outcome": {"late": "seller", "outcome": "ruled"},
        "rule-outcome": {"rule": some["rule"], "outcome": "ruled"},
        "rule-late-period": {"rule": some["rule"], "late": "seller", **month},
        "type-outcome": {"type": "filed", "outcome": "ruled"},
        "type-few-outcome": {"type": "filed", "outcome": "referred-to-authority"},
        "type-decider": {"type": "ruled", "decider": some["mediator"]},
        "filed-decider": {"type": "filed", "decider": some["mediator"]},
        "text-outcome": {"text": some["order"], "outcome": "ruled"},
    }
    return {
        name: Search(platform=some["platform"], **given)
        for name, given in asked.items()
    }


def _searched(url: str, some: dict[str, Any], name: str) -> Rate:
    search = _searches(some)[name]
    starts = (0, some["last"] // 2, some["last"] * 9 // 10)
    scope = Scope(
        sees=Sees.PLATFORM, role="auditor", platform=some["platform"], subject="a-1"
    )
    database = Database(url)
    latencies = []
    try:
        with working_as(scope):
            found(database, search, limit=LIMIT)
            for number in range(TIMES):
                began = time.perf_counter()
                found(database, search, limit=LIMIT, after=starts[number % 3])
                latencies.append(time.perf_counter() - began)
    finally:
        database.close()
    return Rate(TIMES / sum(latencies), latencies)
