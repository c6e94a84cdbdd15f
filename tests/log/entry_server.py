"""A log's public paths with its entries, as a monitor reads them."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import msgspec
import psycopg

from application.log.build.entries import entries
from application.log.format.tiles import WIDTH, bundle, parse_path
from application.log.sign.statement_keys import published
from tests.log.http_servers import Answering, log_paths

Edit = Callable[[int, bytes], bytes]


def entry_paths(url: str, edit: Edit = lambda _, entry: entry) -> Answering:
    """Answer what a log publishes; `edit` changes entries, by their index."""
    others = log_paths(url)

    def answer(
        handler: BaseHTTPRequestHandler, path: str, body: bytes
    ) -> tuple[int, bytes] | None:
        if path == "/statement-keys":
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("SET search_path TO redress")
                return 200, msgspec.json.encode(published(connection))
        if not path.startswith("/tile/entries/"):
            return others(handler, path, body)
        tile = parse_path(path.removeprefix("/tile/"))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET search_path TO redress")
            found = list(entries(connection, tile.start, tile.start + tile.width))
        assert len(found) <= WIDTH
        changed = [edit(tile.start + n, one) for n, one in enumerate(found)]
        return 200, bundle(changed)

    return answer
