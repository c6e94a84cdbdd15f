"""The public keys that verify tokens: a key set as issuers publish it (RFC 7517)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct

LEAST_RSA_BITS = 2_048
SECRET_PARAMETERS = {"d", "k"}
"""Of private and of shared keys: whoever read the set could sign with them."""

SAME = {"Ed25519": "EdDSA"}
"""Algorithms with two names (RFC 9864)."""


class VerifyingKey(Struct, frozen=True):
    """A public key with the one algorithm that it verifies."""

    kid: str | None
    algorithm: str
    encoded: bytes
    public: Any

    def __eq__(self, other: object) -> bool:
        """Compare by content: a key set that is read again has other objects."""
        return (
            isinstance(other, VerifyingKey)
            and self.kid == other.kid
            and self.algorithm == other.algorithm
            and self.encoded == other.encoded
        )

    def __hash__(self) -> int:
        """Return a hash that goes with equality."""
        return hash((self.kid, self.algorithm, self.encoded))


class KeysUnavailable(Exception):
    """No key set is young enough to be trusted, and none can be read now."""


class SigningKeys(Protocol):
    """Finds the public key that a token says it was signed with."""

    @property
    def fault(self) -> str | None:
        """Say that the keys cannot be read, and what follows; None if they can."""

    def find(self, kid: str | None) -> VerifyingKey:
        """Return the key of an id, without I/O. Raises Unauthenticated for none.

        Raises KeysUnavailable if there are no keys that are young enough.
        """

    def holds(self, key: VerifyingKey) -> bool:
        """Tell whether a key that was found before is still one of them."""

    def must_refresh(self, kid: str | None) -> bool:
        """Tell whether the keys have to be read before this one can be found."""

    def may_refresh(self) -> bool:
        """Tell whether the keys should be read again soon, while they still hold."""

    def refresh(self) -> None:
        """Read the keys again. Waits; raises nothing."""


def verifying_key(kid: str | None, public: Any) -> VerifyingKey | None:
    """Return a public key as one that verifies tokens; None for an unusable one."""
    match public:
        case EllipticCurvePublicKey() if isinstance(public.curve, SECP256R1):
            algorithm = "ES256"
        case Ed25519PublicKey():
            algorithm = "EdDSA"
        case RSAPublicKey() if public.key_size >= LEAST_RSA_BITS:
            algorithm = "RS256"
        case _:
            return None
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    return VerifyingKey(kid, algorithm, public.public_bytes(*form), public)


def key_set(content: bytes) -> Mapping[str | None, VerifyingKey]:
    """Read a key set, by key id. Raises ValueError if it is none.

    Keys for other uses and of other kinds are passed over. Two keys of one id would
    leave open which of them is meant, so neither is taken.
    """
    try:
        found = msgspec.json.decode(content, type=_KeySet)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"not a key set (RFC 7517): {error}") from None
    keys: dict[str | None, VerifyingKey] = {}
    doubled: set[str | None] = set()
    for one in _usable(found.keys):
        if keys.setdefault(one.kid, one) != one:
            doubled.add(one.kid)
    return {kid: one for kid, one in keys.items() if kid not in doubled}


class _KeySet(Struct):
    keys: list[dict[str, Any]]


def _usable(keys: list[dict[str, Any]]) -> Iterator[VerifyingKey]:
    for one in keys:
        kid = one.get("kid")
        declared = one.get("alg")
        if (
            SECRET_PARAMETERS & one.keys()
            or one.get("use", "sig") != "sig"
            or not isinstance(kid, str | None)
            or not isinstance(declared, str | None)
        ):
            continue
        # The kind of key decides on the algorithm, never the token (RFC 8725, 3.1).
        without = {name: value for name, value in one.items() if name != "alg"}
        try:
            key = verifying_key(kid, jwt.PyJWK.from_dict(without).key)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue
        if key is not None and SAME.get(declared or "", declared) in {
            None,
            key.algorithm,
        }:
            yield key
