"""Events a second into a lake, beside `fold-limit`; its size, and a year's report.

BENCH_LAKE_CASES says how many generated cases (20000, about 230,000 events).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from application.exports.pseudonyms import Pseudonyms
from application.record.schema.migrations import STORE
from application.record.session import open_session
from application.rules.rulebook import Rulebooks
from projections.figures.transparency import TRANSPARENCY
from projections.lake.lake_export import LakeExport
from projections.lake.lake_report import lake_report
from projections.lake.lake_store import Lake
from projections.rebuild.rebuild_run import rebuild_views
from projections.reports.period import Question
from projections.reports.report import report
from tests.benchmarks.follow_all import fold_limit
from tests.benchmarks.generated_record import generated
from tests.benchmarks.measurement import Bench, Rate, Result, alternating, compared

CASES = int(os.environ.get("BENCH_LAKE_CASES", "20000"))
JOBS = 2
YEAR = Question(period=str(datetime.now(UTC).year), by="month")


def measure(bench: Bench) -> Iterator[Result]:
    with generated(bench, CASES) as url, TemporaryDirectory() as folder:
        numbers = count()

        def ours() -> Rate:
            return exported(url, Lake(f"{folder}/{next(numbers)}"))

        limit, rate = alternating(lambda: fold_limit(url), ours)
        yield compared("lake-export", "events/s", rate, "fold-limit", limit)
        lake = Lake(f"{folder}/0")
        rebuild_views(url, [TRANSPARENCY], lambda *_: None)
        rows, reports = alternating(lambda: of_rows(url), lambda: of_lake(lake))
        name = "lake-report, a year"
        yield compared(name, "reports/s", reports, "PostgreSQL, from rows", rows)
        size = sum(path.stat().st_size for path in Path(lake.place).rglob("*.parquet"))
        yield compared("lake-size", "bytes", Rate(size, []), "record", recorded(url))


def exported(url: str, lake: Lake) -> Rate:
    """Write a lake in two processes."""
    one = LakeExport(
        url=url,
        lake=lake,
        pseudonyms=Pseudonyms(b"b" * 32),
        books=Rulebooks(),
        jobs=JOBS,
        many=0,
    )
    began = time.monotonic()
    with open_session(url, search_path=STORE.name) as connection:
        events = one.run(connection, lambda *_: None, lambda *_: None)
    return Rate(events / (time.monotonic() - began), [])


def of_rows(url: str) -> Rate:
    """Count the year's report over the rows of the view."""
    with open_session(url, search_path=STORE.name) as connection:
        began = time.monotonic()
        report(connection, YEAR, from_rows=True)
        return Rate(1 / (time.monotonic() - began), [])


def of_lake(lake: Lake) -> Rate:
    """Count the year's report over a lake."""
    began = time.monotonic()
    lake_report(lake, YEAR)
    return Rate(1 / (time.monotonic() - began), [])


def recorded(url: str) -> Rate:
    """Return how large the events are in the database, with the ledger over them."""
    with open_session(url, search_path=STORE.name) as connection:
        row = connection.execute(
            "SELECT pg_table_size('events') + pg_table_size('ledger')"
        ).fetchone()
    return Rate((row or (0,))[0], [])
