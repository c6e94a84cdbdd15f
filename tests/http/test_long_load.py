"""Many clients for long, PostgreSQL restarted meanwhile: nothing is lost or grows.

`LOAD_MINUTES=30 LOAD_CLIENTS=64 pytest -s tests/http/test_long_load.py` is long, and
prints what it has measured as a line of JSON.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from msgspec import Struct

from domain.roles import Role
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from interface.run.embedded_postgres import EmbeddedServer
from tests.http.test_kill_soak import intact
from tests.http.test_killed import Client, own_cluster, settled, verify
from tests.processes import (
    PATIENCE,
    Process,
    free_port,
    http_client,
    serving_environ,
    wait_until_ready,
)
from tests.sizes import only_whole

pytestmark = [pytest.mark.kill, pytest.mark.long, only_whole]

MINUTES = float(os.environ.get("LOAD_MINUTES", "0.5"))
CLIENTS = int(os.environ.get("LOAD_CLIENTS", "12"))
RESTARTS = 3
READERS = 4
FILLED_MINUTES = 5.0
"""After this time every pool has as many connections as the load asks for."""

MOST_SESSIONS = 2 * 72 + 1
"""What server and worker may open (docs/operating.md), and the one that looks."""

SAMPLES = 60
"""How often the processes are looked at in all."""

PARTS = 8
"""Reports are asked for in every second of these parts, so that what readers wait for
in both kinds can be compared."""


class Sample(Struct, frozen=True):
    """What the processes had at one moment."""

    megabytes: float
    threads: int
    descriptors: int
    sessions: int

    @property
    def own_descriptors(self) -> int:
        """Return those that no session with the database has."""
        return self.descriptors - self.sessions


class TimedClient(Client):
    """A client that notes how long each answer took, in seconds."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.seconds: list[float] = []
        post = self._http.post

        def timed(*sent: Any, **how: Any) -> httpx.Response:
            began = time.monotonic()
            answer = post(*sent, **how)
            self.seconds.append(time.monotonic() - began)
            return answer

        self._http.post = timed  # type: ignore[method-assign]


