"""The cookies of pages outside of a sandbox, where nobody picks a role."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwt.algorithms import OKPAlgorithm

from domain.roles import Role
from interface.bootstrap import System, wire
from interface.callers.caller import Caller
from interface.pages.sign_in.page_session import begun, form_token, sealed
from interface.settings import settings
from tests.http.conftest import system as sandbox
from tests.http_app import serving
from tests.statement_key_file import statement_key_file

__all__ = ["sandbox"]

CALLER = Caller(subject="m-1", role=Role.MEDIATOR, platform="shop")


@pytest.fixture
def production(url: str, tmp_path: Path, sandbox: System) -> System:
    public = ed25519.Ed25519PrivateKey.generate().public_key()
    key = OKPAlgorithm.to_jwk(public, as_dict=True) | {"kid": "1"}
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [key]}))
    environ: dict[str, Any] = {
        "REDRESS_MODE": "production",
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_JWKS": str(tmp_path / "keys.json"),
        "REDRESS_ISSUER": "issuer",
        "REDRESS_AUDIENCE": "redress",
        "REDRESS_MASTER_KEY": str(sandbox.settings.master_key),
        "REDRESS_STATEMENT_KEY": statement_key_file(tmp_path),
        "DATABASE_URL": url,
    }
    return wire(settings.read(environ), url, url)


def test_cookies_are_of_this_host_and_over_tls_only(production: System) -> None:
    digest = production.keys.master.digest
    session = begun(CALLER)
    with serving(production) as http:
        http.headers["Cookie"] = f"__Host-session={sealed(session, digest)}"
        assert "m-1" in http.get("/").text
        sent = {"form_token": form_token(session.id, digest)}
        answer = http.post("/sign-out", data=sent, follow_redirects=False)
        assert answer.status_code == 303
        (cookie,) = answer.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-session=")
        for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
            assert part in cookie, cookie
        assert "Domain" not in cookie
        # One of a sandbox's name is none here.
        http.headers["Cookie"] = f"redress-session={sealed(begun(CALLER), digest)}"
        assert "m-1" not in http.get("/").text


def test_nobody_picks_a_role(production: System) -> None:
    digest = production.keys.master.digest
    with serving(production) as http:
        assert 'name="role"' not in http.get("/sign-in").text
        http.headers["Cookie"] = "__Host-visit=v"
        sent = {"role": "supervisor", "subject": "v-1"}
        sent["form_token"] = form_token("v", digest)
        answer = http.post("/sign-in", data=sent, follow_redirects=False)
        assert answer.status_code == 400
        assert "set-cookie" not in answer.headers
