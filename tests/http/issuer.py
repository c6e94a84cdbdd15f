"""An issuer with a key set that it changes, at a URL or in a file, and its tokens."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from tests.log.http_servers import serving

ISSUER, AUDIENCE = "https://id.example", "redress"


class Seconds:
    """A monotonic clock that is moved."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Issuer:
    """Signs tokens by named keys, of which it publishes some."""

    def __init__(self) -> None:
        self.keys = {name: Ed25519PrivateKey.generate() for name in ("old", "new")}
        self.published = ["old"]
        self.asked = 0
        self.status = 200
        self.content: bytes | None = None
        self.delay = 0.0

    def key_set(self) -> bytes:
        found = [
            OKPAlgorithm.to_jwk(self.keys[name].public_key(), as_dict=True)
            | {"kid": name}
            for name in self.published
        ]
        return json.dumps({"keys": found}).encode()

    def token(self, kid: str = "old", key: str | None = None, **changes: Any) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "m-1",
            "role": "mediator",
            "platform": "shop",
            "iat": now,
            "exp": now + 3_600,
        }
        private = self.keys[key or kid]
        return jwt.encode(claims | changes, private, "EdDSA", headers={"kid": kid})

    @contextmanager
    def online(self) -> Iterator[str]:
        """Publish the keys; yield the URL."""

        def answer(
            handler: BaseHTTPRequestHandler, path: str, _: bytes
        ) -> tuple[int, bytes] | None:
            self.asked += 1
            time.sleep(self.delay)
            if self.status == 302 and path == "/jwks":
                handler.send_response(302)
                handler.send_header("Location", "/moved")
                handler.send_header("Content-Length", "0")
                handler.end_headers()
                return None
            status = 200 if path == "/moved" else self.status
            return status, self.key_set() if self.content is None else self.content

        with serving(answer) as url:
            yield f"{url}/jwks"
