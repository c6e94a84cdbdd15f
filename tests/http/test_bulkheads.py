"""One kind of work that is slow or blocked holds up no other: against a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from domain.roles import Role
from interface.api.bulkheads import BOUNDS, Work
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from tests.http.conftest import FILING
from tests.processes import (
    Process,
    free_port,
    http_client,
    serving_environ,
    wait_until_ready,
)

pytestmark = pytest.mark.kill

LIVE_SECONDS = 1.0
"""Far more than an answer takes on a busy machine, far less than waiting readers do."""


class Server:
    """A server without a worker: its views hold nothing, for as long as one waits."""

    def __init__(self, url: str, home: Path) -> None:
        port = free_port()
        self.database, self.url = url, f"http://127.0.0.1:{port}"
        self._key = DevelopmentKey(home)
        environ = serving_environ(url, home, port)
        self.process = Process(environ, "serve")
        wait_until_ready(self.url)

    def headers(self, role: Role, subject: str) -> dict[str, str]:
        caller = Caller(subject=subject, role=role, platform="shop")
        token = self._key.token(caller, timedelta(hours=1))
        return {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": str(uuid4()),
            "If-Match": "*",
            "Purpose": "Audit",
        }

    def get(self, path: str, role: Role, subject: str) -> httpx.Response:
        with http_client() as client:
            return client.get(self.url + path, headers=self.headers(role, subject))

    def file(self, subject: str, order: str) -> httpx.Response:
        line = FILING["order"] | {"id": order, "received_at": None}
        with http_client() as client:
            return client.post(
                f"{self.url}/v1/disputes",
                json=FILING | {"order": line},
                headers=self.headers(Role.BUYER, subject),
            )

    def slowest(self, path: str, for_seconds: float, **caller: Any) -> float:
        """Ask again and again; return the longest time that an answer took."""
        longest, until = 0.0, time.monotonic() + for_seconds
        headers = self.headers(**caller) if caller else {}
        with http_client() as client:
            while time.monotonic() < until:
                began = time.monotonic()
                assert client.get(self.url + path, headers=headers).status_code == 200
                longest = max(longest, time.monotonic() - began)
        return longest


@pytest.fixture
def server(url: str, tmp_path: Path) -> Iterator[Server]:
    one = Server(url, tmp_path)
    yield one
    one.process.stop()


@contextmanager
def lock_on_events(url: str) -> Iterator[None]:
    with psycopg.connect(url) as session:
        session.execute("LOCK TABLE redress.events IN EXCLUSIVE MODE")
        yield
        session.rollback()


def test_64_waiting_readers_hold_nobody_up(server: Server) -> None:
    case = server.file("b-1", "o-1").json()["id"]
    path = f"/v1/disputes?after={case}:999999"
    with ThreadPoolExecutor(64) as crowd:
        waiting = [
            crowd.submit(server.get, path, Role.PLATFORM, f"client-{n % 4}")
            for n in range(64)
        ]
        time.sleep(1.0)
        assert server.slowest("/health/live", 1.0) < LIVE_SECONDS
        caller = {"role": Role.BUYER, "subject": "b-1"}
        assert server.slowest(f"/v1/disputes/{case}", 1.0, **caller) < LIVE_SECONDS
        answers = [one.result() for one in waiting]
    assert {one.status_code for one in answers} == {503}
    assert {one.json()["type"] for one in answers} == {"urn:redress:problem:lagging"}


def test_a_caller_waits_for_so_many_views_at_once(server: Server) -> None:
    most = BOUNDS[Work.WAIT].by_caller
    path = f"/v1/disputes?after={uuid4()}:1"
    with ThreadPoolExecutor(most + 8) as crowd:
        asked = [
            crowd.submit(server.get, path, Role.PLATFORM, "greedy")
            for _ in range(most + 8)
        ]
        answers = [one.result() for one in asked]
    refused = [one for one in answers if one.status_code == 429]
    assert len(refused) == 8
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].json()["type"] == "urn:redress:problem:too-many-at-once"


def test_a_blocked_append_is_told_in_seconds_and_readers_go_on(server: Server) -> None:
    case = server.file("b-1", "o-1").json()["id"]
    caller = {"role": Role.BUYER, "subject": "b-1"}
    with lock_on_events(server.database), ThreadPoolExecutor(8) as crowd:
        began = time.monotonic()
        filed = [crowd.submit(server.file, f"b-{n}", f"o-{n}") for n in range(10, 18)]
        time.sleep(0.5)
        assert server.slowest(f"/v1/disputes/{case}", 1.0, **caller) < LIVE_SECONDS
        assert server.slowest("/health/live", 0.5) < LIVE_SECONDS
        answers = [one.result() for one in filed]
        took = time.monotonic() - began
    assert took < 8.0
    assert {one.status_code for one in answers} == {503}
    assert {one.json()["type"] for one in answers} == {"urn:redress:problem:busy"}
    assert all("retry-after" in one.headers for one in answers)
    # It was said that nothing was done, and the same can be done now.
    assert server.file("b-10", "o-10").status_code == 201


def test_uploads_at_rest_hold_nobody_up(server: Server) -> None:
    case = server.file("b-1", "o-1").json()["id"]
    over = threading.Event()

    def content() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nphoto'
        over.wait(5.0)
        yield b"\r\n--x--\r\n"

    def upload(_: int) -> int:
        headers = server.headers(Role.BUYER, "b-1") | {
            "Content-Type": "multipart/form-data; boundary=x"
        }
        with http_client() as client:
            return client.post(
                f"{server.url}/v1/disputes/{case}/evidence",
                content=content(),
                headers=headers,
            ).status_code

    with ThreadPoolExecutor(24) as crowd:
        sent = [crowd.submit(upload, n) for n in range(24)]
        time.sleep(1.0)
        assert server.slowest("/health/live", 1.0) < LIVE_SECONDS
        over.set()
        statuses = [one.result() for one in sent]
    assert statuses.count(429) == 24 - BOUNDS[Work.UPLOAD].by_caller
    assert set(statuses) == {422, 429}
