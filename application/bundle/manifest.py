"""The manifest: what is in a bundle, which checkpoint its proofs end in, who says so.

The application signs it with its key of statements. So whoever carries a bundle cannot
change what the log does not prove: words, rules, opened texts and lists.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from application.bundle.archive import (
    MANIFEST,
    SIGNATURE,
    Archive,
    Member,
    member,
    pack,
)
from application.log.case_proofs import CaseProof
from application.log.format.checkpoint import parse_checkpoint
from application.log.format.note import NoteMalformed
from application.log.format.verifier_keys import Algorithm, parse_vkey
from application.log.sign.checkpoint_store import PublishedKey
from application.log.sign.statement_keys import EndorsedKey, StatementKey, key_name
from application.record.canonical_json import canonical_json

FORMAT = "redress-bundle/2"
"""A verifier takes this format and those before. What changes its members takes the
next number."""

HEADING = b"redress-manifest/1\n"
"""Goes before the manifest's bytes in what is signed."""


class ListedKey(Struct, frozen=True, kw_only=True):
    """A key of statements; `endorsement` is the log's note that names it, if any."""

    vkey: str
    endorsement: str | None


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


def listed_statement_keys(
    ours: StatementKey, endorsed: Sequence[EndorsedKey], origin: str
) -> list[ListedKey]:
    """List the keys of a log's application: those endorsed, and others of our own.

    Whoever writes to the database can add rows that no verifier reads; they are left
    out.
    """
    known = [
        ListedKey(vkey=one.vkey, endorsement=one.endorsement)
        for one in endorsed
        if _is_statement_key(one.vkey, origin)
    ]
    named = {one.vkey for one in known}
    mine = (key.vkey for key in ours.file.verifiers if key.name == key_name(origin))
    more = (ListedKey(vkey=one, endorsement=None) for one in mine if one not in named)
    return [*known, *more]


def _is_statement_key(vkey: str, origin: str) -> bool:
    try:
        key = parse_vkey(vkey)
    except NoteMalformed:
        return False
    return key.name == key_name(origin) and key.algorithm is Algorithm.ED25519


def pack_bundle(
    case: UUID, proof: CaseProof, members: Mapping[str, Member], key: StatementKey
) -> Archive:
    """Add the manifest, which covers every other member, sign it, and pack.

    Raises TooLarge.
    """
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
    content = canonical_json(manifest)
    signature = b64encode(key.sign(HEADING + content)) + b"\n"
    signed = {MANIFEST: member(content), SIGNATURE: member(signature)}
    return pack({**members, **signed})
