"""RFC 6962 section 2.1 once more, straight from its text, by recursion on the leaves.

Nothing here comes from the code under test, and nothing is fast.
"""

from __future__ import annotations

from hashlib import sha256


def mth(d: list[bytes]) -> bytes:
    if not d:
        return sha256(b"").digest()
    if len(d) == 1:
        return sha256(b"\x00" + d[0]).digest()
    k = _k(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: list[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = _k(len(d))
    if m < k:
        return [*path(m, d[:k]), mth(d[k:])]
    return [*path(m - k, d[k:]), mth(d[:k])]


def proof(m: int, d: list[bytes]) -> list[bytes]:
    return subproof(m, d, b=True)


def subproof(m: int, d: list[bytes], *, b: bool) -> list[bytes]:
    if m == len(d):
        return [] if b else [mth(d)]
    k = _k(len(d))
    if m <= k:
        return [*subproof(m, d[:k], b=b), mth(d[k:])]
    return [*subproof(m - k, d[k:], b=False), mth(d[:k])]


def root_by_path(leaf: bytes, m: int, n: int, steps: list[bytes]) -> bytes:
    """Section 2.1.1 read backwards: the root that a path leads to."""
    if n == 1:
        assert not steps
        return leaf
    k = _k(n)
    *rest, last = steps
    if m < k:
        return sha256(b"\x01" + root_by_path(leaf, m, k, rest) + last).digest()
    return sha256(b"\x01" + last + root_by_path(leaf, m - k, n - k, rest)).digest()


def _k(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k
