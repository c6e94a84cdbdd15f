"""Events a second through a rebuild of all views, beside `fold-limit`.

BENCH_REBUILD_CASES says how many generated cases (30000, about 350,000 events).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from projections.rebuild.rebuild_run import rebuild_views
from projections.registry import VIEWS
from tests.benchmarks.follow_all import fold_limit
from tests.benchmarks.generated_record import generated
from tests.benchmarks.measurement import Bench, Rate, Result, alternating, compared

CASES = int(os.environ.get("BENCH_REBUILD_CASES", "30000"))
JOBS = 2


def measure(bench: Bench) -> Iterator[Result]:
    with generated(bench, CASES) as url:
        limit, ours = alternating(lambda: fold_limit(url), lambda: rebuilt(url))
        yield compared("rebuild-all", "events/s", ours, "fold-limit", limit)


def rebuilt(url: str) -> Rate:
    """Rebuild all views in two processes, swaps included."""
    passed = [0]

    def note(done: int, _: int) -> None:
        passed.append(done)

    began = time.monotonic()
    rebuild_views(url, VIEWS, note, jobs=JOBS)
    return Rate(max(passed) / (time.monotonic() - began), [])