class Reader(threading.Thread):
    """Asks for one page again and again, and notes how long it takes, and when."""

    def __init__(
        self,
        url: str,
        headers: dict[str, str],
        over: threading.Event,
        may: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__()
        self._url, self._headers = url, headers
        self._over, self._may = over, may
        self.answers: list[tuple[float, float]] = []

    def run(self) -> None:
        with http_client() as http:
            while not self._over.wait(0.05):
                if not self._may():
                    continue
                began = time.monotonic()
                try:
                    answer = http.get(self._url, headers=self._headers)
                except httpx.TransportError:
                    continue
                if answer.status_code == 200:
                    self.answers.append((began, time.monotonic() - began))


def test_a_long_load_loses_nothing_and_nothing_grows(tmp_path: Path) -> None:
    with own_cluster() as (database, cluster):
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        environ = serving_environ(
            database, tmp_path, port, REDRESS_CASES_PER_DAY="1000000"
        )
        server, worker = Process(environ, "serve"), Process(environ, "work")
        wait_until_ready(url)
        key, stop = DevelopmentKey(tmp_path), threading.Event()
        began = time.monotonic()

        def reporting() -> bool:
            part = (time.monotonic() - began) / (MINUTES * 60) * PARTS
            return int(part) % 2 == 1

        clients = [TimedClient(url, key, n, stop) for n in range(CLIENTS)]
        staff = bearer(key, Role.MEDIATOR, "m-1")
        readers = [
            Reader(f"{url}/v1/queue?limit=20", staff, stop) for _ in range(READERS)
        ]
        report = Reader(
            f"{url}/v1/transparency/reports/all?by=month",
            bearer(key, Role.ANALYST, "n-1"),
            stop,
            reporting,
        )
        everybody = [*clients, *readers, report]
        for one in everybody:
            one.start()
        samples = [*sampled(began, database, cluster, [server, worker])]
        stop.set()
        for one in everybody:
            one.join()
        waited = time.monotonic() + 2 * PATIENCE
        while not settled(database):
            assert time.monotonic() < waited, "the views never caught up"
            time.sleep(0.2)
        verify(database, list(clients))
        assert intact(environ)
        assert (server.stop(), worker.stop()) == (0, 0)
    tell(clients, readers, report, samples, began)
    assert_flat(samples)
    assert_fair(readers, report, began)


def bearer(key: DevelopmentKey, role: Role, subject: str) -> dict[str, str]:
    caller = Caller(subject=subject, role=role, platform="shop")
    return {"Authorization": f"Bearer {key.token(caller, timedelta(hours=2))}"}


def sampled(
    began: float, database: str, cluster: EmbeddedServer, processes: list[Process]
) -> Iterator[Sample]:
    """Look at the processes from time to time, and restart PostgreSQL three times."""
    pause, restarts = MINUTES * 60 / SAMPLES, 0
    for number in range(1, SAMPLES + 1):
        time.sleep(max(0.0, began + number * pause - time.monotonic()))
        if number * (RESTARTS + 1) // SAMPLES > restarts and restarts < RESTARTS:
            restarts += 1
            # As `pg_ctl restart` does: sessions are ended, nothing is waited for.
            server = psutil.Process(cluster.pid)
            server.send_signal(signal.SIGINT)
            server.wait(30)
            cluster.start()
            continue
        yield looked_at(database, processes)


def looked_at(database: str, processes: list[Process]) -> Sample:
    found = [psutil.Process(one.pid) for one in processes]
    with psycopg.connect(database) as session:
        row = session.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    return Sample(
        sum(one.memory_info().rss for one in found) / 1_000_000,
        sum(one.num_threads() for one in found),
        sum(one.num_fds() for one in found),
        row[0],
    )


def assert_flat(samples: list[Sample]) -> None:
    """Assert that the last third is no more than the third before it."""
    third = len(samples) // 3
    before, after = samples[third : 2 * third], samples[2 * third :]

    def typical(of: list[Sample], name: str) -> float:
        return statistics.median(float(getattr(one, name)) for one in of)

    # Caches fill up for some time: a tenth more is no leak, a third of a long run on.
    assert typical(after, "megabytes") < 1.1 * typical(before, "megabytes") + 10
    for name in ("threads", "own_descriptors"):
        assert typical(after, name) <= typical(before, name) + 5, name
    # In a short run the pools are still being filled, and have their own bound.
    if MINUTES >= FILLED_MINUTES:
        assert typical(after, "sessions") <= typical(before, "sessions") + 5
    assert max(one.sessions for one in samples) <= MOST_SESSIONS


def assert_fair(readers: list[Reader], report: Reader, began: float) -> None:
    """Assert that readers are answered while reports are made."""
    assert report.answers
    beside, alone = by_part(readers, began)
    assert high(beside) < max(4 * high(alone), 1.0)


def by_part(readers: list[Reader], began: float) -> tuple[list[float], list[float]]:
    """Return how long readers waited while reports were asked for, and otherwise."""
    beside, alone = list[float](), list[float]()
    for reader in readers:
        for at, seconds in reader.answers:
            part = int((at - began) / (MINUTES * 60) * PARTS)
            (beside if part % 2 else alone).append(seconds)
    return beside, alone


def high(seconds: list[float]) -> float:
    """Return what one answer of a hundred takes longer than."""
    ordered = sorted(seconds)
    return ordered[int(len(ordered) * 0.99)]


def tell(
    clients: list[TimedClient],
    readers: list[Reader],
    report: Reader,
    samples: list[Sample],
    began: float,
) -> None:
    """Print what was measured."""
    seconds = [each for one in clients for each in one.seconds]
    acknowledged = sum(len(one.acknowledged) for one in clients)
    beside, alone = by_part(readers, began)
    told = {
        "clients": CLIENTS,
        "minutes": MINUTES,
        "acknowledged": acknowledged,
        "per_second": round(acknowledged / (MINUTES * 60), 1),
        "retried": sum(one.retried for one in clients),
        "median_ms": round(statistics.median(seconds) * 1_000, 1),
        "p99_ms": round(high(seconds) * 1_000, 1),
        "queue_p99_ms_beside_reports": round(high(beside) * 1_000, 1),
        "queue_p99_ms_alone": round(high(alone) * 1_000, 1),
        "reports": len(report.answers),
        "samples": [
            [round(one.megabytes), one.threads, one.descriptors, one.sessions]
            for one in samples[:: max(1, len(samples) // 6)]
        ],
    }
    sys.stdout.write(f"\n{json.dumps(told)}\n")
