"""An object store on localhost, in a process of its own.

A library may hold up all threads of the process that asks, and with them a server's.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

import httpx
import msgspec

from tests.lake.stored_objects import CONTROL, Objects, Seen, Weather


class ObjectStore:
    """A store, as a test sees it; `address` is where it is asked."""

    def __init__(self, address: str) -> None:
        self.address = address

    @property
    def options(self) -> dict[str, str]:
        """Return the options by which a lake finds it."""
        return {
            "aws_endpoint": self.address,
            "aws_region": "eu-central-1",
            "aws_access_key_id": "somebody",
            "aws_secret_access_key": "a-secret",
            "aws_allow_http": "true",
        }

    def turn(self, weather: Weather) -> None:
        """Have it answer otherwise."""
        self._asked(weather)

    @property
    def seen(self) -> Seen:
        """Return what it has seen by now."""
        return self._asked(None)

    def _asked(self, weather: Weather | None) -> Seen:
        body = None if weather is None else msgspec.json.encode(weather)
        return msgspec.json.decode(
            httpx.post(f"{self.address}{CONTROL}", content=body).content, type=Seen
        )


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """Serve an empty store on a port of its own."""
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ObjectStore(f"http://127.0.0.1:{ours.recv()}")
    finally:
        process.kill()
        process.join()
        process.close()


def _serve(told: Connection) -> None:
    objects = Objects()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body in one packet: in two the second waits for an answer.
        wbufsize = 1 << 16

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found = objects.answer(self, body)
            if found is None:
                self.close_connection = True
                return
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            if found.status != 204:
                self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(found.body)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815 - its base

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of whoever was killed while it was being answered."""

    server = Server(("127.0.0.1", 0), Handler)
    told.send(server.server_port)
    server.serve_forever()
