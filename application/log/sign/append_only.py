"""Checks that a tree goes on from the checkpoint that was signed last."""

from __future__ import annotations

from application.log.build.batches import Batch
from application.log.build.stored_tree import LogDamaged, StoredTree
from application.log.format.checkpoint import Checkpoint
from application.log.format.merkle_proofs import ProofWrong, verify_consistency
from application.operator_error import OperatorError


class LogInconsistent(OperatorError):
    """The log is not the one that was signed before; the message says what differs."""


def is_new(head: Batch, last: Checkpoint | None) -> bool:
    """Tell whether the log has grown since it was signed. Raises LogInconsistent."""
    if last is None:
        return head.size > 0
    if head.size < last.size:
        raise LogInconsistent(
            f"the log shrank: {last.size} entries were signed, {head.size} are there"
        )
    if head.size == last.size and head.root != last.root:
        raise LogInconsistent(
            f"the log forked: at {last.size} entries {last.root.hex()} was signed,"
            f" {head.root.hex()} is there"
        )
    return head.size > last.size


def check_goes_on(tree: StoredTree, head: Batch, last: Checkpoint | None) -> None:
    """Raise LogInconsistent unless the tree begins with the one that was signed."""
    try:
        # From nothing there is no proof: the root has to be that of the tiles.
        if last is None:
            _check_whole(tree, head)
            return
        proof = tree.consistency(last.size, head.size)
        verify_consistency(last.size, head.size, proof, last.root, head.root)
    except (ProofWrong, LogDamaged) as error:
        raise LogInconsistent(
            f"the log of {head.size} entries does not go on from what was signed:"
            f" {error}"
        ) from None


def _check_whole(tree: StoredTree, head: Batch) -> None:
    root = tree.root(head.size)
    if root != head.root:
        raise ProofWrong(f"expected {root.hex()} by its tiles, got {head.root.hex()}")
