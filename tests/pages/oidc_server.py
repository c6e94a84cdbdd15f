"""A small OpenID provider: discovery, keys, codes with PKCE, and two signed tokens."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from tests.log.http_servers import serving

CLIENT, SECRET, AUDIENCE = "redress-pages", "a secret: of %", "redress"


class OidcServer:
    """Gives codes to whoever comes, for one person; what it signs can be changed."""

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.url = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.access: dict[str, Any] = {}
        self.identity: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.identity_key = self.key
        self.asked: list[str] = []

    @contextmanager
    def online(self) -> Iterator[str]:
        with serving(self._answer) as url:
            self.url = url
            yield url

    def signed_in(self, address: str) -> str:
        """Sign the person in; return the address that the browser is sent back to."""
        query = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        back = {"code": code, "state": query["state"]}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def _answer(
        self, handler: BaseHTTPRequestHandler, path: str, body: bytes
    ) -> tuple[int, bytes]:
        self.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                return 200, json.dumps(self._described()).encode()
            case "/jwks":
                key = OKPAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
                return 200, json.dumps({"keys": [key | {"kid": "k"}]}).encode()
            case "/token":
                return self._token(handler, body)
        return 404, b""

    def _described(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
        } | self.discovery

    def _token(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        asked = self.codes.pop(form["code"], None)
        basic = handler.headers["Authorization"] or ""
        if (
            asked is None
            or form["redirect_uri"] != asked["redirect_uri"]
            or create_s256_code_challenge(form["code_verifier"])
            != asked["code_challenge"]
            or not basic.startswith("Basic ")
        ):
            return 400, b'{"error": "invalid_grant"}'
        now = int(time.time())
        both = {"iss": self.url, "sub": "m-1", "iat": now, "exp": now + 300}
        access = both | {"aud": AUDIENCE, "role": "mediator", "platform": "shop"}
        identity = both | {"aud": CLIENT, "nonce": asked["nonce"]}
        tokens = {
            "access_token": self._signed(access | self.access, self.key),
            "id_token": self._signed(identity | self.identity, self.identity_key),
            "token_type": "Bearer",
        }
        return 200, json.dumps(tokens).encode()

    def _signed(self, claims: dict[str, Any], key: Ed25519PrivateKey) -> str:
        return jwt.encode(claims, key, "EdDSA", headers={"kid": "k"})
