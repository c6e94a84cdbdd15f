"""An installation that takes the tokens of an issuer, over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from application.access.access_log import AccessLog, Sought
from interface.bootstrap import System, wire
from interface.callers import key_source
from interface.callers.claims import ClaimRules
from interface.callers.key_source import KeySource
from interface.callers.token_issuer import TokenIssuer
from interface.callers.tokens import Tokens
from interface.health import health
from interface.run.worker import Worker
from interface.settings import settings
from tests.conftest import MASTER
from tests.http.conftest import FILING
from tests.http.issuer import AUDIENCE, ISSUER, Issuer, Seconds
from tests.http_app import serving
from tests.statement_key_file import statement_key_file

ODD: tuple[Any, ...] = (["shop"], [], 0, 5, False, True, {}, "", "sh\u200bop")


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def production(url: str, tmp_path: Path, issuer: Issuer) -> Iterator[System]:
    (tmp_path / "master.json").write_bytes(msgspec.json.encode(MASTER))
    with issuer.online() as jwks:
        environ: dict[str, Any] = {
            "REDRESS_MODE": "production",
            "REDRESS_HOME": str(tmp_path),
            "REDRESS_JWKS": jwks,
            "REDRESS_ISSUER": ISSUER,
            "REDRESS_AUDIENCE": AUDIENCE,
            "REDRESS_MASTER_KEY": str(tmp_path / "master.json"),
            "REDRESS_STATEMENT_KEY": statement_key_file(tmp_path),
            "DATABASE_URL": url,
        }
        one = wire(settings.read(environ), url, url)
        yield one
        one.close()


@pytest.fixture
def http(production: System) -> Iterator[TestClient[Any]]:
    with serving(production) as client:
        yield client


def headers(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"} | more


def test_keys_out_of_reach_are_503_and_no_inner_names(
    http: TestClient[Any], issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    # Trial D10.
    issuer.status = 500
    for language, title in (("en", "Nobody can be"), ("zh-CN", "暂时无法验证身份")):
        sent = headers(issuer.token(), **{"Accept-Language": language})
        answer = http.get("/v1/disputes", headers=sent)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        problem = answer.json()
        assert problem["type"] == "urn:redress:problem:keys-unavailable"
        assert problem["title"].startswith(title)
        assert "jwks" not in answer.text
        assert "127.0.0.1" not in answer.text
    said = [one for one in caplog.records if one.name == key_source.__name__]
    assert len(said) == 1
    # Who sends no token at all is told so.
    assert http.get("/v1/disputes").status_code == 401
    sent = headers(issuer.token())
    assert http.get("/v1/nothing", headers=sent).status_code == 404


def test_an_outage_of_the_keys_is_told_by_health(
    http: TestClient[Any], issuer: Issuer, production: System
) -> None:
    token = headers(issuer.token())
    assert http.get("/v1/disputes", headers=token).status_code == 200
    assert health(production).warnings == ()
    issuer.status = 500
    for one in production.tokens.issuers:
        one.keys.refresh()
    # The last keys still hold, so that nobody is kept out yet.
    assert http.get("/v1/disputes", headers=token).status_code == 200
    (said,) = health(production).warnings
    assert re.fullmatch(
        r"REDRESS_JWKS: the keys cannot be read; the last ones hold for \d+ s", said
    )
    issuer.status = 200
    for one in production.tokens.issuers:
        one.keys.refresh()
    assert health(production).warnings == ()


def test_a_claim_of_another_type_is_recorded_nowhere(
    http: TestClient[Any], issuer: Issuer, production: System
) -> None:
    # Trials D12 and G5: a filing under such a platform halted every view.
    worker = Worker(production)
    for platform in ODD:
        buyer = issuer.token(role="buyer", sub="b-1", platform=platform)
        answer = http.post("/v1/disputes", json=FILING, headers=headers(buyer))
        assert answer.status_code == 401, platform
        assert "platform" in answer.json()["detail"]
        auditor = issuer.token(role="auditor", sub="a-1", platform=platform)
        sent = headers(auditor, Purpose="Audit")
        assert http.get("/v1/disputes", headers=sent).status_code == 401
    worker.catch_up()
    worker.close()
    with production.database.get_connection() as connection:
        row = connection.execute("SELECT count(*) AS n FROM events").fetchone()
        assert row == {"n": 0}
    log = AccessLog(production.database)
    assert log.found(Sought(platform=None), limit=50, before=None) == []


def test_odd_tokens_are_never_a_fault_of_the_server(
    http: TestClient[Any], issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    # Trial G7.
    for claims in (
        {"exp": 10**400},
        {"exp": -(10**400)},
        {"sub": "\ud800"},
        {"sub": 5},
        {"roles": {"a": 1}},
        {"iat": "now"},
        {"jti": ["a"]},
    ):
        answer = http.get("/v1/disputes", headers=headers(issuer.token(**claims)))
        assert answer.status_code == 401, claims
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


def test_a_withdrawn_key_ends_with_the_age_of_the_set(
    production: System, issuer: Issuer
) -> None:
    # Trial G1, with a clock that is moved by ten minutes.
    seconds, location = Seconds(), str(production.settings.callers.jwks)
    tokens = Tokens(
        [TokenIssuer(KeySource(location, 600, seconds), ClaimRules(ISSUER, AUDIENCE))]
    )
    with serving(replace(production, tokens=tokens)) as http:
        token = issuer.token()
        assert http.get("/v1/disputes", headers=headers(token)).status_code == 200
        issuer.published = ["new"]
        seconds.now += 600
        for one in (token, issuer.token(sub="m-2")):
            answer = http.get("/v1/disputes", headers=headers(one))
            assert answer.status_code == 401
            assert answer.json()["detail"] == "The token's key is none of the issuer's."
        fresh = headers(issuer.token("new"))
        assert http.get("/v1/disputes", headers=fresh).status_code == 200
