"""kill -9 at random, by a seed, for as long as is asked: nothing is lost or doubled.

`KILL_MINUTES=30 KILL_SEED=7 pytest -s tests/http/test_kill_soak.py` is the long one.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from interface.callers.development_key import DevelopmentKey
from tests.http.test_killed import (
    CLIENTS,
    Client,
    own_cluster,
    settled,
    verify,
)
from tests.loaded_program import run
from tests.processes import (
    PATIENCE,
    Process,
    free_port,
    serving_environ,
    wait_until_ready,
)
from tests.sizes import sized

pytestmark = [pytest.mark.kill, pytest.mark.long]

MINUTES = float(os.environ.get("KILL_MINUTES", sized(0.15, 0.3)))
SEED = int(os.environ.get("KILL_SEED", "2026"))

REST_SECONDS = (0.5, 3.0)


def test_kills_at_random_lose_and_double_nothing(tmp_path: Path) -> None:
    with own_cluster() as (database, cluster):
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        environ = serving_environ(
            database, tmp_path, port, REDRESS_CASES_PER_DAY="1000000"
        )
        server, worker = Process(environ, "serve"), Process(environ, "work")
        wait_until_ready(url)
        stop, key = threading.Event(), DevelopmentKey(tmp_path)
        clients = [Client(url, key, n, stop) for n in range(CLIENTS)]
        for client in clients:
            client.start()

        def kill_database() -> None:
            os.kill(cluster.pid, signal.SIGKILL)
            cluster.start()

        def kill_worker() -> None:
            worker.kill()
            worker.start()

        rng, others = random.Random(SEED), (kill_worker, kill_database)
        restarts = kill_on(rng, server, clients, *others)
        stop.set()
        for client in clients:
            client.join()
        waited = time.monotonic() + PATIENCE
        while not settled(database):
            assert time.monotonic() < waited, "the views never caught up"
            time.sleep(0.2)
        verify(database, clients)
        assert intact(environ)
        assert (server.stop(), worker.stop()) == (0, 0)
    report(restarts, clients)


def kill_on(
    rng: random.Random,
    server: Process,
    clients: list[Client],
    *others: Callable[[], None],
) -> list[float]:
    """Kill until the time is over; return how long each new server took, in seconds.

    From its start until it acknowledges a command.
    """
    until, restarts = time.monotonic() + MINUTES * 60, list[float]()
    while time.monotonic() < until:
        time.sleep(rng.uniform(*REST_SECONDS))
        if rng.random() < 0.5:
            rng.choice(others)()
            continue
        server.kill()
        before, began = acknowledged(clients), time.monotonic()
        server.start()
        while acknowledged(clients) == before:
            if server.has_ended:
                # It found no database in time, and is started again as by a service
                # manager.
                server.start()
            assert time.monotonic() < began + PATIENCE, "nothing is acknowledged"
            time.sleep(0.01)
        restarts.append(time.monotonic() - began)
    return restarts


def acknowledged(clients: list[Client]) -> int:
    return sum(len(one.acknowledged) for one in clients)


def intact(environ: dict[str, str]) -> bool:
    """Tell what `redress verify` finds."""
    answer = run("verify", env=os.environ | environ)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return True


def report(restarts: list[float], clients: list[Client]) -> None:
    """Say what was measured, for who runs it by hand with -s."""
    assert restarts
    times = sorted(restarts)
    sys.stdout.write(
        f"\n{acknowledged(clients):,} acknowledged; {len(times)} restarts,"
        f" acknowledging again after {times[len(times) // 2]:.2f} s (median),"
        f" {times[int(len(times) * 0.9)]:.2f} s (of ten, nine),"
        f" {times[-1]:.2f} s (longest)\n"
    )
