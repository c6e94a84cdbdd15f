"""The log: from row to signed checkpoint, how late, at what cost, and how fast checked.

Client and server take turns in all of it, so that "a second" is one core's.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from eventsourcing.persistence import StoredEvent

from application.jobs.leader import LeaderJob
from application.log.build.integrate import LogBuilder
from application.log.fsck.trusted_checkpoints import Trust
from application.log.fsck.whole_record import check
from application.log.sign import key_file
from application.log.sign.last_signed import StateFile
from application.log.sign.signer import Signer
from application.record.codec import EventCodec, chained
from application.record.sequencer import Sequencer
from tests.benchmarks.append import PROCESSES, SECONDS, STATE, our_recorder, write
from tests.benchmarks.measurement import (
    Bench,
    Rate,
    Result,
    alternating,
    compared,
    in_processes,
)
from tests.benchmarks.projection import history
from tests.samples import CLOSED, NOW, play

ORIGIN = "bench.example/log"
EVENTS = 200_000
VERIFIED = 1_000_000
TOGETHER = 500
"""So many cases are open at once, their events mixed."""

AIM_EXTEND, AIM_VERIFY = 20_000.0, 50_000.0
RATE, WRITERS, LAG_SECONDS = 1_000, 4, 20.0
LAG_AIM_MS = 1_500.0


def extend(bench: Bench) -> Iterator[Result]:
    """Measure from rows to a signed checkpoint over all of them."""
    for name, length in (("log-extend", len(CLOSED)), ("log-extend-new-cases", 1)):
        with bench.database() as url:
            count = fill(url, EVENTS, length)
            ours = Rate(count / build(url, bench.folder / name), [])
            aim = Rate(AIM_EXTEND, [])
            yield compared(name, "events/s", ours, "the aim", aim)


def verify(bench: Bench) -> Iterator[Result]:
    """Measure a whole check against the signed checkpoint."""
    with bench.database() as url:
        fill(url, VERIFIED, len(CLOSED))
        folder = bench.folder / "verify"
        build(url, folder)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE redress.events, redress.ledger")
            connection.execute("SET search_path TO redress")
            trust = Trust(key_file.read(folder / "key.json").verifiers)
            began = time.monotonic()
            verdict = check(connection, trust)
            seconds = time.monotonic() - began
        if not verdict.intact or verdict.unsigned:
            raise RuntimeError(str(verdict))
        ours, aim = Rate(verdict.events / seconds, []), Rate(AIM_VERIFY, [])
        yield compared("verify", "events/s", ours, "the aim", aim)


def lag(bench: Bench) -> Iterator[Result]:
    """Measure how long after its commit an event is signed, at a steady rate."""
    with bench.database() as url, working(url, bench.folder / "lag", with_log=True):
        seen: list[tuple[float, int]] = []
        stop = threading.Event()
        watcher = threading.Thread(target=watch, args=(url, stop, seen))
        watcher.start()
        committed = steadily(url)
        time.sleep(4.0)
        stop.set()
        watcher.join()
        waits = lags(url, committed, seen)
    ours = Rate(len(waits) / LAG_SECONDS, waits)
    aim = Rate(RATE, [])
    yield compared("log-lag", "events/s", ours, f"p99 aim {LAG_AIM_MS:.0f} ms", aim)


def cost(bench: Bench) -> Iterator[Result]:
    """Measure appends with the log running and without, in turn."""

    def measured(*, with_log: bool) -> Rate:
        with bench.database() as url:
            folder = bench.folder / uuid4().hex
            with working(url, folder, with_log=with_log):
                return in_processes(write, PROCESSES, SECONDS, url, "ours")

    on, off = alternating(
        lambda: measured(with_log=True), lambda: measured(with_log=False)
    )
    yield compared("append-with-log", "events/s", on, "sequencer, no log", off)


def fill(url: str, events: int, length: int) -> int:
    """Copy cases of a length into the record, many of them growing at once."""
    told, codec, count = play(*CLOSED)[:length], EventCodec(None), 0  # type: ignore[arg-type]
    copy = (
        "COPY redress.events (originator_id, originator_version, topic, state)"
        " FROM STDIN (FORMAT BINARY)"
    )
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        with cursor.copy(copy) as rows:
            rows.set_types(["uuid", "int8", "text", "bytea"])
            while count < events:
                group = [
                    chained(codec, history(uuid4(), told), None)
                    for _ in range(TOGETHER)
                ]
                for one in (one for step in zip(*group, strict=True) for one in step):
                    rows.write_row(columns(one))
                    count += 1
        cursor.execute("ANALYZE redress.events")
    return count


def columns(one: StoredEvent) -> Sequence[Any]:
    return one.originator_id, one.originator_version, one.topic, one.state


def parts(url: str, folder: Path, *, with_log: bool) -> list[LeaderJob]:
    if not with_log:
        return [Sequencer(url)]
    keys = key_file.read_or_make(folder / "key.json", ORIGIN, NOW)
    state = StateFile(folder / "signed.json")
    # The sample events were learnt then: a later checkpoint would find them back-dated.
    signer = Signer(url, keys, state, lambda: NOW)
    return [Sequencer(url), LogBuilder(url), signer]


def build(url: str, folder: Path) -> float:
    """Order, log and sign all there is; return how many seconds it took."""
    led = parts(url, folder, with_log=True)
    began = time.monotonic()
    while sum(part.tick() for part in led):
        pass
    seconds = time.monotonic() - began
    for part in led:
        part.close()
    return seconds


@contextmanager
def working(url: str, folder: Path, *, with_log: bool) -> Iterator[None]:
    """Run the parts in a process of their own."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    process = context.Process(target=work, args=(url, str(folder), with_log, stop))
    process.start()
    time.sleep(2.0)
    try:
        yield
    finally:
        stop.set()
        process.join()


