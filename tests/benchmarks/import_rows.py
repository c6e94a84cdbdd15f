"""Events a second of a core out of rows, beside plain CSV; and memory for large files.

BENCH_IMPORT_MB says how large the files are of which the memory is measured (300).
"""

from __future__ import annotations

import csv
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from application.cases.disputes import Disputes
from application.imports.case_batch import CaseBatch
from application.imports.mapping_validation import load
from application.imports.row_batches import batches
from application.imports.row_to_events import RowToEvents
from application.imports.source.opened_source import files_of_source, opened_source
from tests.benchmarks.measurement import Bench, Rate, Result, alternating, compared
from tests.imports.conftest import HEADER, MAPPING
from tests.imports.test_recipes import recipes
from tests.samples import BOOKS

ROWS = 20_000
MEGABYTES = int(os.environ.get("BENCH_IMPORT_MB", "300"))
LIMIT_MB = 300
RUN = UUID(int=0)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def measure(bench: Bench) -> Iterator[Result]:
    (event_log,) = (one for one in recipes()["event-log"] if one.language == "toml")
    table, log = bench.folder / "table.csv", bench.folder / "log.csv"
    table.write_text(HEADER + "".join(map(row, range(ROWS))))
    log.write_text(log_rows())
    for name, text, path in (("table", MAPPING, table), ("log", event_log.text, log)):

        def ours(text: str = text, path: Path = path) -> Rate:
            return converted(text, path)

        def plain(path: Path = path) -> Rate:
            return read_as_csv(path)

        rate, limit = alternating(ours, plain)
        yield compared(f"import-{name}", "events/s of a core", rate, "csv rows", limit)
    with bench.database() as url:
        for name, path, text in large(bench.folder, event_log.text):
            peak = Rate(peak_of(bench.folder, url, path, text), [])
            limit = Rate(LIMIT_MB, [])
            yield compared(f"import-memory, {name}", "MB", peak, "limit", limit)
            path.unlink()


def row(number: int, story: str = "It broke.") -> str:
    cells = f"{number},2025-01-02 10:00:00,2025-02-03,broken,b-{number},{story},12.90"
    return f"{cells}\n"


def log_rows(cases: int = 6_000) -> str:
    told = [("Create Fine", "35.00"), ("Add Penalty", "70.00"), ("Payment", "")]
    rows = [
        f"F{case},{activity},2024-0{day}-01T10:00:00Z,{amount},\n"
        for case in range(cases)
        for day, (activity, amount) in enumerate(told, 1)
    ]
    random.Random(1).shuffle(rows)
    return "case,activity,at,amount,result\n" + "".join(rows)


def converted(text: str, path: Path) -> Rate:
    """Make events of all rows, without a database."""
    # What the conversion asks of the disputes, when nothing is recorded yet.
    disputes = cast("Disputes", SimpleNamespace(clock=lambda: NOW, books=BOOKS))
    mapping, events = load(text, BOOKS.codes), 0
    began = time.process_time()
    with opened_source(mapping, files_of_source(mapping, [path], Path())) as source:
        converter = RowToEvents(mapping, source.header, BOOKS.codes)
        for batch in batches(source.rows(), converter, mapping.rows):
            made = CaseBatch(disputes, mapping, converter, RUN)
            events += sum(len(one.fresh) for one in made.added(batch, lambda _: {}))
            assert not made.rejects, made.rejects[0]
    return Rate(events / (time.process_time() - began), [])


def read_as_csv(path: Path) -> Rate:
    began = time.process_time()
    with path.open(newline="") as file:
        rows = sum(1 for _ in csv.reader(file))
    return Rate(rows / (time.process_time() - began), [])


def large(folder: Path, event_log: str) -> Iterator[tuple[str, Path, str]]:
    """Write large files of several shapes, one after the other."""
    size = MEGABYTES << 20
    path = folder / "large.csv"
    filled(path, (row(n) for n in range(10**9)), size, HEADER)
    yield "many rows", path, MAPPING
    filled(path, (row(n, "x" * 900_000) for n in range(10**9)), size, HEADER)
    yield "rows of 1 MB", path, MAPPING
    filled(path, iter(lambda: "x" * 1_000_000, ""), size, HEADER)
    yield "a line without an end", path, MAPPING
    body = (log_rows().partition("\n")[2] for _ in range(10**9))
    filled(path, body, size, "case,activity,at,amount,result\n")
    yield "rows of cases apart", path, event_log


def filled(path: Path, parts: Iterator[str], size: int, header: str) -> None:
    with path.open("w") as file:
        file.write(header)
        while file.tell() < size:
            file.write(next(parts))


def peak_of(folder: Path, url: str, path: Path, text: str) -> float:
    """Return the largest memory (MB) of a process that reads a whole file."""
    mapping = folder / "mapping.toml"
    mapping.write_text(text)
    environ: dict[str, Any] = {
        **os.environ,
        "DATABASE_URL": url,
        "REDRESS_HOME": str(folder / "home"),
    }
    command = [sys.executable, "-m", "interface", "import", str(path), "--check"]
    subprocess.run(
        [*command, "--mapping", str(mapping), "--json"],
        env=environ,
        check=True,
        capture_output=True,
    )
    # The largest of all processes so far: a shape that needs less shows as much.
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
