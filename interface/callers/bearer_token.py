"""A bearer token before it is verified: its header, and the text that is signed."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from hashlib import sha256

import msgspec
from msgspec import Struct

from interface.callers.caller import Unauthenticated

MOST_TOKEN = 8_192
"""Characters of a token; one with every claim has less than a thousand."""

ALGORITHMS = frozenset({"ES256", "EdDSA", "RS256"})
TYPES = frozenset({"jwt", "at+jwt"})
"""Access tokens (RFC 9068), and JWTs that do not say of what type they are."""


class BearerToken(Struct, frozen=True):
    """A token as it came, with what its header says."""

    text: str
    algorithm: str
    kid: str | None


class _Payload(Struct):
    iss: str | None = None


class _Header(Struct):
    alg: str
    kid: str | None = None
    typ: str | None = None
    crit: msgspec.Raw | None = None


def token_text(header: str | None) -> str | None:
    """Return the token of an Authorization header, if it holds one."""
    scheme, _, token = (header or "").partition(" ")
    return token if scheme.lower() == "bearer" and token else None


def digest_of(text: str) -> bytes:
    """Return the hash under which a token is remembered: the token itself is a key."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def opened(header: str | None) -> BearerToken:
    """Read the header of a token. Raises Unauthenticated."""
    text = token_text(header)
    if text is None:
        raise Unauthenticated("no-token")
    parts = text.split(".")
    if len(text) > MOST_TOKEN or len(parts) != 3 or not text.isascii():  # noqa: PLR2004 - header, payload, signature
        raise Unauthenticated("not-a-token")
    try:
        found = msgspec.json.decode(_decoded(parts[0]), type=_Header)
    except (ValueError, RecursionError):
        raise Unauthenticated("not-a-token") from None
    # A token names extensions that must be understood there; none of them is.
    if found.crit is not None:
        raise Unauthenticated("not-a-token")
    if found.alg not in ALGORITHMS:
        raise Unauthenticated("wrong-algorithm")
    # Such as a logout token, which the same issuer signs with the same key.
    kind = (found.typ or "JWT").lower().removeprefix("application/")
    if kind not in TYPES:
        raise Unauthenticated("wrong-type")
    return BearerToken(text, found.alg, found.kid)


def claimed_issuer(token: BearerToken) -> str | None:
    """Return the issuer that a token names. Raises Unauthenticated.

    Nothing is verified yet: it only says whose keys have to verify the token.
    """
    try:
        payload = _decoded(token.text.split(".")[1])
        return msgspec.json.decode(payload, type=_Payload).iss
    except (ValueError, RecursionError):
        raise Unauthenticated("not-a-token") from None


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
