"""Bearer tokens: of the development key, and of an issuer's key set."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from domain.names import BadName
from domain.roles import Role
from interface.callers.caller import Caller, Unauthenticated, name_in_one_form
from interface.callers.claims import ClaimRules
from interface.callers.development_key import DEVELOPMENT_ISSUER, DevelopmentKey
from interface.callers.key_source import KeySource
from interface.callers.token_issuer import TokenIssuer
from interface.callers.tokens import Tokens

CALLER = Caller(subject="b-1", role=Role.BUYER, platform="shop")
RULES = ClaimRules("https://id.example", "redress")
DEVELOPMENT = ClaimRules(DEVELOPMENT_ISSUER, None)
SIGNER = ec.generate_private_key(ec.SECP256R1())
OTHER = ed25519.Ed25519PrivateKey.generate()
STRANGER = ed25519.Ed25519PrivateKey.generate()
CLAIMS: dict[str, Any] = {
    "iss": "https://id.example",
    "aud": "redress",
    "sub": "m-1",
    "roles": ["mediator"],
    "platform": "shop",
}


def key_set(*names: str) -> str:
    """Return a key set; "ec" and "other" are the names there are."""
    keys = {
        "ec": ECAlgorithm.to_jwk(SIGNER.public_key(), as_dict=True),
        "other": OKPAlgorithm.to_jwk(OTHER.public_key(), as_dict=True),
    }
    return json.dumps({"keys": [keys[name] | {"kid": name} for name in names]})


@pytest.fixture
def issued(tmp_path: Path) -> Tokens:
    path = tmp_path / "jwks.json"
    path.write_text(key_set("ec", "other"))
    return Tokens([TokenIssuer(KeySource(str(path), 600), RULES)])


def signed(
    algorithm: str = "ES256",
    key: Any = SIGNER,
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    now = int(time.time())
    claims = CLAIMS | {"iat": now, "exp": now + 3_600} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    headers = {"kid": "ec"} | (header or {})
    return "Bearer " + jwt.encode(claims, key, algorithm, headers=headers)


def signed_text(payload: str) -> str:
    """Sign a payload that no JSON library would write."""
    token = jwt.PyJWS().encode(payload.encode(), SIGNER, "ES256", {"kid": "ec"})
    return f"Bearer {token}"


def test_the_development_key_is_made_once_and_only_its_owner_reads_it(
    tmp_path: Path,
) -> None:
    token = DevelopmentKey(tmp_path).token(CALLER, timedelta(hours=1))
    again = DevelopmentKey(tmp_path)
    tokens = Tokens([TokenIssuer(again, DEVELOPMENT)])
    assert tokens.caller(f"Bearer {token}") == CALLER
    mode = (tmp_path / "development-key.pem").stat().st_mode
    assert mode & 0o077 == 0


def test_another_installations_token_is_refused(tmp_path: Path) -> None:
    token = DevelopmentKey(tmp_path / "a").token(CALLER, timedelta(hours=1))
    tokens = Tokens([TokenIssuer(DevelopmentKey(tmp_path / "b"), DEVELOPMENT)])
    with pytest.raises(Unauthenticated):
        tokens.caller(f"Bearer {token}")


def test_an_expired_token_is_refused(tmp_path: Path) -> None:
    key = DevelopmentKey(tmp_path)
    tokens = Tokens([TokenIssuer(key, DEVELOPMENT)])
    with pytest.raises(Unauthenticated, match="expired"):
        tokens.caller("Bearer " + key.token(CALLER, timedelta(minutes=-5)))


def test_a_token_of_the_issuer_is_taken_and_remembered(issued: Tokens) -> None:
    token = signed()
    caller = Caller(subject="m-1", role=Role.MEDIATOR, platform="shop")
    assert issued.caller(token) == issued.caller(token) == caller


FAR = 10**400
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://other.example"}, "wrong-issuer"),
        ({"iss": None}, "wrong-issuer"),
        ({"aud": "other"}, "wrong-audience"),
        ({"aud": ["other"]}, "wrong-audience"),
        ({"aud": None}, "wrong-audience"),
        ({"sub": None}, "wrong-claim"),
        ({"sub": ""}, "wrong-claim"),
        ({"sub": "a\0b"}, "wrong-claim"),
        ({"sub": "a\u200b"}, "wrong-claim"),
        ({"sub": "a\u00a0b"}, "wrong-claim"),
        ({"sub": "case:00000000-0000-0000-0000-000000000001"}, "wrong-claim"),
        ({"sub": "x" * 129}, "wrong-claim"),
        ({"platform": " "}, "wrong-claim"),
        ({"platform": ""}, "wrong-claim"),
        ({"platform": 5}, "wrong-claim"),
        ({"platform": True}, "wrong-claim"),
        ({"platform": False}, "wrong-claim"),
        ({"platform": 0}, "wrong-claim"),
        ({"platform": []}, "wrong-claim"),
        ({"platform": ["shop"]}, "wrong-claim"),
        ({"platform": {"id": "shop"}}, "wrong-claim"),
        ({"platform": None}, "no-platform"),
        ({"jti": 5}, "wrong-claim"),
        ({"jti": ""}, "wrong-claim"),
        ({"exp": None}, "wrong-claim"),
        ({"iat": None}, "wrong-claim"),
        ({"exp": True}, "wrong-claim"),
        ({"exp": str(FAR)}, "wrong-claim"),
        ({"exp": FAR}, "wrong-claim"),
        ({"exp": -FAR}, "wrong-claim"),
        ({"iat": -FAR}, "wrong-claim"),
        ({"nbf": FAR}, "wrong-claim"),
        ({"exp": time.time() + 90_000}, "valid-too-long"),
        ({"exp": datetime(2020, 1, 1, tzinfo=UTC)}, "expired"),
        ({"nbf": TOMORROW}, "not-valid-yet"),
        ({"iat": TOMORROW, "exp": TOMORROW + timedelta(hours=1)}, "not-valid-yet"),
        ({"roles": ["king"]}, "no-role"),
        ({"roles": []}, "no-role"),
        ({"roles": None}, "no-role"),
        ({"roles": ["clock"]}, "no-role"),
        ({"roles": [5]}, "wrong-claim"),
        ({"roles": {"mediator": True}}, "wrong-claim"),
        ({"roles": ["seller", "buyer"]}, "several-roles"),
        ({"role": "buyer", "roles": ["mediator"]}, "several-roles"),
        ({"header": {"typ": "logout+jwt"}}, "wrong-type"),
        ({"header": {"typ": 5}}, "not-a-token"),
        ({"header": {"crit": ["exp"], "exp": 1}}, "not-a-token"),
        ({"header": {"kid": "gone"}}, "unknown-key"),
    ],
)
def test_a_token_that_says_too_little_or_wrong(
    issued: Tokens, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Unauthenticated) as refused:
        issued.caller(signed(**changes))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "payload",
    [
        '{"sub": "\\ud800", "iat": 1, "exp": 2}',
        '{"sub": "a", "iat": 1, "exp": NaN}',
        '{"sub": "a", "iat": 1, "exp": 1e400}',
        '{"sub": "a", "iat": 1, "exp": Infinity}',
        "[1, 2]",
        "5",
        "",
        "[" * 20_000,
    ],
)
def test_a_signed_payload_that_is_none_is_refused(issued: Tokens, payload: str) -> None:
    with pytest.raises(Unauthenticated):
        issued.caller(signed_text(payload))


def test_roles_are_a_set_and_those_of_other_systems_are_passed_over(
    issued: Tokens,
) -> None:
    for roles in (
        ["offline_access", "buyer"],
        ["buyer", "offline_access"],
        ["buyer", "buyer"],
        "buyer",
    ):
        assert issued.caller(signed(roles=roles)).role is Role.BUYER
    assert issued.caller(signed(roles=None, role="buyer")).role is Role.BUYER
    with pytest.raises(Unauthenticated) as refused:
        issued.caller(signed(roles=["x", "seller", "auditor"]))
    assert refused.value.filling == {"roles": "auditor, seller"}


@pytest.mark.parametrize("kind", ["JWT", "at+jwt", "application/at+jwt", "jwt"])
def test_access_tokens_and_plain_ones_are_taken(issued: Tokens, kind: str) -> None:
    assert issued.caller(signed(header={"typ": kind})).subject == "m-1"


@pytest.mark.parametrize("name", ["b-1", "买家一", "a b", "café", "x" * 128, "a/b:c"])
def test_a_visible_name_is_taken_as_it_is(name: str) -> None:
    assert name_in_one_form(name) == name


@pytest.mark.parametrize(
    ("spelling", "name"),
    [(" a ", "a"), ("a\u3000", "a"), ("cafe\u0301", "café"), ("\u212b", "Å")],
)
def test_another_spelling_is_the_same_caller(
    issued: Tokens, spelling: str, name: str
) -> None:
    caller = issued.caller(signed(sub=spelling, platform=spelling))
    assert (caller.subject, caller.platform) == (name, name)
    assert caller == issued.caller(signed(sub=name, platform=name))


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "a\u3000b", "a\ufeff", "a\u00adb", "a\u2028b", "a\ue000", "a\nb"),
        *("\u3164", "a\ufe0f", "\u2800", "a\u034fb", "\U000e0041", "a\u0378", "\ud800"),
        *("\u200b", "a\u200bb", "a\u202eb", "x" * 129),
    ],
)
def test_a_name_that_readers_cannot_see_is_none(name: str) -> None:
    with pytest.raises(BadName):
        name_in_one_form(name)


def test_a_token_signed_by_another_key_or_not_at_all(issued: Tokens) -> None:
    unsigned = "Bearer " + jwt.encode(CLAIMS, "", "none", headers={"kid": "ec"})
    shared = "Bearer " + jwt.encode(CLAIMS, "x" * 40, "HS256", headers={"kid": "ec"})
    stranger = ec.generate_private_key(ec.SECP256R1())
    for token in (unsigned, shared, signed(key=stranger), signed("EdDSA", STRANGER)):
        with pytest.raises(Unauthenticated):
            issued.caller(token)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA", "none", "HS256", "x"])
def test_a_token_does_not_choose_how_its_key_verifies(
    issued: Tokens, algorithm: str
) -> None:
    claims = signed("EdDSA", OTHER, {"kid": "other"}).partition(".")[2]
    header = json.dumps({"alg": algorithm, "kid": "other"}).encode()
    token = f"{urlsafe_b64encode(header).decode().rstrip('=')}.{claims}"
    # The header is covered by the signature, and this is another one.
    expected = "wrong-signature" if algorithm == "EdDSA" else "wrong-algorithm"
    for one in (token, f"{token[: token.rindex('.')]}."):
        with pytest.raises(Unauthenticated) as refused:
            issued.caller(f"Bearer {one}")
        assert refused.value.code == expected


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "Bearer", "Bearer ", "Basic eDp5", "Bearer a", "Bearer a.b"),
        *("Bearer ...", "Bearer a.b.c", "Bearer \xff.b.c", "Bearer W10.b.c"),
        f"Bearer {'a' * 9_000}.b.c",
    ],
)
def test_a_header_without_a_token(issued: Tokens, header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        issued.caller(header)


def test_regulators_need_no_platform(issued: Tokens) -> None:
    caller = issued.caller(signed(roles="regulator", platform=None))
    assert (caller.role, caller.platform) == (Role.REGULATOR, None)
