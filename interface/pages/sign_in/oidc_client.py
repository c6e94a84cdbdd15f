"""Signing people in by an issuer: authorization code with PKCE (RFC 6749, 7636, OIDC).

The access token says who somebody is, by the same rules as a bearer token of the API:
roles, platforms and revocations have one place. The identity token only proves that it
was this browser which asked, by its nonce.
"""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import quote

import jwt
import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from msgspec import Struct

from interface.bootstrap import System
from interface.callers.bearer_token import opened
from interface.callers.caller import Caller, Unauthenticated
from interface.callers.signing_keys import KeysUnavailable

SECONDS = 10.0
"""How long the issuer may take to answer."""

KNOWN_SECONDS = 600.0
"""How long the issuer's addresses are believed."""

LOGIN_SECONDS = 15 * 60
"""How long somebody may take at the issuer."""

MOST_BYTES = 256 * 1024

R = TypeVar("R")


class SignInFailed(Exception):
    """Somebody could not be signed in; says why, for the log."""


class IssuerAddresses(Struct, frozen=True):
    """What an issuer publishes of itself (OpenID Connect Discovery)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str


class Login(Struct, frozen=True, kw_only=True):
    """A sign-in that has begun: what the answer has to bring, and where to go then."""

    state: str
    nonce: str
    verifier: str
    back: str
    made: float


class _Tokens(Struct, frozen=True):
    access_token: str
    id_token: str


def login(back: str) -> Login:
    """Return a new sign-in."""
    return Login(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        back=back,
        made=time.time(),
    )


class OidcClient:
    """The pages as a client of their issuer. Waits for it: not for the event loop."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, tuple[float, IssuerAddresses]] = {}

    def address(self, system: System, begun: Login) -> str:
        """Return where somebody signs in. Raises SignInFailed."""
        pages, found = system.settings.pages, self._addresses(system)
        uri: str = prepare_grant_uri(
            found.authorization_endpoint,
            client_id=pages.client,
            response_type="code",
            redirect_uri=_way_back(system),
            scope=pages.scope,
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
        )
        return uri

    def caller(self, system: System, begun: Login, code: str) -> Caller:
        """Return who has signed in, for the code that they came back with.

        Raises SignInFailed, Unauthenticated or KeysUnavailable.
        """
        if time.time() - begun.made > LOGIN_SECONDS:
            raise SignInFailed("it took too long")
        tokens = self._tokens(system, begun, code)
        caller = system.tokens.caller(f"Bearer {tokens.access_token}")
        _check_identity(system, begun, tokens)
        return caller

    def _tokens(self, system: System, begun: Login, code: str) -> _Tokens:
        pages = system.settings.pages
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": _way_back(system),
            "code_verifier": begun.verifier,
            "client_id": pages.client or "",
        }
        # Of both, what may not stand in a header is percent-encoded (RFC 6749, 2.3.1).
        basic = pages.secret and (quote(form["client_id"], ""), quote(pages.secret, ""))
        where = self._addresses(system).token_endpoint
        return _read(_asked("POST", where, form, basic or None), _Tokens)

    def _addresses(self, system: System) -> IssuerAddresses:
        issuer = system.settings.callers.issuer or ""
        with self._lock:
            since, known = self._known.get(issuer, (0.0, None))
        if known is not None and time.monotonic() - since < KNOWN_SECONDS:
            return known
        where = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        found = _read(_asked("GET", where, None, None), IssuerAddresses)
        # One issuer must not speak for another one (Discovery, 4.3).
        if found.issuer != issuer:
            raise SignInFailed(f"{where} is of another issuer")
        if not system.settings.is_development:
            for url in (found.authorization_endpoint, found.token_endpoint):
                if not url.startswith("https://"):
                    raise SignInFailed(f"{url} is not encrypted")
        with self._lock:
            self._known[issuer] = (time.monotonic(), found)
        return found


def _check_identity(system: System, begun: Login, tokens: _Tokens) -> None:
    """Raise SignInFailed unless the identity token answers this very sign-in."""
    settings = system.settings
    token = opened(f"Bearer {tokens.id_token}")
    issuer = system.tokens.issuers[0]
    try:
        key = issuer.keys.find(token.kid)
        if token.algorithm != key.algorithm:
            raise SignInFailed("the identity token has another algorithm than its key")
        claims: dict[str, Any] = jwt.decode(
            token.text,
            key.public,
            algorithms=[key.algorithm],
            audience=settings.pages.client,
            issuer=settings.callers.issuer,
            leeway=30,
            options={"require": ["exp", "iat", "sub", "nonce"]},
        )
    except jwt.PyJWTError as error:
        raise SignInFailed(f"the identity token: {error}") from None
    if not secrets.compare_digest(str(claims["nonce"]), begun.nonce):
        raise SignInFailed("the identity token is of another sign-in")
    # Whom the access token names and who was authenticated have to be the same.
    access = jwt.decode(tokens.access_token, options={"verify_signature": False})
    if access.get("sub") != claims["sub"]:
        raise SignInFailed("the two tokens name different subjects")
    if "at_hash" in claims and claims["at_hash"] != _half_hash(tokens.access_token):
        raise SignInFailed("the identity token is of another access token")


def _half_hash(token: str) -> str:
    half = sha256(token.encode()).digest()[:16]
    return urlsafe_b64encode(half).decode().rstrip("=")


def _way_back(system: System) -> str:
    return f"{system.settings.pages.url}/sign-in/callback"


def _asked(
    method: str,
    url: str,
    form: dict[str, str] | None,
    basic: tuple[str, str] | None,
) -> bytes:
    """Return what the issuer answers. Raises SignInFailed."""
    # Imported only here: it is slow to load, and most servers ask no issuer.
    import httpx

    try:
        with (
            httpx.Client(
                timeout=SECONDS, headers={"Accept": "application/json"}, trust_env=False
            ) as client,
            client.stream(method, url, data=form, auth=basic) as answer,
        ):
            content = b""
            for part in answer.iter_bytes():
                content += part
                if len(content) > MOST_BYTES:
                    raise SignInFailed(f"{url} answers too much")
            if not answer.is_success:
                raise SignInFailed(f"{url} answers {answer.status_code}")
            return content
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SignInFailed(f"{url}: {type(error).__name__}") from None


def _read(content: bytes, kind: type[R]) -> R:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SignInFailed(f"an answer that is none: {error}") from None


FAILURES = (SignInFailed, Unauthenticated, KeysUnavailable)
"""Why somebody may not be signed in."""
