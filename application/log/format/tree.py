"""The Merkle tree of RFC 6962 (section 2.1): its hashes, and how it grows.

A leaf is hashed after a byte 0x00 and an inner node after a byte 0x01. Otherwise the
two hashes under a node could be given out as an entry of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Node = Callable[[int, int], bytes]
"""Returns the hash of a complete subtree: the index-th one of 2**level leaves.

No leaf that is added to the tree changes the hash of a complete subtree.
"""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def parent(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the hashes one level up; the last of an odd number has no parent yet."""
    pairs = zip(hashes[::2], hashes[1::2], strict=False)
    return [sha256(b"\x01" + left + right).digest() for left, right in pairs]


def split(size: int) -> int:
    """Return the largest power of two below a size of two or more."""
    return 1 << (size - 1).bit_length() - 1


def subtree(node: Node, start: int, end: int) -> bytes:
    """Return the hash of the subtree with the leaves from start to end."""
    if start == end:
        return EMPTY_ROOT
    size = end - start
    # A power of two: the subtree is complete.
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + split(size)
    return parent(subtree(node, start, middle), subtree(node, middle, end))


class Edge:
    """A growing tree, of which only the roots of complete subtrees are kept.

    There is one for each binary digit 1 of the size, and the tree's root is hashed from
    them. `peaks` are these roots by level.
    """

    def __init__(self, size: int = 0, peaks: dict[int, bytes] | None = None) -> None:
        self.size = size
        self.peaks = dict(peaks or {})

    @classmethod
    def of(cls, node: Node, size: int) -> Edge:
        """Return the edge of a tree of a size."""
        levels = [level for level in range(size.bit_length()) if size >> level & 1]
        return cls(size, {one: node(one, (size >> one) - 1) for one in levels})

    @property
    def root(self) -> bytes:
        """Return the root of the whole tree."""
        # From the lowest, which is the rightmost, to the highest.
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
        """Append leaf hashes. `grown` takes, level by level, the nodes now complete."""
        # As in adding binary numbers: two nodes of a level carry over into the next.
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
