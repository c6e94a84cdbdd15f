"""A receiver of webhooks: a real HTTP server that answers as it is told to."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from msgspec import Struct


class Received(Struct, frozen=True, kw_only=True):
    """One request that reached the receiver."""

    name: str
    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def message(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found


class Answer(Struct, frozen=True):
    """What the receiver answers, and after how long."""

    status: int = 204
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    body: bytes = b""


Answering = Callable[[dict[str, Any]], Answer]


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A sender that is killed breaks its connection off: no matter here.
        del request, client_address


class Receiver:
    """Keeps what it was sent; `answering` says what it answers to a message."""

    def __init__(self, answering: Answering | None = None, port: int = 0) -> None:
        self.received: list[Received] = []
        self.answering = answering or (lambda _: Answer())
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                receiver._take(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                del format, args

        self._handler, self._port = Handler, port
        self.start()

    def start(self) -> None:
        """Listen; started again, on the same port."""
        self._server = _Server(("127.0.0.1", self._port), self._handler)
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Refuse connections."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/hook"

    @property
    def taken(self) -> list[Received]:
        """Return what was answered with success."""
        with self._lock:
            return [one for one in self.received if one.status < 300]

    def by_case(self) -> dict[str, list[int]]:
        """Return the positions that were taken of each case, duplicates left out."""
        found: dict[str, list[int]] = defaultdict(list)
        seen = set()
        for one in self.taken:
            if one.name not in seen:
                seen.add(one.name)
                found[one.message["dispute"]].append(one.message["position"])
        return found

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        answer = self.answering(msgspec.json.decode(body))
        time.sleep(answer.seconds)
        one = Received(
            name=headers["webhook-id"], headers=headers, body=body, status=answer.status
        )
        with self._lock:
            self.received.append(one)
        handler.send_response(answer.status)
        for name, value in answer.headers:
            handler.send_header(name, value)
        if answer.status != 204:
            handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        handler.wfile.write(answer.body)


@contextmanager
def receiving(answering: Answering | None = None) -> Iterator[Receiver]:
    """Run a receiver."""
    one = Receiver(answering)
    try:
        yield one
    finally:
        one.stop()
