"""The Merkle tree of RFC 6962 (section 2.1): its hashes, and how it grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Node = Callable[[int, int], bytes]
"""Returns the hash of a complete subtree: of 2**level leaves, the index-th such."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def parent(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the hashes one level up; a last odd one has no parent yet."""
    pairs = zip(hashes[::2], hashes[1::2], strict=False)
    return [sha256(b"\x01" + left + right).digest() for left, right in pairs]


def split(size: int) -> int:
    """Return the largest power of two smaller than a size of two or more."""
    return 1 << (size - 1).bit_length() - 1


def subtree(node: Node, start: int, end: int) -> bytes:
    """Return the hash over the leaves from start to end, as a tree has them."""
    if start == end:
        return EMPTY_ROOT
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + split(size)
    return parent(subtree(node, start, middle), subtree(node, middle, end))


class Edge:
    """A growing tree, of which only the complete subtrees at its right are kept."""

    def __init__(self, size: int = 0, peaks: dict[int, bytes] | None = None) -> None:
        self.size = size
        self.peaks = dict(peaks or {})

    @classmethod
    def of(cls, node: Node, size: int) -> Edge:
        """Take a tree of a certain size up again."""
        levels = [level for level in range(size.bit_length()) if size >> level & 1]
        return cls(size, {one: node(one, (size >> one) - 1) for one in levels})

    @property
    def root(self) -> bytes:
        """Return the hash of the whole tree."""
        levels = iter(sorted(self.peaks))
        lowest = next(levels, None)
        if lowest is None:
            return EMPTY_ROOT
        root = self.peaks[lowest]
        for level in levels:
            root = parent(self.peaks[level], root)
        return root

    def extend(
        self,
        leaves: Sequence[bytes],
        grown: Callable[[int, Sequence[bytes]], None] | None = None,
    ) -> None:
        """Append leaf hashes; tell, level by level, which nodes became complete."""
        self.size += len(leaves)
        level, hashes = 0, leaves
        while hashes:
            if grown is not None:
                grown(level, hashes)
            peak = self.peaks.pop(level, None)
            if peak is not None:
                hashes = [peak, *hashes]
            if len(hashes) % 2:
                self.peaks[level] = hashes[-1]
            hashes = parents(hashes)
            level += 1
