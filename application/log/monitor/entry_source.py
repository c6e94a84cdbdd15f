"""Where a monitor reads a log's entries: bundles below a URL (C2SP tlog-tiles)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from msgspec import Struct

from application.log.format.tiles import WIDTH, NotATile, Tile, unbundle
from application.log.witness.http_client import Unreachable, fetch
from application.record.envelope import MAX_EVENT_BYTES

MAX_BUNDLE_BYTES = WIDTH * (MAX_EVENT_BYTES + 2)
SECONDS = 60.0


class EntrySource(Struct, frozen=True):
    """The URL of a log, and the headers with which its entries are asked for."""

    url: str
    headers: Mapping[str, str] = {}

    def entries(self, start: int, size: int) -> Iterator[bytes]:
        """Yield the entries from `start` on, of a log of `size`, bundle by bundle.

        Raises Unreachable for an answer that is no bundle.
        """
        for index in range(start // WIDTH, -(-size // WIDTH)):
            tile = Tile(None, index, min(WIDTH, size - index * WIDTH))
            found = self._bundle(tile)
            yield from found[max(0, start - tile.start) :]

    def _bundle(self, tile: Tile) -> list[bytes]:
        url = f"{self.url.rstrip('/')}/tile/{tile.path}"
        answer = fetch(url, None, SECONDS, headers=self.headers, most=MAX_BUNDLE_BYTES)
        if answer.status != HTTPStatus.OK:
            raise Unreachable(f"{url}: answered {answer.status} {answer.text}")
        try:
            found = list(unbundle(answer.content))
        except NotATile as error:
            raise Unreachable(f"{url}: {error}") from None
        if len(found) != tile.width:
            raise Unreachable(f"{url}: {len(found)} entries, not {tile.width}")
        return found
