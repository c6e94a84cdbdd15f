"""Milliseconds a page, with 700,000 cases in the queue beside ten thousand.

Generated cases are followed by all views; then the queue's rows are repeated. Record
search, stories and figures know the generated cases only: their own benchmarks
are `audit-search` and `report-year`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
from msgspec import Struct

from domain.roles import Role
from interface.callers.caller import Caller
from interface.pages.sign_in.page_session import begun, sealed
from projections.rebuild.rebuild_run import rebuild_views
from projections.registry import VIEWS
from tests.benchmarks.http_command import serving
from tests.benchmarks.measurement import Bench, Rate, Result, alternating, compared
from tests.benchmarks.queue_rows import generate, owner_of, repeat, system_of

CASES = 10_000
TIMES = int(os.environ.get("BENCH_PAGE_TIMES", "99"))
LIVE_SHARE = 8
"""A live case is repeated so many times less often than a closed one."""

VISITS = 40

PAGES = {
    "desk": ("mediator", "/desk"),
    "desk-phase": ("mediator", "/desk?phase=ruling"),
    "desk-category": ("mediator", "/desk?category=invoice"),
    "desk-unclaimed": ("supervisor", "/desk?assignee=none"),
    "desk-overdue": ("supervisor", "/desk?overdue=true"),
    "desk-case": ("mediator", "/desk/cases/{case}"),
    "desk-ruling": ("mediator", "/desk/cases/{case}/ruling"),
    "parties-cases": ("seller", "/cases"),
    "party-case": ("seller", "/cases/{case}"),
    "figures": (None, "/figures"),
    "sanctions": (None, "/sanctions"),
    "rules": (None, "/rules"),
    "log": (None, "/log"),
}
_CASE = """
SELECT case_id, seller, assignee FROM queue
WHERE phase = 'ruling' AND seller IS NOT NULL AND assignee IS NOT NULL
AND drafted_by IS NULL AND platform = 'shop'
AND case_id IN (SELECT originator_id FROM events)
ORDER BY opened_at LIMIT 1
"""


class Served(Struct):
    """A server, by whom it is asked, and about which case."""

    port: int
    cookies: dict[str, str]
    case: UUID


def measure(bench: Bench) -> Iterator[Result]:
    with bench.database() as small_url, bench.database() as large_url:
        small_home, large_home = bench.folder / "small", bench.folder / "large"
        small_case, *small_people = filled(small_home, small_url, 0)
        large_case, *large_people = filled(large_home, large_url, TIMES)
        with (
            serving(small_home, small_url, "interface", "serve") as small_port,
            serving(large_home, large_url, "interface", "serve") as large_port,
        ):
            small = Served(
                small_port, signed_in(small_home, small_url, *small_people), small_case
            )
            large = Served(
                large_port, signed_in(large_home, large_url, *large_people), large_case
            )
            for name, (role, path) in PAGES.items():

                def ours(role: str | None = role, path: str = path) -> Rate:
                    return visited(large, role, path)

                def theirs(role: str | None = role, path: str = path) -> Rate:
                    return visited(small, role, path)

                many, few = alternating(ours, theirs)
                against = f"with {CASES:,} cases"
                yield compared(f"page-{name}", "pages/s", many, against, few)


def filled(home: Path, url: str, times: int) -> tuple[UUID, str, str]:
    """Fill a record and a queue; return a case to rule on, its seller and mediator."""
    system = system_of(url, home)
    generate(system, CASES)
    rebuild_views(url, VIEWS, lambda *_: None)
    system.close()
    with owner_of(url) as owner:
        if times:
            # As in a record of years: of a generated one of 588,000 cases 31,000 live.
            repeat(owner, times, "phase = 'closed'")
            repeat(owner, times // LIVE_SHARE, "phase <> 'closed'")
        owner.execute("SET search_path TO redress")
        row = owner.execute(_CASE).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def signed_in(home: Path, url: str, seller: str, mediator: str) -> dict[str, str]:
    """Return a session's cookie for each role."""
    system = system_of(url, home)
    named = {"mediator": mediator, "supervisor": "v-001", "seller": seller}
    cookies = {}
    for role, subject in named.items():
        caller = Caller(subject=subject, role=Role(role), platform="shop")
        cookies[role] = sealed(begun(caller), system.keys.master.digest)
    system.close()
    return cookies


def visited(served: Served, role: str | None, path: str) -> Rate:
    """Visit a page again and again."""
    where = path.format(case=served.case)
    cookies = {"redress-session": served.cookies[role]} if role else {}
    latencies = []
    with httpx.Client(
        base_url=f"http://127.0.0.1:{served.port}", cookies=cookies, timeout=60
    ) as client:
        for _ in range(VISITS):
            began = time.perf_counter()
            answer = client.get(where, headers={"Accept-Language": "zh"})
            latencies.append(time.perf_counter() - began)
            assert answer.status_code == httpx.codes.OK, (where, answer.status_code)
    return Rate(len(latencies) / sum(latencies), latencies)
