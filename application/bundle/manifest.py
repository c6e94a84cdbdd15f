"""The manifest: what is in a bundle, and which checkpoint its proofs end in."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from uuid import UUID

from application.bundle.archive import MANIFEST, Archive, Member, member, pack
from application.log.case_proofs import CaseProof
from application.log.format.checkpoint import parse_checkpoint
from application.log.sign.checkpoint_store import PublishedKey
from application.record.canonical_json import canonical_json

FORMAT = "redress-bundle/1"
"""A verifier takes this one format. What changes its members takes the next number."""


def proved_members(
    states: Sequence[bytes], proof: CaseProof, keys: Sequence[PublishedKey]
) -> dict[str, bytes]:
    """Return the members that the log proves, its checkpoint and its keys."""
    checkpoint, _ = parse_checkpoint(proof.checkpoint.note)
    # A log that was renamed has had keys of another name, which no verifier takes.
    ours = [key for key in keys if key.vkey.startswith(f"{checkpoint.origin}+")]
    members = {
        "checkpoint.txt": proof.checkpoint.note.encode(),
        "head.json": proof.head,
        "keys.json": canonical_json(ours),
        "proofs/head.tlog-proof": str(proof.head_proof).encode(),
    }
    both = zip(states, proof.events, strict=True)
    for version, (state, event_proof) in enumerate(both, 1):
        members[f"events/{version:06d}.json"] = state
        members[f"proofs/{version:06d}.tlog-proof"] = str(event_proof).encode()
    return members


def pack_bundle(case: UUID, proof: CaseProof, members: Mapping[str, Member]) -> Archive:
    """Add the manifest, which covers every other member, and pack. Raises TooLarge."""
    checkpoint, _ = parse_checkpoint(proof.checkpoint.note)
    manifest = {
        "format": FORMAT,
        "case": case,
        "version": len(proof.events),
        "checkpoint": {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": b64encode(checkpoint.root).decode(),
        },
        "members": {
            name: {"sha256": one.sha256, "size": one.size}
            for name, one in members.items()
        },
    }
    return pack({**members, MANIFEST: member(canonical_json(manifest))})
