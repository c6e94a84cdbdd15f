"""How long after its commit an event is in all views, at 1,000 events a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import psycopg

from application.jobs.leader import LeaderJob
from application.jobs.supervision import Supervisor
from application.jobs.wakeup import Listener
from application.record.codec import EventCodec, chained
from application.record.database import Database
from application.record.recorder import LockFreeRecorder
from application.record.sequencer import Sequencer
from projections.following.view_job import ViewJob
from projections.registry import VIEWS
from tests.benchmarks.measurement import Bench, Rate, Result, compared
from tests.benchmarks.projection import history
from tests.samples import CLOSED, play

PER_SECOND = 1_000
SECONDS = 15.0
TARGET_SECONDS = 0.250


def measure(bench: Bench) -> Iterator[Result]:
    with bench.database() as url:
        jobs: list[LeaderJob] = [Sequencer(url), ViewJob(url, VIEWS)]
        runs = {job.name: job.run for job in jobs} | {"listener": Listener(url).run}
        supervisor = Supervisor(url, runs)
        supervisor.start()
        try:
            seen = delays(url)
        finally:
            supervisor.stop()
    # As a rate, because ratios are of rates: how often it fits into a second.
    rate, target = Rate(1 / quantile(seen, 0.99), seen), Rate(1 / TARGET_SECONDS, [])
    yield compared("visible", "1/p99", rate, "250 ms", target)


def delays(url: str) -> list[float]:
    """Append at a steady rate; return how long each append took to be in all views."""
    committed: list[tuple[int, float]] = []
    stop = threading.Event()
    seen: list[float] = []
    watcher = threading.Thread(target=watch, args=(url, committed, stop, seen))
    watcher.start()
    database = Database(url)
    recorder, mapper = LockFreeRecorder(database, events_table_name="events"), None
    codec = EventCodec(mapper)  # type: ignore[arg-type]
    events, number, began = play(*CLOSED), 0, time.monotonic()
    while time.monotonic() - began < SECONDS:
        recorder.insert_events(chained(codec, history(uuid4(), events), None))
        number += len(events)
        committed.append((number, time.monotonic()))
        time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
    time.sleep(2.0)
    stop.set()
    watcher.join()
    database.close()
    return seen


def watch(
    url: str,
    committed: list[tuple[int, float]],
    stop: threading.Event,
    seen: list[float],
) -> None:
    """Note when the views have each of the appends."""
    names, done = [view.name for view in VIEWS], 0
    query = "SELECT min(position) FROM redress.followers WHERE name = ANY(%s)"
    with psycopg.connect(url, autocommit=True) as connection:
        while not stop.wait(0.002):
            (position,) = connection.execute(query, (names,)).fetchone() or (0,)
            now = time.monotonic()
            while done < len(committed) and committed[done][0] <= position:
                seen.append(now - committed[done][1])
                done += 1


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]
