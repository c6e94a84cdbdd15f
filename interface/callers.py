"""Who calls: bearer tokens, and the claims that say subject, role and platform."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from msgspec import Struct

from application.whole_files import write_once
from domain.case.dispute import Dispute
from domain.names import same
from domain.roles import Actor, Party, Role
from interface.settings import SettingError

ALGORITHMS = ["ES256", "EdDSA", "RS256"]
DEVELOPMENT_ISSUER = "redress-development"
DEFAULT_PLATFORM = "shop"
OVERSEERS = frozenset({Role.AUDITOR, Role.REGULATOR, Role.ANALYST})
"""Roles that may be of no platform, and then see the cases of all."""

REMEMBERED = 10_000
"""Verified tokens that are kept, so that not every request verifies a signature."""

_NAME = re.compile(r"(?=.*\S)[^\x00-\x1f\x7f]{1,128}")

LEEWAY_SECONDS = 30
"""How far the issuer's clock may differ from ours."""


class Unauthenticated(Exception):
    """There is no bearer token, or not a valid one; says what is wrong with it."""


class Caller(Struct, frozen=True, kw_only=True):
    """The user of a client, as the token says. `platform` None: sees all platforms."""

    subject: str
    role: Role
    platform: str | None

    def actor(self, on_behalf_of: Party | None = None) -> Actor:
        """Return the actor of what this caller does."""
        return Actor(role=self.role, id=self.subject, on_behalf_of=on_behalf_of)

    def may_see(self, dispute: Dispute) -> bool:
        """Tell whether the case is on the caller's platform, and the party's own."""
        if self.platform is not None and dispute.platform != self.platform:
            return False
        match self.role:
            case Role.BUYER:
                return same(dispute.buyer, self.subject)
            case Role.SELLER:
                return same(dispute.seller, self.subject)
            case Role.ANALYST | Role.CLOCK:
                return False
            case _:
                return True


def is_name(text: str) -> bool:
    """Tell whether a text can be a person's pseudonym, or a platform's name."""
    return _NAME.fullmatch(text) is not None


class SigningKeys(Protocol):
    """Finds the public key that a token says it was signed with."""

    def get_signing_key_from_jwt(self, token: str) -> Any:
        """Return the key; `.key` is what verifies."""


class Tokens:
    """Verifies bearer tokens, and remembers the valid ones until they expire."""

    def __init__(
        self, keys: SigningKeys, issuer: str | None, audience: str | None
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._known: dict[str, tuple[float, Caller]] = {}

    def caller(self, header: str | None) -> Caller:
        """Return who sent an Authorization header. Raises Unauthenticated."""
        token = _bearer(header)
        if token is None:
            raise Unauthenticated("a bearer token is required")
        caller = self.remembered(header)
        if caller is not None:
            return caller
        claims = self._verified(token)
        caller = _caller(claims)
        # All at once: this is rare, and cheaper than to know which one is the oldest.
        # A new dict, because other threads may be reading the old one.
        if len(self._known) >= REMEMBERED:
            self._known = {}
        self._known[token] = (float(claims["exp"]), caller)
        return caller

    def remembered(self, header: str | None) -> Caller | None:
        """Return the caller of a token that was verified before and has not expired.

        Without I/O, so that the event loop may ask.
        """
        expires, caller = self._known.get(_bearer(header) or "", (0.0, None))
        return caller if time.time() < expires else None

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            key = self._keys.get_signing_key_from_jwt(token).key
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY_SECONDS,
                options={
                    "require": ["exp", "sub"],
                    "verify_aud": self._audience is not None,
                },
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(str(error)) from None
        return claims


def _bearer(header: str | None) -> str | None:
    """Return the token of an Authorization header, if it holds one."""
    scheme, _, token = (header or "").partition(" ")
    return token if scheme.lower() == "bearer" and token else None


def _caller(claims: dict[str, Any]) -> Caller:
    roles = claims.get("roles", claims.get("role"))
    role = next(iter(roles), None) if isinstance(roles, list) else roles
    # The clock is no client: only the worker acts as it.
    known = {one.value for one in Role} - {Role.CLOCK.value}
    if not isinstance(role, str) or role not in known:
        raise Unauthenticated(f"the token has no role of {', '.join(sorted(known))}")
    platform = claims.get("platform")
    for claim, name in (("sub", claims["sub"]), ("platform", platform)):
        if name is not None and not is_name(str(name)):
            raise Unauthenticated(f"{claim} is not 1-128 visible characters")
    if role not in OVERSEERS and not platform:
        raise Unauthenticated(f"a token of role {role} has to name its platform")
    return Caller(subject=str(claims["sub"]), role=Role(role), platform=platform)


class DevelopmentKey:
    """A signing key in the home, for sandboxes: its file makes anyone any caller."""

    def __init__(self, home: Path) -> None:
        self._path = home / "development-key.pem"
        self._private = self._read_or_make()
        self.key = self._private.public_key()

    def get_signing_key_from_jwt(self, _: str) -> DevelopmentKey:
        """Return itself: there is only one key."""
        return self

    def token(self, caller: Caller, lifetime: timedelta) -> str:
        """Mint a token."""
        now = datetime.now(UTC)
        claims = {
            "iss": DEVELOPMENT_ISSUER,
            "sub": caller.subject,
            "role": caller.role.value,
            "platform": caller.platform,
            "iat": now,
            "exp": now + lifetime,
        }
        return jwt.encode(claims, self._private, algorithm="EdDSA")

    def _read_or_make(self) -> Ed25519PrivateKey:
        if not self._path.exists():
            # Once: of two processes that start together, both use the key of the first.
            pem = Ed25519PrivateKey.generate().private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
            )
            write_once(self._path, pem)
        try:
            key = load_pem_private_key(self._path.read_bytes(), password=None)
        except ValueError:
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise SettingError(f"REDRESS_HOME: {self._path} is not an Ed25519 key")
        return key


class KeySetFile:
    """A JWKS in a file, for issuers that publish none, and for tests."""

    def __init__(self, path: Path) -> None:
        self._keys = jwt.PyJWKSet.from_json(path.read_text("utf-8"))

    def get_signing_key_from_jwt(self, token: str) -> Any:
        """Return the key that the token's header names. Raises PyJWTError."""
        kid = jwt.get_unverified_header(token).get("kid")
        for key in self._keys.keys:
            if key.key_id == kid:
                return key
        raise jwt.InvalidKeyError(f"no key {kid!r} in the key set")


def signing_keys(location: str) -> SigningKeys:
    """Return the keys at a URL (fetched, cached) or in a file."""
    if location.startswith(("https://", "http://")):
        return jwt.PyJWKClient(location, cache_keys=True, lifespan=600, timeout=5)
    return KeySetFile(Path(location))
