"""Inclusion and consistency proofs of RFC 6962: made from a tree, and verified.

RFC 6962 defines the proofs but no way to verify them. Verification follows RFC 9162,
sections 2.1.3.2 and 2.1.4.2: `place` and `last` are the node's number and the last
node's number on the current level (`fn` and `sn` there).
"""

from __future__ import annotations

from collections.abc import Sequence

from application.log.format.tree import HASH_BYTES, Node, parent, split, subtree


class ProofWrong(Exception):
    """A proof does not prove what it should; the message says what differs."""


class BeginsOtherwise(ProofWrong):
    """A tree is proved to begin with another tree than the expected one."""


def prove_inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """Return the path from a leaf up to the root of a tree (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ProofWrong(f"there is no entry {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(subtree(node, middle, end))
            end = middle
        else:
            path.append(subtree(node, start, middle))
            start = middle
    return path[::-1]


def prove_consistency(node: Node, old: int, new: int) -> list[bytes]:
    """Return the proof that a tree begins with an older one (RFC 6962, 2.1.2)."""
    if not 0 < old <= new:
        raise ProofWrong(f"there is no proof from a tree of {old} to one of {new}")
    path: list[bytes] = []
    # `whole`: the old tree is a complete subtree of the new one. Then its root is not
    # part of the proof, because the verifier has it.
    start, end, whole = 0, new, True
    while old < end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(subtree(node, middle, end))
            end = middle
        else:
            path.append(subtree(node, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(node, start, end))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise ProofWrong unless a leaf is in the tree with that root at that index."""
    _expect_hashes(leaf, *proof)
    if not 0 <= index < size:
        raise ProofWrong(f"there is no entry {index} in a tree of {size}")
    place, last, computed = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofWrong(f"the proof is longer than a tree of {size} is high")
        if place & 1 or place == last:
            computed = parent(step, computed)
            # The last node of a level may have no sibling; it then moves up as it is.
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            computed = parent(computed, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofWrong(f"the proof is shorter than a tree of {size} is high")
    _expect_root(root, computed, size)


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Raise ProofWrong unless the new tree begins with the old one.

    Raises BeginsOtherwise if the proof shows another tree that the new one begins with.
    An empty old tree is refused: every tree begins with it, so that a proof would show
    nothing about the old root.
    """
    if not 0 < old <= new:
        raise ProofWrong(f"there is no proof from a tree of {old} to one of {new}")
    if old == new:
        if proof:
            raise ProofWrong("between trees of one size the proof has to be empty")
        if old_root != new_root:
            raise BeginsOtherwise(_other_root(old_root, new_root, new))
        return
    _expect_hashes(old_root, *proof)
    # An old size that is a power of two is a complete subtree, whose root the proof
    # leaves out.
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise ProofWrong("the proof is empty")
    computed_old, computed_new = _rehashed(old, new, path)
    if computed_new == new_root and computed_old != old_root:
        raise BeginsOtherwise(_other_root(old_root, computed_old, old))
    _expect_root(old_root, computed_old, old)
    _expect_root(new_root, computed_new, new)


def _rehashed(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the roots of the old and the new tree that a path leads to."""
    place, last = old - 1, new - 1
    # Up to the largest complete subtree that ends where the old tree ends: there the
    # path begins.
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for step in path[1:]:
        if last == 0:
            raise ProofWrong(f"the proof is longer than a tree of {new} is high")
        if place & 1 or place == last:
            before, after = parent(step, before), parent(step, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = parent(after, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofWrong(f"the proof is shorter than a tree of {new} is high")
    return before, after


def _expect_hashes(*hashes: bytes) -> None:
    for one in hashes:
        if len(one) != HASH_BYTES:
            raise ProofWrong(f"a hash has {len(one)} bytes, not {HASH_BYTES}")


def _expect_root(expected: bytes, computed: bytes, size: int) -> None:
    if expected != computed:
        raise ProofWrong(_other_root(expected, computed, size))


def _other_root(expected: bytes, computed: bytes, size: int) -> str:
    return (
        f"the root of {size} entries is not the one expected:"
        f" expected {expected.hex()}, got {computed.hex()}"
    )
