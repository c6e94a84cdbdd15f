"""A server that is told to end answers what is under way, and loses nothing."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psutil
import psycopg
import pytest

from domain.roles import Role
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from tests.http.conftest import FILING
from tests.processes import (
    PATIENCE,
    Process,
    free_port,
    http_client,
    serving_environ,
    wait_until_ready,
)
from tests.sizes import sized

pytestmark = pytest.mark.kill

RESTARTS = sized(1, 5)
CLIENTS = 8
RECENT = FILING["order"] | {"received_at": None}


class Served:
    """A server of one's own, with tokens for it."""

    def __init__(self, url: str, home: Path, *arguments: str) -> None:
        port = free_port()
        environ = serving_environ(url, home, port, REDRESS_CASES_PER_DAY="1000000")
        self.at, self.port = f"http://127.0.0.1:{port}", port
        self.process = Process(environ, "serve", *arguments)
        wait_until_ready(self.at)
        self._key = DevelopmentKey(home)

    def headers(self, role: str, subject: str) -> dict[str, str]:
        caller = Caller(subject=subject, role=Role(role), platform="shop")
        token = self._key.token(caller, timedelta(hours=1))
        return {"Authorization": f"Bearer {token}", "Purpose": "Audit 2026-Q1"}

    def file(self, client: httpx.Client, order: str) -> httpx.Response:
        headers = self.headers("buyer", "b-1") | {"Idempotency-Key": str(uuid4())}
        body = FILING | {"order": RECENT | {"id": order}}
        return client.post(f"{self.at}/v1/disputes", json=body, headers=headers)


