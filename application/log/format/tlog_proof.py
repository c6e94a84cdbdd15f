"""Proofs of inclusion that can be checked offline, as text (C2SP tlog-proof)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable

from msgspec import Struct

from application.log.format.checkpoint import Checkpoint, parse_checkpoint, parse_size
from application.log.format.merkle_proofs import verify_inclusion
from application.log.format.note import NoteMalformed, decoded
from application.log.format.verifier_keys import (
    Seal,
    SignatureWrong,
    VerifierKey,
    seals,
)

HEADING = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63
"""How many hashes a path has at most: a tree of 2**63 entries is so high."""


class TlogProof(Struct, frozen=True, kw_only=True):
    """An entry's index in the tree of a checkpoint, and the path that proves it."""

    index: int
    path: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        """Return the proof as it is stored and sent."""
        hashes = "".join(f"{b64encode(one).decode()}\n" for one in self.path)
        return f"{HEADING}\nindex {self.index}\n{hashes}\n{self.note}"

    @property
    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint without verifying it."""
        return parse_checkpoint(self.note)[0]

    def verify(self, leaf: bytes, keys: Iterable[VerifierKey]) -> tuple[Seal, ...]:
        """Return the signatures which prove that the log has an entry's leaf hash.

        Raises ProofWrong, SignatureWrong or NoteMalformed. Whether the signatures are
        enough is for a policy to say.
        """
        checkpoint, note = parse_checkpoint(self.note)
        found = seals(checkpoint, note, keys)
        if not any(seal.key.name == checkpoint.origin for seal in found):
            raise SignatureWrong(f"no known key of {checkpoint.origin} has signed")
        size, root = checkpoint.size, checkpoint.root
        verify_inclusion(leaf, self.index, size, self.path, root)
        return found


def parse_proof(text: str) -> TlogProof:
    """Read a proof. Raises NoteMalformed."""
    head, blank, note = text.partition("\n\n")
    heading, *lines = head.split("\n")
    if heading != HEADING or not blank:
        raise NoteMalformed(f"a proof begins with {HEADING!r}")
    # Nothing vouches for the extra line, so it is checked to be one and dropped.
    if lines and lines[0].startswith("extra "):
        decoded(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index ") or len(lines) > MAX_PATH + 1:
        raise NoteMalformed("a proof says at which index, and has at most 63 hashes")
    index, *path = lines
    parse_checkpoint(note)
    return TlogProof(
        index=parse_size(index.removeprefix("index ")),
        path=tuple(map(decoded, path)),
        note=note,
    )
