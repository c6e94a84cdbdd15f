"""A log over HTTP: its checkpoint, its keys, and proofs made from its tiles."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from application.log.format.checkpoint import Checkpoint, parse_checkpoint
from application.log.format.merkle_proofs import prove_consistency
from application.log.format.note import Note, NoteMalformed
from application.log.format.tiles import NotATile, Tile, needed, node_in
from application.log.format.tree import HASH_BYTES, Node, subtree
from application.log.witness.http_client import Unreachable, fetch

L = TypeVar("L")


class _Endorsed(Struct):
    endorsement: str | None = None


class _Page(Struct, Generic[L]):
    items: list[L]


class RemoteLog:
    """Reads a log below a URL. Every method raises Unreachable on a bad answer."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def checkpoint(self) -> tuple[Checkpoint, Note]:
        """Return the log's checkpoint; its signatures are not checked here."""
        url = f"{self.url}/checkpoint"
        try:
            return parse_checkpoint(_fetched(url))
        except NoteMalformed as error:
            raise Unreachable(f"{url}: {error}") from None

    def endorsements(self) -> list[str]:
        """Return the notes in which keys endorse newer ones, the oldest first."""
        return self._endorsements("keys")

    def key_ends(self) -> list[str]:
        """Return the notes that say where older keys ended."""
        return self._listed("key-ends", str)

    def statement_endorsements(self) -> list[str]:
        """Return the notes in which the log names the keys of its application."""
        return self._endorsements("statement-keys")

    def _endorsements(self, path: str) -> list[str]:
        found = self._listed(path, _Endorsed)
        return [one.endorsement for one in found if one.endorsement]

    def _listed(self, path: str, kind: type[L]) -> list[L]:
        """Return a list: a log of an earlier version answers the array alone."""
        url = f"{self.url}/{path}"
        either: Any = list[kind] | _Page[kind]  # type: ignore[valid-type]
        try:
            found = msgspec.json.decode(_fetched(url), type=either)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Unreachable(f"{url}: {error}") from None
        listed: list[L] = found if isinstance(found, list) else found.items
        return listed

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof, made from tiles, that one size begins with the other."""
        return prove_consistency(self._nodes(new), old, new)

    def beginning(self, old: int, new: int) -> bytes:
        """Return the root of the first `old` entries by the tiles of a larger size."""
        return subtree(self._nodes(new), 0, old)

    def _nodes(self, new: int) -> Node:
        tiles: dict[Tile, bytes] = {}

        def node(level: int, index: int) -> bytes:
            tile = needed(new, level, index)
            if tile not in tiles:
                tiles[tile] = self._tile(tile)
            try:
                return node_in(tiles[tile], level, index)
            except NotATile as error:
                raise Unreachable(f"{self.url}/tile/{tile.path}: {error}") from None

        return node

    def _tile(self, tile: Tile) -> bytes:
        url = f"{self.url}/tile/{tile.path}"
        hashes = _fetched(url)
        if len(hashes) != tile.width * HASH_BYTES:
            raise Unreachable(f"{url}: {len(hashes)} bytes are not a tile so wide")
        return hashes


def _fetched(url: str) -> bytes:
    answer = fetch(url)
    if answer.status != HTTPStatus.OK:
        raise Unreachable(f"{url}: answered {answer.status} {answer.text}")
    return answer.content
