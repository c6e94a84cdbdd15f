"""Sealed texts: bound to their place, committed to, and read in both forms."""

from __future__ import annotations

import base64
import os
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from application.privacy.sealed_texts import (
    COMMITMENT_BYTES,
    COMMITTED,
    NONCE_BYTES,
    UNPROVED,
    is_sealed,
    opening,
    seal,
    unseal,
)

CIPHER = AESGCM(bytes(32))
PLACE = "01890a5d-ac96-774b-bcce-b302099a8057/3/reasons.0.finding"


def sealed_before(text: str, place: str) -> str:
    """Seal a text as earlier versions have done."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + CIPHER.encrypt(nonce, text.encode(), place.encode())
    return UNPROVED + base64.b64encode(sealed).decode()


@given(text=st.text(), place=st.text(min_size=1))
def test_a_text_opens_in_its_place_and_proves_itself(text: str, place: str) -> None:
    sealed = seal(CIPHER, text, place)
    raw = base64.b64decode(sealed.removeprefix(COMMITTED))
    found = opening(CIPHER, sealed, place)
    assert found.text == unseal(CIPHER, sealed, place) == text
    assert found.salt is not None
    # As a verifier does without any key, from the specification alone.
    whole = b"redress-text/1\n" + found.salt + place.encode() + b"\n" + text.encode()
    assert raw[:COMMITMENT_BYTES] == sha256(whole).digest()
    assert len(raw) == 32 + 12 + 32 + len(text.encode()) + 16


def test_the_same_text_is_never_committed_to_alike() -> None:
    made = {seal(CIPHER, "yes", PLACE)[:48] for _ in range(100)}
    assert len(made) == 100


def test_a_text_of_before_opens_and_has_no_salt() -> None:
    sealed = sealed_before("The kettle leaks.", PLACE)
    assert is_sealed(sealed)
    assert opening(CIPHER, sealed, PLACE).text == "The kettle leaks."
    assert opening(CIPHER, sealed, PLACE).salt is None


@pytest.mark.parametrize("kind", [seal, None])
def test_a_text_opens_nowhere_else_and_not_when_it_is_touched(kind: object) -> None:
    text = seal(CIPHER, "x", PLACE) if kind else sealed_before("x", PLACE)
    prefix, raw = text[:5], base64.b64decode(text[5:])
    with pytest.raises(ValueError, match="altered or moved"):
        unseal(CIPHER, text, PLACE + "x")
    # Each byte: of the commitment, of the nonce, of what is sealed, of the tag.
    for at in range(len(raw)):
        touched = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(ValueError, match="altered or moved"):
            unseal(CIPHER, prefix + base64.b64encode(touched).decode(), PLACE)
    for cut in ("", "AA==", text[5:-4], "=", "not base64"):
        with pytest.raises(ValueError, match="altered or moved"):
            unseal(CIPHER, prefix + cut, PLACE)


def test_one_form_does_not_pass_for_the_other() -> None:
    new, old = seal(CIPHER, "x" * 99, PLACE), sealed_before("x" * 99, PLACE)
    for wrong in (UNPROVED + new[5:], COMMITTED + old[5:]):
        with pytest.raises(ValueError, match="altered or moved"):
            unseal(CIPHER, wrong, PLACE)
