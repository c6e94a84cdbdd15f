"""An HTTP server on localhost that answers what a test says, one after another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from msgspec import Struct

NO_CONTENT = 204


class Answer(Struct, frozen=True):
    """What is answered once. `is_cut`: the connection is closed half-way through."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = {}
    is_cut: bool = False


class Asked(Struct, frozen=True):
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Script(Struct):
    """Where the server is, what it still answers, and what it was asked."""

    address: str
    answers: list[Answer]
    asked: list[Asked]


@contextmanager
def scripted(*answers: Answer) -> Iterator[Script]:
    """Yield the script of a server that answers these; then 500 for ever."""
    script = Script("", [*answers], [])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            headers = {name.lower(): one for name, one in self.headers.items()}
            body = self.rfile.read(length)
            script.asked.append(Asked(self.command, self.path, headers, body))
            said = script.answers.pop(0) if script.answers else Answer(status=500)
            self.send_response(said.status)
            for name, one in said.headers.items():
                self.send_header(name, one)
            if said.status == NO_CONTENT:
                self.end_headers()
                return
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            if said.is_cut:
                self.wfile.write(said.body[: len(said.body) // 2])
                self.close_connection = True
            else:
                self.wfile.write(said.body)

        do_GET = do_POST = _answer  # noqa: N815 - its base asks for them

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
