"""Appends a second with 16 writers: ours, the stock lock mode, and a plain INSERT."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from application.record.append_sql import KeyUse
from application.record.database import Database
from application.record.recorder import LockFreeRecorder
from tests.benchmarks.measurement import (
    Bench,
    Rate,
    Result,
    alternating,
    compared,
    in_processes,
)

PROCESSES = 4
THREADS = 4
SECONDS = 5.0
STATE = b"x" * 700
"""About as long as an event with one deadline."""


def measure(bench: Bench) -> Iterator[Result]:
    with bench.database() as url:
        stock_recorder(url).create_table()
        with psycopg.connect(url) as connection:
            connection.execute(
                "CREATE TABLE plain (id uuid PRIMARY KEY, version bigint, topic text,"
                " state bytea)"
            )
        ours, keyed, stock, plain = alternating(
            lambda: in_processes(write, PROCESSES, SECONDS, url, "ours"),
            lambda: in_processes(write, PROCESSES, SECONDS, url, "keyed"),
            lambda: in_processes(write, PROCESSES, SECONDS, url, "stock"),
            lambda: pgbench(bench, url),
        )
    unit = "events/s"
    yield compared("append", unit, ours, "stock recorder, lock mode", stock)
    yield compared("append-with-key", unit, keyed, "stock recorder, lock mode", stock)
    yield compared("append-beside-insert", unit, ours, "plain INSERT (pgbench)", plain)


def write(begin: float, end: float, url: str, kind: str) -> list[float]:
    """Append from several threads between two moments; return the latencies."""
    recorder = stock_recorder(url) if kind == "stock" else our_recorder(url)
    latencies = in_threads(lambda mine: append(recorder, kind, begin, end, mine))
    recorder.datastore.close()
    return latencies


def in_threads(work: Callable[[list[float]], None]) -> list[float]:
    """Let each of some threads note latencies in a list of its own; return them all."""
    latencies: list[list[float]] = [[] for _ in range(THREADS)]
    threads = [threading.Thread(target=work, args=(mine,)) for mine in latencies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [one for mine in latencies for one in mine]


def append(
    recorder: Any, kind: str, begin: float, end: float, latencies: list[float]
) -> None:
    recorder.select_events(uuid4())
    time.sleep(max(0.0, begin - time.time()))
    while (started := time.time()) < end:
        case = uuid4()
        events: Sequence[StoredEvent] = [StoredEvent(case, 1, "filed", STATE)]
        if kind == "keyed":
            recorder.insert_events(events, key_use=KeyUse(uuid4(), case, bytes(32)))
        else:
            recorder.insert_events(events)
        latencies.append(time.time() - started)


def our_recorder(url: str) -> LockFreeRecorder:
    return LockFreeRecorder(Database(url), events_table_name="events")


def stock_recorder(url: str) -> PostgresApplicationRecorder:
    parts = conninfo_to_dict(url)
    datastore = PostgresDatastore(
        dbname=str(parts["dbname"]),
        host=str(parts["host"]),
        port=str(parts.get("port") or 5432),
        user=str(parts.get("user") or "postgres"),
        password="",
        pool_size=THREADS,
        connect_timeout=30,
    )
    return PostgresApplicationRecorder(datastore, events_table_name="stock_events")


def pgbench(bench: Bench, url: str) -> Rate:
    """Let pgbench insert the same row, as fast as it can."""
    script = bench.folder / "insert.sql"
    script.write_text(
        "INSERT INTO plain VALUES"
        f" (gen_random_uuid(), 1, 'filed', '{STATE.decode()}'::bytea);"
    )
    done = subprocess.run(
        [
            str(bench.programs / "pgbench"),
            *("--no-vacuum", "--protocol=prepared"),
            *("--client", str(PROCESSES * THREADS), "--jobs", str(PROCESSES)),
            *("--time", str(int(SECONDS)), "--file", str(script), url),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout)
    return Rate(float(found[1]), [])
