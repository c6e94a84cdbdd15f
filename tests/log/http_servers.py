"""Small HTTP servers: a log's static paths, a witness, or whoever answers nonsense."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import psycopg

from application.log.build.stored_tree import StoredTree
from application.log.format.tiles import parse_path
from application.log.sign import key_ends
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import keys, latest
from application.log.witness.witness import Declined, Witness

Answering = Callable[[BaseHTTPRequestHandler, str, bytes], tuple[int, bytes] | None]
"""Answers a path and a body; None: it has answered by itself."""


@contextmanager
def serving(answering: Answering) -> Iterator[str]:
    """Serve on a port of its own; yield the URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            answer = answering(self, self.path, body)
            if answer is not None:
                self.send_response(answer[0])
                self.send_header("Content-Length", str(len(answer[1])))
                self.end_headers()
                self.wfile.write(answer[1])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def log_paths(url: str) -> Answering:
    """Answer a log's checkpoint and tiles from the database."""

    def answer(_: object, path: str, __: bytes) -> tuple[int, bytes]:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET search_path TO redress")
            if path == "/checkpoint":
                found = latest(connection, Kind.SIGNED)
                return (200, found.note.encode()) if found else (404, b"")
            if path == "/keys":
                return 200, msgspec.json.encode({"items": keys(connection)})
            if path == "/key-ends":
                ends = key_ends.published(connection)
                return 200, msgspec.json.encode({"items": ends, "next": None})
            tile = parse_path(path.removeprefix("/tile/"))
            hashes = StoredTree(connection).tile(tile.level or 0, tile.index)
            return 200, hashes[: tile.width * 32]

    return answer


def witness_paths(witness: Witness) -> Answering:
    """Answer add-checkpoint, and what was cosigned last, as a witness does."""

    def answer(_: object, path: str, body: bytes) -> tuple[int, bytes]:
        if path.endswith("/checkpoint"):
            note = witness.published(path.split("/")[1])
            return (200, note.encode()) if note else (404, b"")
        assert path == "/add-checkpoint"
        try:
            lines = [one.line for one in witness.add(body)]
        except Declined as error:
            return error.status, error.text.encode()
        return 200, "".join(f"{line}\n" for line in lines).encode()

    return answer
