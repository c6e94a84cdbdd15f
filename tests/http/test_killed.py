"""kill -9 of the server, the worker and PostgreSQL under clients that try again.

Every acknowledged command is in the record once, none twice.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from application.record.schema.migrations import JOBS, KEYS, STORE, migrate
from domain.identity import RULES
from domain.roles import Role
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from interface.run.embedded_postgres import EmbeddedServer
from projections.registry import make_missing
from tests.http.conftest import FILING
from tests.postgres import embedded
from tests.processes import (
    PATIENCE,
    Process,
    free_port,
    http_client,
    serving_environ,
    wait_until_ready,
)

pytestmark = pytest.mark.kill

CLIENTS = 6
MOMENT = 2.0
"""How long clients go on undisturbed, in seconds, after each kill too."""
PACE = 0.01
"""Clients leave the server some of the processor, in seconds between requests."""
RECENT = FILING["order"] | {"received_at": None}


class Client(threading.Thread):
    """Files and withdraws cases, trying each request again until it is answered."""

    def __init__(
        self, url: str, key: DevelopmentKey, number: int, over: threading.Event
    ) -> None:
        super().__init__()
        caller = Caller(subject=f"b-{number}", role=Role.BUYER, platform="shop")
        token = key.token(caller, timedelta(hours=1))
        self._headers = {"Authorization": f"Bearer {token}"}
        self._url, self._number, self._over = url, number, over
        self._http = http_client()
        self.acknowledged: list[tuple[UUID, str, int]] = []
        self.retried = 0
        self.refused: list[str] = []

    def run(self) -> None:
        n = 0
        with self._http:
            while not self._over.wait(PACE):
                order = RECENT | {"id": f"o-{self._number}-{n}"}
                filed = self._send("/v1/disputes", FILING | {"order": order})
                path = f"/v1/disputes/{filed['id']}/withdrawal"
                match = f'"{filed["version"]}"'
                self._send(path, {"reason": "Enough."}, match=match)
                n += 1

    def _send(self, path: str, body: Any, match: str | None = None) -> Any:
        headers = self._headers | {"Idempotency-Key": str(uuid4())}
        if match:
            headers["If-Match"] = match
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = self._http.post(self._url + path, json=body, headers=headers)
            except httpx.TransportError:
                self.retried += 1
                time.sleep(0.1)
                continue
            if answer.status_code < 300:
                case = answer.json()
                name = path.rpartition("/")[2]
                self.acknowledged.append((UUID(case["id"]), name, case["version"]))
                return case
            if answer.status_code < 500:
                self.refused.append(answer.text)
            self.retried += 1
            time.sleep(0.1)
        raise TimeoutError(path)


@contextmanager
def own_cluster() -> Iterator[tuple[str, EmbeddedServer]]:
    with embedded() as (url, cluster):
        migrate(url, STORE)
        migrate(url, JOBS)
        migrate(url, KEYS)
        make_missing(url)
        yield url, cluster


def settled(url: str) -> bool:
    """Tell whether every view holds every event."""
    with psycopg.connect(url) as session:
        row = session.execute(
            "SELECT (SELECT count(*) FROM redress.events)"
            " = (SELECT max(position) FROM redress.ledger)"
            " AND (SELECT min(position) FROM redress.followers)"
            " = (SELECT max(position) FROM redress.ledger)"
        ).fetchone()
    return row == (True,)


def test_every_acknowledged_command_is_there_once(tmp_path: Path) -> None:
    with own_cluster() as (database, cluster):
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        environ = serving_environ(
            database, tmp_path, port, REDRESS_CASES_PER_DAY="1000000"
        )
        server, worker = Process(environ, "serve"), Process(environ, "work")
        wait_until_ready(url)
        key = DevelopmentKey(tmp_path)
        stop = threading.Event()
        clients = [Client(url, key, n, stop) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(MOMENT)
        server.kill()
        server.start()
        # A server that is still starting without a database ends, as it should.
        wait_until_ready(url)
        time.sleep(MOMENT)
        os.kill(cluster.pid, signal.SIGKILL)
        cluster.start()
        time.sleep(MOMENT)
        worker.kill()
        worker.start()
        before = [len(client.acknowledged) for client in clients]
        time.sleep(MOMENT)
        stop.set()
        for client in clients:
            client.join()
        # Each client was at work until the last of it, and is answered again.
        after = [len(client.acknowledged) for client in clients]
        assert all(new > old for new, old in zip(after, before, strict=True))
        waited = time.monotonic() + PATIENCE
        while not settled(database):
            assert time.monotonic() < waited, "the views never caught up"
            time.sleep(0.1)
        assert (server.stop(), worker.stop()) == (0, 0)
        verify(database, clients)


def verify(database: str, clients: list[Client]) -> None:
    acknowledged = [one for client in clients for one in client.acknowledged]
    assert sum(client.retried for client in clients) > 0
    assert [text for client in clients for text in client.refused] == []
    assert len(acknowledged) > 100
    with psycopg.connect(database) as session:
        rows = session.execute(
            "SELECT originator_id, array_agg(topic ORDER BY originator_version)"
            " FROM redress.events WHERE topic <> 'notice-served' GROUP BY 1"
        ).fetchall()
        positions = session.execute(
            "SELECT array_agg(position ORDER BY position) FROM redress.ledger"
        ).fetchone()
        views = session.execute(
            "SELECT (SELECT count(*) FROM redress.queue),"
            " (SELECT count(*) FROM redress.audit_trail)"
        ).fetchone()
    recorded: dict[UUID, list[str]] = dict(rows)
    # Once, however many processes were killed while they did it.
    assert recorded.pop(RULES) == ["rules-adopted"]
    whole = ["filed", "withdrawn", "closed"]
    assert all(events in (whole, whole[:1]) for events in recorded.values())
    by_case = Counter(case for case, _, _ in acknowledged)
    for case, answers in by_case.items():
        assert recorded[case] == (whole if answers == 2 else whole[:1])
    assert set(recorded) == set(by_case)
    assert positions is not None
    assert positions[0] == [*range(1, len(positions[0]) + 1)]
    assert views == (len(recorded), len(positions[0]) - 1)


def test_several_serving_processes_end_with_the_one_that_started_them(
    tmp_path: Path, url: str
) -> None:
    port = free_port()
    environ = serving_environ(url, tmp_path, port)
    server = Process(environ, "serve", "--workers", "2")
    wait_until_ready(f"http://127.0.0.1:{port}")
    server.kill()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=1)
        except httpx.TransportError:
            return
        time.sleep(0.2)
    raise AssertionError("somebody still answers")


def test_a_server_with_its_worker_idles_small(tmp_path: Path, url: str) -> None:
    port = free_port()
    environ = serving_environ(url, tmp_path, port)
    server = Process(environ, "serve", "--with-worker", is_new=True)
    wait_until_ready(f"http://127.0.0.1:{port}")
    time.sleep(2)
    megabytes = server.resident_bytes() / 1_000_000
    assert server.stop() == 0
    assert 20 < megabytes < 200
