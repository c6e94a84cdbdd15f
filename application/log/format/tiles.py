"""The tree cut into tiles, and its entries into bundles (C2SP tlog-tiles).

A tile has up to 256 hashes of every eighth level of the tree; the levels in between are
hashed from them. A partial tile is the beginning of the full one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from struct import pack, unpack_from

from msgspec import Struct

from application.log.format.tree import HASH_BYTES, parents

HEIGHT = 8
WIDTH = 1 << HEIGHT
MAX_LEVEL = 63
"""The highest level in the specification's paths; a tree of 2**63 entries ends at 7."""

ENTRIES = "entries"

_PATH = re.compile(
    r"(?P<level>0|[1-9]\d?|entries)"
    r"/(?P<index>(?:x\d{3}/)*\d{3})"
    r"(?:\.p/(?P<width>[1-9]\d{0,2}))?",
    re.ASCII,
)


class NotATile(ValueError):
    """A path, or the bytes at it, are not those of a tile or a bundle."""


class Tile(Struct, frozen=True):
    """A tile's level (None: a bundle of entries), index and width."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Return the tile's path below `tile/`, such as "0/x001/x234/067.p/8"."""
        parts = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            parts.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        level = ENTRIES if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{level}/{'/'.join(parts)}{partial}"

    @property
    def start(self) -> int:
        """Return the number of the tile's first hash, or entry, on its level."""
        return self.index * WIDTH


def parse_path(path: str) -> Tile:
    """Read a path below `tile/`. Raises NotATile."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise NotATile(f"{path!r} is not the path of a tile")
    level = None if found["level"] == ENTRIES else int(found["level"])
    index = int(found["index"].replace("x", "").replace("/", ""))
    tile = Tile(level, index, int(found["width"] or WIDTH))
    # Written again and compared: a tile has one path, so that caches hold it once.
    if tile.path != path or tile.width > WIDTH or (level or 0) > MAX_LEVEL:
        raise NotATile(f"{path!r} is not the path of a tile")
    return tile


def needed(size: int, level: int, index: int) -> Tile:
    """Return the tile of a tree with the hashes from which a subtree's hash is made."""
    tile_level = level // HEIGHT
    first = index << level % HEIGHT
    tile_index = first // WIDTH
    width = min(WIDTH, (size >> HEIGHT * tile_level) - tile_index * WIDTH)
    return Tile(tile_level, tile_index, width)


def node_in(hashes: bytes, level: int, index: int) -> bytes:
    """Return the hash of a complete subtree, made from the hashes of its tile."""
    # So many levels above those of the tile: 2**up of its hashes become one.
    up = level % HEIGHT
    first = (index << up) % WIDTH
    row = [
        hashes[HASH_BYTES * n : HASH_BYTES * (n + 1)]
        for n in range(first, first + (1 << up))
    ]
    if len(row[-1]) != HASH_BYTES:
        raise NotATile(f"the tile of node {level}/{index} is too short")
    for _ in range(up):
        row = parents(row)
    return row[0]


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of a tree."""
    level = 0
    while hashes := size >> HEIGHT * level:
        # Division that rounds up: the last tile may be partial.
        for index in range(-(-hashes // WIDTH)):
            yield Tile(level, index, min(WIDTH, hashes - index * WIDTH))
        level += 1


def bundle(entries: Iterable[bytes]) -> bytes:
    """Return entries in one piece, each after its length in 16 bits."""
    return b"".join(pack(">H", len(entry)) + entry for entry in entries)


def unbundle(content: bytes) -> Iterator[bytes]:
    """Yield the entries of a bundle. Raises NotATile if it breaks off."""
    place = 0
    while place < len(content):
        if place + 2 > len(content):
            raise NotATile("the bundle breaks off in a length")
        (length,) = unpack_from(">H", content, place)
        place += 2
        if place + length > len(content):
            raise NotATile("the bundle breaks off in an entry")
        yield content[place : place + length]
        place += length
