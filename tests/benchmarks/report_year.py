"""A report over a year: from the figure cube, beside counting the cases' rows."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import psycopg

from projections.figures.transparency import TRANSPARENCY
from projections.reports.period import Question
from projections.reports.report import report
from tests.benchmarks.measurement import Bench, Rate, Result, alternating, compared
from tests.projections.random_figures import fill_with_anything

CASES = int(os.environ.get("BENCH_CASES", "200000"))
CUTS = ("none", "month", "category", "channel", "reason", "platform")


def measure(bench: Bench) -> Iterator[Result]:
    """Measure reports a second, without a cut and with each that the cube answers."""
    with (
        bench.database() as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        connection.execute("SET search_path TO redress")
        fill_with_anything(connection, CASES)
        sums = TRANSPARENCY.sums
        assert sums is not None
        with connection.transaction(), connection.cursor() as cursor:
            sums.fill(cursor)
        for table in TRANSPARENCY.tables:
            connection.execute(f"VACUUM ANALYZE {table}".encode())
        for by in CUTS:

            def asked(by: str = by, *, from_rows: bool = False) -> Rate:
                begun = time.perf_counter()
                question = Question(period="2026", by=by)
                report(connection, question, from_rows=from_rows)
                took = time.perf_counter() - begun
                return Rate(1 / took, [took])

            def counted(by: str = by) -> Rate:
                return asked(by, from_rows=True)

            cube, rows = alternating(asked, counted)
            name = f"report-year {by}"
            yield compared(name, "reports/s", cube, "counting the rows", rows)
