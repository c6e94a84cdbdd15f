"""Events a second through all views together, beside what no view can be faster than.

`fold-limit`: one process reads, decodes and evolves the same events and writes nothing.
BENCH_FOLLOW_CASES says how many generated cases (5000, about 65,000 events).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from application.record.database import connected
from application.record.envelope import is_about_a_case
from projections.following.ledger_batch import Placing, read_batch
from projections.following.view_job import ViewJob
from projections.queue.queue_view import QUEUE
from projections.registry import VIEWS
from tests.benchmarks.generated_record import generated
from tests.benchmarks.measurement import Bench, Rate, Result, alternating, compared
from tests.benchmarks.projection import STOCK_CASES, fill, run_stock
from tests.samples import CLOSED, play

CASES = int(os.environ.get("BENCH_FOLLOW_CASES", "5000"))


def measure(bench: Bench) -> Iterator[Result]:
    with generated(bench, CASES) as url:
        limit, ours = alternating(lambda: fold_limit(url), lambda: follow_all(url))
    with bench.database() as url:
        fill(url, play(*CLOSED), STOCK_CASES, stock=True)
        stock = run_stock(url, QUEUE)
    yield compared(
        "fold-limit", "events/s", limit, "stock ProjectionRunner, queue", stock
    )
    yield compared("follow-all", "events/s", ours, "fold-limit", limit)
    yield compared(
        "follow-all", "events/s", ours, "stock ProjectionRunner, queue", stock
    )


def fold_limit(url: str) -> Rate:
    """Read, decode and evolve all events."""
    with connected(url) as connection:
        placing, position = Placing(connection), 0
        began = time.monotonic()
        while batch := read_batch(connection, position):
            placing.placed([one for one in batch if is_about_a_case(one.topic)])
            position = batch[-1].position
        return Rate(position / (time.monotonic() - began), [])


def follow_all(url: str) -> Rate:
    """Have all views follow all events, from the first one."""
    with connected(url) as connection:
        for view in VIEWS:
            for table in view.tables:
                connection.execute(f"DELETE FROM {table}".encode())
        connection.execute("UPDATE followers SET position = 0, halted = NULL")
        job = ViewJob(url, VIEWS)
        began = time.monotonic()
        while job.tick():
            pass
        took = time.monotonic() - began
        job.close()
        names = [view.name for view in VIEWS]
        query = "SELECT min(position) FROM followers WHERE name = ANY(%s)"
        row = connection.execute(query, (names,)).fetchone()
    return Rate((row or (0,))[0] / took, [])
