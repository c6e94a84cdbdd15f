"""Bearer tokens: of the development key, and of an issuer's key set."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from domain.roles import Role
from interface.callers import (
    DEVELOPMENT_ISSUER,
    Caller,
    DevelopmentKey,
    Tokens,
    Unauthenticated,
    signing_keys,
)

CALLER = Caller(subject="b-1", role=Role.BUYER, platform="shop")
SIGNER = ec.generate_private_key(ec.SECP256R1())
STRANGER = ed25519.Ed25519PrivateKey.generate()
CLAIMS: dict[str, Any] = {
    "iss": "https://id.example",
    "aud": "redress",
    "sub": "m-1",
    "roles": ["mediator"],
    "platform": "shop",
}


@pytest.fixture
def issued(tmp_path: Path) -> Tokens:
    keys = [
        ECAlgorithm.to_jwk(SIGNER.public_key(), as_dict=True) | {"kid": "ec"},
        OKPAlgorithm.to_jwk(
            ed25519.Ed25519PrivateKey.generate().public_key(), as_dict=True
        )
        | {"kid": "other"},
    ]
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": keys}))
    return Tokens(signing_keys(str(path)), "https://id.example", "redress")


def signed(algorithm: str = "ES256", key: Any = SIGNER, **changes: Any) -> str:
    claims = CLAIMS | {"exp": datetime.now(UTC) + timedelta(hours=1)} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return "Bearer " + jwt.encode(claims, key, algorithm, headers={"kid": "ec"})


def test_the_development_key_is_made_once_and_only_its_owner_reads_it(
    tmp_path: Path,
) -> None:
    token = DevelopmentKey(tmp_path).token(CALLER, timedelta(hours=1))
    again = DevelopmentKey(tmp_path)
    tokens = Tokens(again, DEVELOPMENT_ISSUER, None)
    assert tokens.caller(f"Bearer {token}") == CALLER
    mode = (tmp_path / "development-key.pem").stat().st_mode
    assert mode & 0o077 == 0


def test_another_installations_token_is_refused(tmp_path: Path) -> None:
    token = DevelopmentKey(tmp_path / "a").token(CALLER, timedelta(hours=1))
    tokens = Tokens(DevelopmentKey(tmp_path / "b"), DEVELOPMENT_ISSUER, None)
    with pytest.raises(Unauthenticated):
        tokens.caller(f"Bearer {token}")


def test_an_expired_token_is_refused(tmp_path: Path) -> None:
    key = DevelopmentKey(tmp_path)
    tokens = Tokens(key, DEVELOPMENT_ISSUER, None)
    with pytest.raises(Unauthenticated, match="expired"):
        tokens.caller("Bearer " + key.token(CALLER, timedelta(minutes=-5)))


def test_a_token_of_the_issuer_is_taken_and_remembered(issued: Tokens) -> None:
    token = signed()
    caller = Caller(subject="m-1", role=Role.MEDIATOR, platform="shop")
    assert issued.caller(token) == issued.caller(token) == caller


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"aud": "other"},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "a\0b"},
        {"platform": " "},
        {"exp": None},
        {"roles": ["king"]},
        {"roles": []},
        {"roles": None},
        {"roles": ["clock"]},
        {"platform": None},
        {"exp": datetime(2020, 1, 1, tzinfo=UTC)},
        {"nbf": datetime.now(UTC) + timedelta(days=1)},
    ],
)
def test_a_token_that_says_too_little_or_wrong(
    issued: Tokens, changes: dict[str, Any]
) -> None:
    with pytest.raises(Unauthenticated):
        issued.caller(signed(**changes))


def test_a_token_signed_by_another_key_or_not_at_all(issued: Tokens) -> None:
    unsigned = "Bearer " + jwt.encode(CLAIMS, "", "none", headers={"kid": "ec"})
    shared = "Bearer " + jwt.encode(CLAIMS, "x" * 40, "HS256", headers={"kid": "ec"})
    stranger = ec.generate_private_key(ec.SECP256R1())
    for token in (unsigned, shared, signed(key=stranger), signed("EdDSA", STRANGER)):
        with pytest.raises(Unauthenticated):
            issued.caller(token)


def test_regulators_need_no_platform(issued: Tokens) -> None:
    caller = issued.caller(signed(roles="regulator", platform=None))
    assert (caller.role, caller.platform) == (Role.REGULATOR, None)
