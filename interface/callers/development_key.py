"""The key of a sandbox, which signs the tokens that it mints for itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from application.whole_files import write_once
from interface.callers.caller import Caller
from interface.callers.signing_keys import VerifyingKey
from interface.settings.settings import SettingError

DEVELOPMENT_ISSUER = "redress-development"


class DevelopmentKey:
    """A signing key in the home, for sandboxes: its file makes anyone any caller."""

    def __init__(self, home: Path) -> None:
        self._path = home / "development-key.pem"
        self._private = self._read_or_make()
        public = self._private.public_key()
        form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        self._key = VerifyingKey(None, "EdDSA", public.public_bytes(*form), public)

    @property
    def fault(self) -> None:
        """Return None: the key is at hand."""

    def find(self, _: str | None) -> VerifyingKey:
        """Return the key: there is only one."""
        return self._key

    def holds(self, key: VerifyingKey) -> bool:
        """Tell whether it is this key."""
        return key == self._key

    def must_refresh(self, _: str | None) -> bool:
        """Return False: the key stays as long as its file."""
        return False

    def may_refresh(self) -> bool:
        """Return False."""
        return False

    def refresh(self) -> None:
        """Do nothing."""

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
            "jti": str(uuid4()),
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
