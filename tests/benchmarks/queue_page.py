"""Pages of the queue: each filter of 10,000 cases against the same of a million."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from application.record.database import Database
from application.record.row_scope import Scope, Sees, working_as
from domain.roles import Actor, Role
from projections.queue.case_conditions import Filters
from projections.queue.case_counts import counted
from projections.queue.case_pages import Sort
from projections.queue.case_search import listed
from tests.benchmarks.measurement import Bench, Rate, Result, alternating, compared
from tests.benchmarks.queue_rows import UNTIL, generate, owner_of, repeat, system_of

CASES, TIMES, PAGES = 10_000, 99, 60
READER = Actor(role=Role.MEDIATOR, id="m-001")
SCOPE = Scope(sees=Sees.STAFF, role="mediator", platform="shop", subject="m-001")

FILTERS: dict[str, dict[str, Any]] = {
    "all": {},
    "unclaimed": {"assignee": ""},
    "assignee": {"assignee": "…"},
    "phase": {"phase": "ruling"},
    "rare-phase": {"phase": "appeal"},
    "category": {"category": "invoice"},
    "reason": {"reason": "defect"},
    "waiting-platform": {"waiting_party": "platform"},
    "overdue": {"overdue": True},
    "phase-category": {"phase": "evidence", "category": "quality"},
    "overdue-unclaimed": {"overdue": True, "assignee": ""},
    "none-fits": {"phase": "filed", "waiting_party": "seller"},
}
SORTED: dict[str, Sort] = {"all": "due", "by-opening": "opened", "by-change": "changed"}


class Queue(Struct):
    """A queue, and somebody who has some of its cases."""

    database: Database
    assignee: str

    def filters(self, **asked: Any) -> Filters:
        if asked.get("assignee") == "…":
            asked["assignee"] = self.assignee
        return Filters(
            now=UNTIL,
            platform="shop",
            reader=READER,
            live=True,
            without_appeals=None if asked.get("phase") == "appeal" else True,
            **asked,
        )


def measure(bench: Bench) -> Iterator[Result]:
    with bench.database() as small_url, bench.database() as large_url:
        small = filled(bench.folder / "small", small_url, 0)
        large = filled(bench.folder / "large", large_url, TIMES)
        for name, asked in FILTERS.items():
            yield _result(name, small, large, _page("due", asked))
        for name in ("by-opening", "by-change"):
            yield _result(name, small, large, _page(SORTED[name], {}))
            phase = _page(SORTED[name], {"phase": "ruling"})
            yield _result(f"phase-{name}", small, large, phase)
        yield _result("counts", small, large, _counts)
        small.database.close()
        large.database.close()


Read = Callable[[Queue], object]


def _page(sort: Sort, asked: dict[str, Any]) -> Read:
    def read(queue: Queue) -> object:
        found = queue.filters(**asked)
        return listed(queue.database, found, sort=sort, limit=51)

    return read


def _counts(queue: Queue) -> object:
    return counted(queue.database, queue.filters())


def _result(name: str, small: Queue, large: Queue, read: Read) -> Result:
    ours, theirs = alternating(lambda: _rate(large, read), lambda: _rate(small, read))
    return compared(
        f"queue-page-{name}", "pages/s", ours, f"the same of {CASES:,} cases", theirs
    )


def _rate(queue: Queue, read: Read) -> Rate:
    latencies = []
    with working_as(SCOPE):
        for _ in range(PAGES):
            began = time.perf_counter()
            read(queue)
            latencies.append(time.perf_counter() - began)
    return Rate(len(latencies) / sum(latencies), latencies)


def filled(home: Path, url: str, times: int) -> Queue:
    """Fill a queue; each case is in it once, and so many times more."""
    system = system_of(url, home)
    generate(system, CASES)
    system.close()
    with owner_of(url) as owner:
        repeat(owner, times)
        row = owner.execute(
            "SELECT assignee FROM queue_assignees WHERE platform = 'shop'"
            " GROUP BY assignee ORDER BY sum(cases) DESC LIMIT 1"
        ).fetchone()
    return Queue(Database(url), row[0] if row else "")
