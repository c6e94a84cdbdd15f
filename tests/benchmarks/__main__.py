"""`make bench`: measures, and adds each result to bench.jsonl as it comes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from tests.benchmarks import (
    append,
    audit_search,
    bundle,
    deliveries,
    erasure,
    follow_all,
    http_command,
    idle,
    import_rows,
    isolation,
    lake_export,
    log,
    page_time,
    projection,
    queue_claim,
    queue_page,
    rebuild_all,
    report_year,
    row_security,
    statements,
    visible,
)
from tests.benchmarks.measurement import Bench, Result, own_bench

BENCHES: dict[str, Callable[[Bench], Iterator[Result]]] = {
    "append": append.measure,
    "http-command": http_command.measure,
    "projection": projection.measure,
    "follow-all": follow_all.measure,
    "queue-page": queue_page.measure,
    "queue-claim": queue_claim.measure,
    "import-rows": import_rows.measure,
    "lake-export": lake_export.measure,
    "page-time": page_time.measure,
    "rebuild-all": rebuild_all.measure,
    "audit-search": audit_search.measure,
    "log-extend": log.extend,
    "log-lag": log.lag,
    "append-with-log": log.cost,
    "append-with-statement": statements.measure,
    "verify": log.verify,
    "bundle": bundle.measure,
    "mutated-bundles": bundle.mutate,
    "isolation": isolation.measure,
    "report-year": report_year.measure,
    "row-security": row_security.measure,
    "erasure": erasure.measure,
    "sealing": erasure.sealing,
    "deliveries": deliveries.measure,
    "idle": idle.measure,
    "visible": visible.measure,
}
KNOWN = ", ".join(BENCHES)
HELP = f"""\
make bench [NAMES="append verify"]: all, or some of {KNOWN}.
Each result is a line that is added to bench.jsonl here, with the time of measuring; an
interrupted run loses none. BENCH_MUTATIONS says how many bundles are mutated (5000),
BENCH_STORM how many events and kills the storm over deliveries has ("20000 100")."""
RESULTS = Path("bench.jsonl")
INTERRUPTED = 130
"""The exit status of a program that was interrupted, as shells have it."""


def main(names: list[str]) -> int:
    """Measure what is named, or all; return an exit status."""
    if unknown := set(names) - set(BENCHES):
        sys.exit(f"{' '.join(sorted(unknown))}: no benchmark; there are {KNOWN}")
    results: list[Result] = []
    # Ended by either signal, the benchmark stops its server and prints what it has.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with own_bench() as bench:
            for name in names or BENCHES:
                Console(stderr=True).print(f"measuring {name} …")
                for result in BENCHES[name](bench):
                    keep(result)
                    results.append(result)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        wide = None if sys.stdout.isatty() else 140
        Console(width=wide).print(table(results))
        Console(soft_wrap=True).print(f"added to {RESULTS.absolute()}")
    return 0


def keep(result: Result) -> None:
    """Add a result to the file, on the disk before anything else is measured."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"measured_at": now} | msgspec.to_builtins(result)
    with RESULTS.open("ab") as file:
        file.write(msgspec.json.encode(line) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def table(results: list[Result]) -> Table:
    shown = Table("name", "value", "unit", "against", "baseline", "ratio", "p50", "p99")
    for one in results:
        shown.add_row(
            one.name,
            f"{one.value:,.0f}",
            one.unit,
            one.against,
            f"{one.baseline:,.0f}",
            f"{one.ratio:.2f}",
            "" if one.p50 is None else f"{one.p50:.2f} ms",
            "" if one.p99 is None else f"{one.p99:.2f} ms",
        )
    return shown


if __name__ == "__main__":
    if {"-h", "--help"} & set(sys.argv):
        Console(soft_wrap=True).print(HELP, markup=False, highlight=False)
    else:
        sys.exit(main(sys.argv[1:]))
