"""Keys and remembered tokens end with the age of the key set."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from interface.callers.caller import Caller, Unauthenticated
from interface.callers.claims import ClaimRules
from interface.callers.key_source import MOST_BYTES, KeySource
from interface.callers.signing_keys import KeysUnavailable, key_set
from interface.callers.token_issuer import TokenIssuer
from interface.callers.tokens import Tokens
from tests.http.issuer import AUDIENCE, ISSUER, Issuer, Seconds

AGE = 600.0
RULES = ClaimRules(ISSUER, AUDIENCE)


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def url(issuer: Issuer) -> Iterator[str]:
    with issuer.online() as one:
        yield one


@pytest.fixture
def tokens(url: str, seconds: Seconds) -> Tokens:
    return Tokens([TokenIssuer(KeySource(url, AGE, seconds), RULES)])


def asked(tokens: Tokens, token: str) -> Caller:
    """Ask as the guard does."""
    return asyncio.run(tokens.authenticated(f"Bearer {token}"))


def refused(tokens: Tokens, token: str) -> str:
    with pytest.raises(Unauthenticated) as error:
        asked(tokens, token)
    return error.value.code


def test_a_withdrawn_key_is_refused_once_the_set_is_old(
    issuer: Issuer, tokens: Tokens, seconds: Seconds
) -> None:
    remembered, later = issuer.token(), issuer.token(sub="m-2")
    assert asked(tokens, remembered).subject == "m-1"
    issuer.published = ["new"]
    seconds.now += AGE - 1
    # Asked beside the requests once half of the age is over.
    asked(tokens, remembered)
    seconds.now += 1
    assert refused(tokens, remembered) == "unknown-key"
    assert refused(tokens, later) == "unknown-key"
    assert asked(tokens, issuer.token("new")).subject == "m-1"


def test_a_remembered_token_ends_with_the_set_where_nobody_asked_meanwhile(
    issuer: Issuer, tokens: Tokens, seconds: Seconds
) -> None:
    token = issuer.token()
    asked(tokens, token)
    issuer.published = []
    seconds.now += AGE
    assert refused(tokens, token) == "unknown-key"


def test_another_key_under_the_same_id_ends_the_tokens_of_the_first(
    issuer: Issuer, tokens: Tokens, seconds: Seconds
) -> None:
    token = issuer.token()
    asked(tokens, token)
    issuer.keys["old"] = ed25519.Ed25519PrivateKey.generate()
    seconds.now += AGE
    assert refused(tokens, token) == "wrong-signature"
    assert asked(tokens, issuer.token()).subject == "m-1"


def test_a_file_is_read_again_too(
    issuer: Issuer, seconds: Seconds, tmp_path: Path
) -> None:
    path = tmp_path / "jwks.json"
    path.write_bytes(issuer.key_set())
    tokens = Tokens([TokenIssuer(KeySource(str(path), AGE, seconds), RULES)])
    token = issuer.token()
    asked(tokens, token)
    issuer.published = ["new"]
    path.write_bytes(issuer.key_set())
    seconds.now += AGE
    assert refused(tokens, token) == "unknown-key"


def test_unknown_ids_ask_once_a_minute_however_many_come(
    issuer: Issuer, tokens: Tokens, seconds: Seconds
) -> None:
    asked(tokens, issuer.token())
    assert issuer.asked == 1
    for number in range(50):
        forged = issuer.token(f"kid-{number}", "old")
        assert refused(tokens, forged) == "unknown-key"
    assert issuer.asked == 2
    issuer.published = ["old", "new"]
    assert refused(tokens, issuer.token("new")) == "unknown-key"
    seconds.now += 60
    assert asked(tokens, issuer.token("new")).subject == "m-1"
    assert issuer.asked == 3


def test_an_outage_is_survived_until_the_set_is_old(
    issuer: Issuer,
    tokens: Tokens,
    seconds: Seconds,
    caplog: pytest.LogCaptureFixture,
) -> None:
    token = issuer.token()
    asked(tokens, token)
    issuer.status = 500
    for _ in range(9):
        seconds.now += AGE / 10
        assert asked(tokens, token).subject == "m-1"
        assert asked(tokens, issuer.token(sub="m-2")).subject == "m-2"
        time.sleep(0.05)
    seconds.now += AGE / 10
    for _ in range(3):
        seconds.now += 10
        with pytest.raises(KeysUnavailable):
            asked(tokens, token)
    warnings = [one.getMessage() for one in caplog.records]
    assert warnings == ["REDRESS_JWKS: answered with status 500"]
    assert caplog.records[0].levelno == logging.WARNING
    issuer.status = 200
    seconds.now += 10
    assert asked(tokens, token).subject == "m-1"
    # Its end is told like its beginning, with how long it lasted.
    (back,) = [one.getMessage() for one in caplog.records[1:]]
    assert back.startswith("REDRESS_JWKS: the keys can be read again, after ")
    assert float(back.split()[-2]) >= AGE / 2


def test_an_outage_does_not_ask_for_every_request(
    issuer: Issuer, tokens: Tokens, seconds: Seconds
) -> None:
    issuer.status = 503
    for _ in range(20):
        with pytest.raises(KeysUnavailable):
            asked(tokens, issuer.token())
    assert issuer.asked == 1
    seconds.now += 5
    with pytest.raises(KeysUnavailable):
        asked(tokens, issuer.token())
    assert issuer.asked == 2


def test_all_who_come_during_a_reading_wait_for_the_same_one(
    issuer: Issuer, tokens: Tokens
) -> None:
    issuer.delay = 0.3

    async def many() -> list[Caller]:
        heads = [f"Bearer {issuer.token(sub=f'm-{n}')}" for n in range(50)]
        ticks = asyncio.create_task(ticking())
        found = await asyncio.gather(*map(tokens.authenticated, heads))
        ticks.cancel()
        return found

    longest = 0.0

    async def ticking() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)

    assert len({one.subject for one in asyncio.run(many())}) == 50
    assert issuer.asked == 1
    # The event loop went on meanwhile.
    assert longest < 0.25


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (302, None),
        (404, None),
        (200, b"<html>"),
        (200, b'{"keys": 5}'),
        (200, b'{"keys": ["a"]}'),
        (200, b"[" * 20_000),
        (200, b" " * (MOST_BYTES + 1)),
    ],
)
def test_what_is_no_key_set_counts_as_an_outage(
    issuer: Issuer, tokens: Tokens, status: int, content: bytes | None
) -> None:
    issuer.status, issuer.content = status, content
    with pytest.raises(KeysUnavailable):
        asked(tokens, issuer.token())
    assert issuer.asked == 1


def test_only_public_keys_for_signatures_are_taken() -> None:
    def jwk(public: Any, kind: Any, **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = kind.to_jwk(public, as_dict=True)
        return made | more

    p256 = ec.generate_private_key(ec.SECP256R1())
    p384 = ec.generate_private_key(ec.SECP384R1()).public_key()
    ed = ed25519.Ed25519PrivateKey.generate().public_key()
    strong = rsa.generate_private_key(65_537, 2_048).public_key()
    weak = rsa.generate_private_key(65_537, 1_024).public_key()  # noqa: S505 - the point
    keys = [
        jwk(p256.public_key(), ECAlgorithm, kid="es256"),
        jwk(ed, OKPAlgorithm, kid="eddsa", alg="Ed25519"),
        jwk(strong, RSAAlgorithm, kid="rs256", use="sig"),
        jwk(strong, RSAAlgorithm, kid="ps256", alg="PS256"),
        jwk(strong, RSAAlgorithm, kid="encrypts", use="enc"),
        jwk(weak, RSAAlgorithm, kid="weak"),
        jwk(p384, ECAlgorithm, kid="p384"),
        jwk(p256, ECAlgorithm, kid="private"),
        {"kty": "oct", "k": "AAAA", "kid": "shared"},
        {"kty": "new", "kid": "unknown"},
        jwk(ed, OKPAlgorithm, kid="twice"),
        jwk(strong, RSAAlgorithm, kid="twice"),
        jwk(ed, OKPAlgorithm, kid=5),
        {},
    ]
    found = key_set(json.dumps({"keys": keys}).encode())
    assert {one.kid: one.algorithm for one in found.values()} == {
        "es256": "ES256",
        "eddsa": "EdDSA",
        "rs256": "RS256",
    }
