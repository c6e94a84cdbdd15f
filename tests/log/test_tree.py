"""The tree and its proofs: the published vectors, and an oracle made from the RFC."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.log.format.merkle_proofs import (
    ProofWrong,
    prove_consistency,
    prove_inclusion,
    verify_consistency,
    verify_inclusion,
)
from application.log.format.tree import EMPTY_ROOT, Edge, leaf_hash, subtree
from tests.log import oracle

VECTORS = Path(__file__).with_name("data") / "rfc6962"


def vectors(kind: str) -> dict[str, dict[str, Any]]:
    return dict(json.loads((VECTORS / f"{kind}.json").read_bytes()))


def hashes(texts: list[str] | None) -> list[bytes]:
    return [base64.b64decode(text) for text in texts or []]


def holds(verify: Any, *arguments: Any) -> bool:
    try:
        verify(*arguments)
    except ProofWrong:
        return False
    return True


def test_the_vectors_of_inclusion_all_come_out_right() -> None:
    cases = vectors("inclusion")
    assert len(cases) > 80
    for name, case in cases.items():
        leaf, root = hashes([case["leafHash"], case["root"]])
        proof = hashes(case["proof"])
        right = holds(
            verify_inclusion, leaf, case["leafIdx"], case["treeSize"], proof, root
        )
        assert right is not case["wantErr"], name


def test_the_vectors_of_consistency_all_come_out_right() -> None:
    cases = vectors("consistency")
    assert len(cases) > 80
    for name, case in cases.items():
        roots = hashes([case["root1"], case["root2"]])
        proof = hashes(case["proof"])
        right = holds(verify_consistency, case["size1"], case["size2"], proof, *roots)
        assert right is not case["wantErr"], name


def test_a_proof_from_the_empty_tree_is_refused() -> None:
    root = leaf_hash(b"")
    with pytest.raises(ProofWrong, match="from a tree of 0"):
        verify_consistency(0, 1, [], EMPTY_ROOT, root)
    with pytest.raises(ProofWrong, match="from a tree of 0"):
        verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)


SIZES = [*range(1, 34), 63, 64, 65, 255, 256, 257]


def entries(size: int) -> list[bytes]:
    return [b"entry %d" % n for n in range(size)]


def nodes(d: list[bytes]) -> Any:
    return lambda level, index: oracle.mth(d[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", SIZES)
def test_proofs_are_those_of_the_rfc(size: int) -> None:
    d = entries(size)
    root, step = oracle.mth(d), max(1, size // 16)
    assert subtree(nodes(d), 0, size) == root
    for m in {*range(0, size, step), size - 1}:
        made = prove_inclusion(nodes(d), m, size)
        assert made == oracle.path(m, d)
        assert oracle.root_by_path(leaf_hash(d[m]), m, size, made) == root
        verify_inclusion(leaf_hash(d[m]), m, size, made, root)
    for m in {*range(1, size + 1, step), size}:
        made = prove_consistency(nodes(d), m, size)
        assert made == oracle.proof(m, d)
        verify_consistency(m, size, made, oracle.mth(d[:m]), root)


@given(st.lists(st.integers(0, 40), max_size=12))
def test_a_tree_that_grows_in_batches_has_the_roots_of_the_rfc(
    batches: list[int],
) -> None:
    d: list[bytes] = []
    edge = Edge()
    for batch in batches:
        more = [b"%d" % n for n in range(len(d), len(d) + batch)]
        d += more
        edge.extend([leaf_hash(one) for one in more])
        assert (edge.size, edge.root) == (len(d), oracle.mth(d))
        again = Edge.of(nodes(d), len(d))
        assert (again.root, again.peaks) == (edge.root, edge.peaks)


@given(st.data())
def test_a_changed_proof_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 40))
    old = data.draw(st.integers(1, size - 1))
    index = data.draw(st.integers(0, size - 1))
    d = entries(size)
    inclusion = prove_inclusion(nodes(d), index, size)
    consistency = prove_consistency(nodes(d), old, size)
    roots = oracle.mth(d[:old]), oracle.mth(d)
    for proof in (inclusion, consistency):
        place = data.draw(st.integers(0, len(proof) - 1))
        byte = data.draw(st.integers(0, 31))
        changed = bytearray(proof[place])
        changed[byte] ^= 1 << data.draw(st.integers(0, 7))
        proof[place] = bytes(changed)
    leaf = leaf_hash(d[index])
    assert not holds(verify_inclusion, leaf, index, size, inclusion, roots[1])
    assert not holds(verify_consistency, old, size, consistency, *roots)