@pytest.fixture(params=[("--with-worker",), ("--workers", "2")], ids="+".join)
def served(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> Served:
    return Served(url, tmp_path, *request.param)


class InThread:
    """A call that goes on while the test does something else."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.result: Any = None
        self._call = call
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.result = self._call()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.result = error

    def ended(self) -> Any:
        self._thread.join(20)
        assert not self._thread.is_alive()
        return self.result


def test_a_request_that_waits_for_events_is_answered(served: Served) -> None:
    headers = served.headers("supervisor", "v-1") | {"Prefer": "wait=25"}
    with http_client() as client:
        begun = time.monotonic()
        asked = InThread(
            lambda: client.get(f"{served.at}/v1/events", headers=headers, timeout=40)
        )
        time.sleep(1)
        assert served.process.stop() == 0
        answer = asked.ended()
    assert (answer.status_code, answer.content) == (200, b"")
    assert time.monotonic() - begun < 15


def test_a_request_that_waits_for_a_view_is_answered(served: Served) -> None:
    headers = served.headers("supervisor", "v-1") | {"Prefer": "wait=25"}
    with http_client() as client:
        case = served.file(client, "o-1").json()["id"]
        begun = time.monotonic()
        where = f"{served.at}/v1/disputes?after={case}:99"
        asked = InThread(lambda: client.get(where, headers=headers, timeout=40))
        time.sleep(1)
        assert served.process.stop() == 0
        answer = asked.ended()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert time.monotonic() - begun < 15


def test_a_stream_ends_as_a_whole_answer_does(served: Served) -> None:
    headers = served.headers("supervisor", "v-1") | {"Accept": "text/event-stream"}

    def listened() -> tuple[int, bytes]:
        with (
            http_client() as client,
            client.stream("GET", f"{served.at}/v1/events", headers=headers) as stream,
        ):
            # Raises RemoteProtocolError for one that is cut off.
            return stream.status_code, b"".join(stream.iter_bytes())

    stream = InThread(listened)
    time.sleep(1)
    assert served.process.stop() == 0
    status, content = stream.ended()
    assert status == 200
    assert content.startswith(b"retry: 2000\n\n")
    assert content.endswith(b"\n\n")


def test_an_upload_that_is_under_way_is_taken(served: Served, url: str) -> None:
    with http_client() as client:
        case = served.file(client, "o-1").json()["id"]
    content = b"\x89PNG\r\n\x1a\n" + b"x" * 50_000
    boundary = "limit"
    body = (
        f"--{boundary}\r\nContent-Disposition: form-data; name=kind\r\n\r\nphoto\r\n"
        f"--{boundary}\r\nContent-Disposition: form-data; name=file; filename=a.png\r\n"
        "Content-Type: image/png\r\n\r\n"
    ).encode()
    body += content + f"\r\n--{boundary}--\r\n".encode()
    headers = served.headers("buyer", "b-1") | {
        "Host": f"127.0.0.1:{served.port}",
        "Idempotency-Key": str(uuid4()),
        "If-Match": "*",
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": str(len(body)),
    }
    head = f"POST /v1/disputes/{case}/evidence HTTP/1.1\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", served.port)) as connection:
        connection.sendall(head.encode() + b"\r\n" + body[:1_000])
        time.sleep(0.5)
        stopped = InThread(served.process.stop)
        for part in range(1_000, len(body), 10_000):
            # Longer than new connections are taken.
            time.sleep(0.3)
            connection.sendall(body[part : part + 10_000])
        connection.settimeout(10)
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert b"\r\nconnection: close\r\n" in answer.lower()
    assert stopped.ended() == 0
    assert UUID(case) in cases_with(url, "evidence-submitted")


def test_new_connections_are_refused_and_the_server_says_that_it_ends(
    served: Served,
) -> None:
    headers = served.headers("supervisor", "v-1") | {"Prefer": "wait=25"}
    with http_client() as client, http_client() as other:
        assert other.get(f"{served.at}/health/live").status_code == 200
        asked = InThread(
            lambda: client.get(f"{served.at}/v1/events", headers=headers, timeout=40)
        )
        time.sleep(0.5)
        stopped = InThread(served.process.stop)
        time.sleep(0.2)
        told = other.get(f"{served.at}/health/ready")
        assert told.status_code == 503
        assert "shutdown" in told.json()["parts"]
        assert told.headers["connection"] == "close"
        assert stopped.ended() == 0
        assert asked.ended().status_code == 200
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", served.port))


class Busy(threading.Thread):
    """Files cases, one behind the other, on one connection; sends none again."""

    def __init__(self, served: Served, number: int) -> None:
        super().__init__()
        self._served, self._number = served, number
        self.acknowledged: list[UUID] = []
        self.unanswered: list[str] = []

    def run(self) -> None:
        n = 0
        with http_client() as client:
            while True:
                try:
                    answer = self._served.file(client, f"o-{self._number}-{n}")
                except httpx.ConnectError:
                    return
                except httpx.TransportError as error:
                    self.unanswered.append(f"{type(error).__name__}: {error}")
                    return
                assert answer.status_code == 201, answer.text
                self.acknowledged.append(UUID(answer.json()["id"]))
                n += 1


def cases_with(url: str, topic: str) -> set[UUID]:
    with psycopg.connect(url) as session:
        rows = session.execute(
            "SELECT originator_id FROM redress.events WHERE topic = %s", (topic,)
        ).fetchall()
    return {row[0] for row in rows}


def test_servers_that_still_start_are_ended_as_well(url: str, tmp_path: Path) -> None:
    environ = serving_environ(url, tmp_path, free_port())
    process = Process(environ, "serve", "--workers", "2")
    until = time.monotonic() + PATIENCE
    while len(psutil.Process(process.pid).children()) < 2:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert process.stop() == 0


@pytest.mark.parametrize("restart", range(RESTARTS))
def test_no_request_is_left_without_an_answer(
    served: Served, url: str, restart: int
) -> None:
    clients = [Busy(served, number) for number in range(CLIENTS)]
    for one in clients:
        one.start()
    time.sleep(1 + restart / 10)
    assert served.process.stop() == 0
    for one in clients:
        one.join(20)
    assert [said for one in clients for said in one.unanswered] == []
    acknowledged = {case for one in clients for case in one.acknowledged}
    assert len(acknowledged) > CLIENTS
    assert acknowledged == cases_with(url, "filed")