def work(url: str, folder: str, with_log: bool, stop: Any) -> None:  # noqa: FBT001
    led = parts(url, Path(folder), with_log=with_log)
    threads = [threading.Thread(target=part.run, args=(stop,)) for part in led]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def steadily(url: str) -> dict[Any, float]:
    """Append at the rate, from several threads; return when each was committed."""
    recorder = our_recorder(url)
    committed: dict[Any, float] = {}
    begin = time.monotonic() + 0.5

    def write_at_rate(number: int) -> None:
        n, end = 0, begin + LAG_SECONDS
        while (due := begin + (n * WRITERS + number) / RATE) < end:
            time.sleep(max(0.0, due - time.monotonic()))
            case = uuid4()
            recorder.insert_events([StoredEvent(case, 1, "filed", STATE)])
            committed[case] = time.monotonic()
            n += 1

    threads = [
        threading.Thread(target=write_at_rate, args=(number,))
        for number in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.datastore.close()
    return committed


def watch(url: str, stop: threading.Event, seen: list[tuple[float, int]]) -> None:
    """Note when which position became signed."""
    with psycopg.connect(url, autocommit=True) as connection:
        while not stop.wait(0.005):
            row = connection.execute(
                "SELECT b.position FROM redress.log_checkpoints c"
                " JOIN redress.log_batches b USING (size) WHERE kind = 'signed'",
                prepare=True,
            ).fetchone()
            if row is not None and (not seen or seen[-1][1] < row[0]):
                seen.append((time.monotonic(), row[0]))


def lags(
    url: str, committed: dict[Any, float], seen: list[tuple[float, int]]
) -> list[float]:
    """Return how long after its commit each event was signed (seconds)."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT originator_id, position FROM redress.ledger ORDER BY position"
        ).fetchall()
    found, place = [], 0
    for case, position in rows:
        while seen[place][1] < position:
            place += 1
        found.append(seen[place][0] - committed[case])
    return found
