"""Verifier keys, which check signatures and cosignatures (C2SP signed-note)."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from enum import IntEnum
from hashlib import sha256
from struct import unpack

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from msgspec import Struct

from application.log.format.checkpoint import Checkpoint
from application.log.format.note import (
    KEY_ID_BYTES,
    Note,
    NoteMalformed,
    Signature,
    decoded,
    is_key_name,
)

TIME_BYTES = 8
MAX_TIME = 2**63 - 1

_VKEY = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/=]+)")


class SignatureWrong(Exception):
    """A signature of a known key does not verify, or there is none."""


class Algorithm(IntEnum):
    """The types of signatures, with their numbers in C2SP."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    ML_DSA_44_COSIGNATURE = 0x06


PUBLIC_BYTES = {
    Algorithm.ED25519: 32,
    Algorithm.ED25519_COSIGNATURE: 32,
    Algorithm.ML_DSA_44_COSIGNATURE: 1_312,
}


class VerifierKey(Struct, frozen=True):
    """A name, an algorithm and a public key."""

    name: str
    algorithm: Algorithm
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which signature lines name this key."""
        material = bytes([self.algorithm]) + self.public
        return sha256(f"{self.name}\n".encode() + material).digest()[:KEY_ID_BYTES]

    @property
    def vkey(self) -> str:
        """Return the key as one line of text."""
        material = b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    def made(self, signature: Signature) -> bool:
        """Tell whether a signature names this key; it may still not verify."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def verify(self, checkpoint: Checkpoint, signature: Signature) -> int | None:
        """Return the time (POSIX) that a signature states, None if it states none.

        Raises SignatureWrong.
        """
        if self.algorithm is Algorithm.ED25519:
            self._check(signature.value, checkpoint.text.encode())
            return None
        if len(signature.value) <= TIME_BYTES:
            raise self._wrong()
        (time,) = unpack(">Q", signature.value[:TIME_BYTES])
        if time > MAX_TIME:
            raise self._wrong()
        self._check(signature.value[TIME_BYTES:], self.message(checkpoint, time))
        return int(time)

    def verify_text(self, text: str, signature: Signature) -> None:
        """Raise SignatureWrong unless an Ed25519 signature signs a text."""
        # The other algorithms of C2SP sign checkpoints and nothing else.
        if self.algorithm is not Algorithm.ED25519:
            raise self._wrong()
        self._check(signature.value, text.encode())

    def message(self, checkpoint: Checkpoint, time: int) -> bytes:
        """Return the bytes that this key signs of a checkpoint at a time (POSIX)."""
        match self.algorithm:
            case Algorithm.ED25519:
                return checkpoint.text.encode()
            case Algorithm.ED25519_COSIGNATURE:
                return checkpoint.cosigned_text(time)
            case Algorithm.ML_DSA_44_COSIGNATURE:
                return checkpoint.cosigned_message(self.name, time)

    def _check(self, value: bytes, message: bytes) -> None:
        try:
            if self.algorithm is Algorithm.ML_DSA_44_COSIGNATURE:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(value, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(value, message)
        except (InvalidSignature, ValueError):
            raise self._wrong() from None

    def _wrong(self) -> SignatureWrong:
        return SignatureWrong(f"the signature of {self.name} does not verify")


class Seal(Struct, frozen=True):
    """A signature that verifies: its key, and the time (POSIX) that it states."""

    key: VerifierKey
    time: int | None
    signature: Signature


def parse_vkey(text: str) -> VerifierKey:
    """Read a verifier key. Raises NoteMalformed."""
    found = _VKEY.fullmatch(text)
    if found is None or not is_key_name(found["name"]):
        raise NoteMalformed(f"not a verifier key: {text[:60]!r}")
    material = decoded(found["key"])
    try:
        algorithm = Algorithm(material[0])
    except (ValueError, IndexError):
        raise NoteMalformed(f"{found['name']}: a key of an unknown algorithm") from None
    key = VerifierKey(found["name"], algorithm, material[1:])
    if len(key.public) != PUBLIC_BYTES[algorithm] or key.key_id.hex() != found["id"]:
        raise NoteMalformed(
            f"{found['name']}: the key and its id do not belong together"
        )
    return key


def seals(
    checkpoint: Checkpoint, note: Note, keys: Iterable[VerifierKey]
) -> tuple[Seal, ...]:
    """Return the signatures of known keys; those of unknown keys are ignored.

    Raises SignatureWrong if a signature of a known key does not verify.
    """
    # All of this is what C2SP signed-note demands: unknown keys are how keys are
    # rotated and witnesses added, and a known key that does not verify spoils the note.
    known = {(key.name, key.key_id): key for key in keys}
    found = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            found.append(Seal(key, key.verify(checkpoint, signature), signature))
    return tuple(found)
