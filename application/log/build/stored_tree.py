"""The tree as it is stored, in tiles: how it is read, and how it grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import Connection
from psycopg.rows import tuple_row

from application.log.format.merkle_proofs import prove_consistency, prove_inclusion
from application.log.format.tiles import HEIGHT, WIDTH, NotATile, Tile, node_in
from application.log.format.tree import HASH_BYTES, subtree
from application.operator_error import OperatorError

TILE_BYTES = WIDTH * HASH_BYTES


class LogDamaged(OperatorError):
    """The stored log contradicts itself or lacks a part; the message says where."""


class StoredTree:
    """Reads tiles, each once, and makes proofs for any size that the log has had."""

    def __init__(self, connection: Connection[object]) -> None:
        self._connection = connection
        self._tiles: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, index: int) -> bytes:
        """Return the hashes of a tile in one piece, as many as are stored."""
        if (level, index) not in self._tiles:
            with self._connection.cursor(row_factory=tuple_row) as cursor:
                row = cursor.execute(
                    "SELECT hashes FROM log_tiles WHERE level = %s AND index = %s",
                    (level, index),
                    binary=True,
                ).fetchone()
            self._tiles[level, index] = row[0] if row else b""
        return self._tiles[level, index]

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree. Raises LogDamaged if it is missing."""
        tile_level, first = level // HEIGHT, index << level % HEIGHT
        tile = self.tile(tile_level, first // WIDTH)
        try:
            return node_in(tile, level, index)
        except NotATile:
            path = Tile(tile_level, first // WIDTH).path
            raise LogDamaged(f"tile {path} of the log is missing or cut") from None

    def root(self, size: int) -> bytes:
        """Return the root that the tree had at a size."""
        return subtree(self.node, 0, size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the proof that an entry is in the tree of a size."""
        return prove_inclusion(self.node, index, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the tree of one size begins with that of another."""
        return prove_consistency(self.node, old, new)


class GrowingTiles:
    """Collects nodes as they become complete, and yields the tiles that they change.

    Of each level of tiles it keeps the last tile, which is partial.
    """

    def __init__(self, tree: StoredTree, size: int) -> None:
        self._ends: dict[int, tuple[int, bytearray]] = {}
        # Eight levels of tiles are the 64 levels of the largest tree.
        for level in range(8):
            hashes = size >> HEIGHT * level
            partial = bytearray()
            if hashes % WIDTH:
                partial += tree.tile(level, hashes // WIDTH)
                # Only what belongs to this size, whatever else is stored in the tile.
                del partial[hashes % WIDTH * HASH_BYTES :]
            self._ends[level] = (hashes // WIDTH, partial)
        self._changed: set[int] = set()

    def grown(self, level: int, hashes: Sequence[bytes]) -> None:
        """Take the next nodes of a level of the tree; tiles have every eighth level."""
        if level % HEIGHT == 0:
            self._ends[level // HEIGHT][1].extend(b"".join(hashes))
            self._changed.add(level // HEIGHT)

    def changed(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield level, index and hashes of each tile changed since the last call."""
        for level in sorted(self._changed):
            index, content = self._ends[level]
            for start in range(0, len(content), TILE_BYTES):
                yield level, index, bytes(content[start : start + TILE_BYTES])
                index += len(content) - start >= TILE_BYTES
            rest = content[len(content) // TILE_BYTES * TILE_BYTES :]
            self._ends[level] = (index, rest)
        self._changed.clear()
