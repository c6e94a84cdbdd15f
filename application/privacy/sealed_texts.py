"""Sealed texts: what stands in an event in the place of a personal text.

`enc2:` and base64 of 32 bytes of commitment, 12 of nonce, and an AES-256-GCM ciphertext
of 32 random bytes of salt and the text. Whoever is given salt and text can compute the
commitment, and needs no key to see that the event has had this text from the start.
Without the salt the commitment tells nothing, so that it outlives an erasure unharmed.

`enc1:` is the form of earlier versions: base64 of nonce and ciphertext, and no
commitment. That it says what it is opened as is the platform's statement.
"""

from __future__ import annotations

import base64
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

UNPROVED = "enc1:"
COMMITTED = "enc2:"

COMMITMENT_LABEL = b"redress-text/1\n"
NONCE_BYTES = 12
SALT_BYTES = 32
COMMITMENT_BYTES = 32


class Opening(Struct, frozen=True):
    """What a sealed text says, and the salt of its commitment (None: it has none)."""

    text: str
    salt: bytes | None


def is_sealed(text: str) -> bool:
    """Tell whether a text of an event that names a key is a sealed one."""
    return text.startswith((COMMITTED, UNPROVED))


def commitment(salt: bytes, text: str, bound_to: str) -> bytes:
    """Return the commitment to a text in its place: 32 bytes of SHA-256."""
    return _committed(salt, text.encode(), bound_to.encode())


def seal(cipher: AESGCM, text: str, bound_to: str) -> str:
    """Encrypt a text so that it opens only in the place that it is bound to."""
    random = os.urandom(NONCE_BYTES + SALT_BYTES)
    nonce, salt = random[:NONCE_BYTES], random[NONCE_BYTES:]
    clear, place = text.encode(), bound_to.encode()
    said = _committed(salt, clear, place)
    sealed = said + nonce + cipher.encrypt(nonce, salt + clear, place)
    return COMMITTED + base64.b64encode(sealed).decode("ascii")


def unseal(cipher: AESGCM, sealed: str, bound_to: str) -> str:
    """Decrypt a sealed text. Raises ValueError if it was altered or moved."""
    return opening(cipher, sealed, bound_to).text


def opening(cipher: AESGCM, sealed: str, bound_to: str) -> Opening:
    """Decrypt a sealed text, with its salt. Raises ValueError as `unseal` does."""
    place = bound_to.encode()
    try:
        raw = base64.b64decode(sealed[len(COMMITTED) :], validate=True)
        if sealed.startswith(COMMITTED):
            return _committed_opening(cipher, raw, place)
        nonce, ciphertext = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        return Opening(cipher.decrypt(nonce, ciphertext, place).decode(), None)
    # ValueError: no base64, a nonce that is too short, or a text that is not UTF-8.
    except (InvalidTag, ValueError):
        raise ValueError(f"{bound_to}: the sealed text was altered or moved") from None


def _committed_opening(cipher: AESGCM, raw: bytes, place: bytes) -> Opening:
    said, rest = raw[:COMMITMENT_BYTES], raw[COMMITMENT_BYTES:]
    clear = cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place)
    salt, text = clear[:SALT_BYTES], clear[SALT_BYTES:]
    # The commitment is outside of what the key authenticates: it has to be the text's
    # own, or a bundle would open to something that its event does not commit to.
    if said != _committed(salt, text, place):
        raise InvalidTag
    return Opening(text.decode(), salt)


def _committed(salt: bytes, text: bytes, place: bytes) -> bytes:
    return sha256(COMMITMENT_LABEL + salt + place + b"\n" + text).digest()
