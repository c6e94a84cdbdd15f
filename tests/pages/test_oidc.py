"""Signing in by an issuer: a real provider on localhost, and what it may not do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from litestar.testing import TestClient

from interface.bootstrap import System, wire
from interface.pages.sign_in.oidc_client import OidcClient
from interface.pages.sign_in.page_session import unsealed
from interface.settings import settings
from interface.settings.settings import SettingError
from tests.conftest import Clock
from tests.http.conftest import HOST
from tests.http_app import serving
from tests.pages.conftest import SESSION, check_page
from tests.pages.oidc_server import AUDIENCE, CLIENT, SECRET, OidcServer


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[OidcServer]:
    from interface.pages.sign_in import oidc_pages

    # What is known of issuers is of one process; each test has another one.
    monkeypatch.setattr(oidc_pages, "CLIENT", OidcClient())
    one = OidcServer()
    with one.online():
        yield one


@pytest.fixture
def system(
    provider: OidcServer, url: str, tmp_path: Path, clock: Clock
) -> Iterator[System]:
    environ = {
        "REDRESS_HOME": str(tmp_path),
        "DATABASE_URL": url,
        "REDRESS_JWKS": f"{provider.url}/jwks",
        "REDRESS_ISSUER": provider.url,
        "REDRESS_AUDIENCE": AUDIENCE,
        "REDRESS_PAGES_URL": HOST,
        "REDRESS_PAGES_CLIENT": CLIENT,
        "REDRESS_PAGES_SECRET": SECRET,
    }
    one = wire(settings.read(environ), url, url, clock)
    yield one
    one.close()


@pytest.fixture
def browser(system: System) -> Iterator[TestClient[Any]]:
    with serving(system) as client:
        client.headers["Accept-Language"] = "en"
        yield client


def started(browser: TestClient[Any], path: str = "/sign-in/start") -> str:
    answer = browser.get(path, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def came_back(browser: TestClient[Any], provider: OidcServer) -> Any:
    back = provider.signed_in(started(browser))
    return browser.get(back, follow_redirects=False)


def refused(browser: TestClient[Any], provider: OidcServer) -> str:
    answer = came_back(browser, provider)
    assert answer.status_code == 403
    check_page(answer)
    assert SESSION not in browser.cookies
    return str(answer.text)


def test_somebody_signs_in_and_is_led_back(
    browser: TestClient[Any], provider: OidcServer, system: System
) -> None:
    page = browser.get("/sign-in?next=/desk%3Fphase%3Dfiled")
    check_page(page)
    assert 'href="/sign-in/start?next=%2Fdesk%3Fphase%3Dfiled"' in page.text
    address = started(browser, "/sign-in/start?next=/desk%3Fphase%3Dfiled")
    asked = dict(parse_qsl(urlsplit(address).query))
    assert address.startswith(f"{provider.url}/authorize?")
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"{HOST}/sign-in/callback"
    answer = browser.get(provider.signed_in(address), follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk?phase=filed"
    found = unsealed(browser.cookies[SESSION], system.keys.master.digest)
    assert found is not None
    assert (found.subject, found.role, found.platform) == ("m-1", "mediator", "shop")
    assert browser.get("/desk").status_code == 200
    # The code counted once, and so did the sign-in.
    again = browser.get(provider.signed_in(address), follow_redirects=False)
    assert again.status_code == 403


def test_nobody_picks_a_role_where_an_issuer_says_who_one_is(
    browser: TestClient[Any],
) -> None:
    page = browser.get("/sign-in").text
    assert 'name="role"' not in page
    assert "form_token" not in page
    sent = {"role": "supervisor", "subject": "v-1", "form_token": "0" * 64}
    assert browser.post("/sign-in", data=sent).status_code == 403


def test_an_answer_to_a_sign_in_of_somebody_else_is_refused(
    browser: TestClient[Any], provider: OidcServer
) -> None:
    back = provider.signed_in(started(browser))
    browser.cookies.clear()
    assert browser.get(back, follow_redirects=False).status_code == 403
    started(browser)
    assert browser.get(back, follow_redirects=False).status_code == 403
    assert SESSION not in browser.cookies
    answer = browser.get("/sign-in/callback?error=access_denied")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another-client"},
        {"iss": "https://elsewhere.example"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"sub": "m-2"},
        {"at_hash": "AAAA"},
    ],
    ids=str,
)
def test_an_identity_token_that_is_not_for_this_is_refused(
    browser: TestClient[Any], provider: OidcServer, changed: dict[str, Any]
) -> None:
    provider.identity = changed
    refused(browser, provider)


def test_an_identity_token_of_another_key_is_refused(
    browser: TestClient[Any], provider: OidcServer
) -> None:
    provider.identity_key = Ed25519PrivateKey.generate()
    refused(browser, provider)


def test_who_has_no_role_here_is_told_so(
    browser: TestClient[Any], provider: OidcServer
) -> None:
    provider.access = {"role": "guest"}
    assert "role" in refused(browser, provider)


def test_discovery_of_another_issuer_is_refused(
    browser: TestClient[Any], provider: OidcServer
) -> None:
    provider.discovery = {"issuer": "https://elsewhere.example"}
    answer = browser.get("/sign-in/start", follow_redirects=False)
    assert answer.status_code == 403
    check_page(answer)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"REDRESS_PAGES_CLIENT": "x"}, "needs REDRESS_PAGES_URL"),
        (
            {"REDRESS_PAGES_CLIENT": "x", "REDRESS_PAGES_URL": "https://a.example"},
            "needs REDRESS_ISSUER",
        ),
        ({"REDRESS_PAGES_URL": "https://a.example/path"}, "without a path"),
    ],
)
def test_settings_that_do_not_go_together(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        settings.read(given)
