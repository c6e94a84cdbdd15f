"""A made-up identity provider: it publishes ES256 keys, and signs tokens with them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from tests.log.http_servers import serving

NAME = "https://id.shop.example"
AUDIENCE = "redress"


class IdentityProvider:
    """One key, whose public half is published."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    def token(self, role: str, subject: str, platform: str | None = "shop") -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": NAME,
            "aud": AUDIENCE,
            "sub": subject,
            "roles": ["offline_access", role],
            "iat": now,
            "exp": now + 3_600,
        }
        if platform is not None:
            claims["platform"] = platform
        return jwt.encode(claims, self._key, "ES256", headers={"kid": "k-1"})

    @contextmanager
    def online(self) -> Iterator[str]:
        """Publish the key; yield the URL."""
        public = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        content = json.dumps({"keys": [public | {"kid": "k-1", "alg": "ES256"}]})
        with serving(lambda *_: (200, content.encode())) as url:
            yield f"{url}/jwks"
