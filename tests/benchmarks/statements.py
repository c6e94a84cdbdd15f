"""Appends a second with 16 writers, with the application's statements and without."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from application.log.sign.statement_keys import StatementKey, read_or_make
from application.record.codec import EventCodec
from application.record.database import Database
from application.record.record import Record
from application.record.recorder import LockFreeRecorder
from tests.benchmarks.append import PROCESSES, SECONDS, in_threads
from tests.benchmarks.measurement import (
    Bench,
    Result,
    alternating,
    compared,
    in_processes,
)
from tests.log.log_fixture import STORY, recorded
from tests.samples import NOW

ORIGIN = "benchmark.example/log"


def measure(bench: Bench) -> Iterator[Result]:
    path = bench.folder / "statements.json"
    read_or_make(path, ORIGIN, NOW)
    with bench.database() as url:
        stated, plain = alternating(
            lambda: in_processes(write, PROCESSES, SECONDS, url, str(path)),
            lambda: in_processes(write, PROCESSES, SECONDS, url, ""),
        )
    yield compared("append-with-statement", "events/s", stated, "without", plain)


def write(begin: float, end: float, url: str, key: str) -> list[float]:
    """Append from several threads between two moments; return the latencies."""
    recorder = LockFreeRecorder(Database(url), events_table_name="events")
    sign = StatementKey(read_or_make(Path(key), ORIGIN, NOW)).sign if key else None
    record = Record(recorder, EventCodec(None, sign))  # type: ignore[arg-type]
    latencies = in_threads(lambda mine: append(record, begin, end, mine))
    recorder.datastore.close()
    return latencies


def append(record: Record, begin: float, end: float, latencies: list[float]) -> None:
    record.read(uuid4())
    time.sleep(max(0.0, begin - time.time()))
    while (started := time.time()) < end:
        record.append(recorded(uuid4(), STORY[:1], NOW), None)
        latencies.append(time.time() - started)
