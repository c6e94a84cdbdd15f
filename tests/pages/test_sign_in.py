"""Signing in to the pages: who is let in, for how long, and whose forms are taken."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from domain.roles import Role
from interface.bootstrap import System
from interface.callers.caller import Caller
from interface.pages.sign_in.page_session import (
    IDLE_SECONDS,
    WHOLE_SECONDS,
    begun,
    sealed,
    unsealed,
)
from tests.pages.conftest import SESSION, TOKEN, Browse, Browser, check_page

MEDIATOR = Caller(subject="m-1", role=Role.MEDIATOR, platform="shop")


def token_in(text: str) -> str:
    found = TOKEN.search(text)
    assert found
    return found[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["/", "/sign-in", "/sign-in?ended=1"])
def test_what_strangers_may_read(browse: Browse, path: str, lang: str) -> None:
    page = browse(None, lang=lang).page(path)
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in page


def test_the_start_page_leaves_no_cookie(browse: Browse) -> None:
    assert "set-cookie" not in browse(None).get("/").headers


def test_a_role_is_picked_and_left_again(http: TestClient[Any], system: System) -> None:
    asked = http.get("/sign-in", params={"next": "/?a=1"})
    form = {"role": "mediator", "subject": "m-7", "next": "/?a=1"}
    answer = http.post(
        "/sign-in",
        data=form | {"form_token": token_in(asked.text)},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?a=1"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "m-7" not in cookie
    kept = http.cookies.get(SESSION)
    found = unsealed(kept, system.keys.master.digest)
    assert found is not None
    assert found.caller == replace(MEDIATOR, subject="m-7")
    start = http.get("/")
    assert "m-7" in start.text
    # Signed out, the session is worth nothing, also for whoever has copied the cookie.
    out = {"form_token": token_in(start.text)}
    left = http.post("/sign-out", data=out, follow_redirects=False)
    assert left.status_code == 303
    assert SESSION not in http.cookies
    system.revoked.look()
    http.cookies.set(SESSION, kept or "")
    assert "m-7" not in http.get("/").text


@pytest.mark.parametrize(
    "back",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "x"],
)
def test_signing_in_leads_to_this_site_only(http: TestClient[Any], back: str) -> None:
    asked = http.get("/sign-in", params={"next": back})
    form = {"role": "auditor", "subject": "a-1", "next": back}
    answer = http.post(
        "/sign-in",
        data=form | {"form_token": token_in(asked.text)},
        follow_redirects=False,
    )
    assert answer.headers["location"] == "/record"
    http.cookies.clear()


@pytest.mark.parametrize(("lang", "said"), [("zh", "可见字符"), ("en", "visible")])
def test_a_wrong_id_is_told_at_the_field_and_kept(
    http: TestClient[Any], lang: str, said: str
) -> None:
    asked = http.get("/sign-in", params={"lang": lang})
    form = {"role": "buyer", "subject": "b\x00<i>", "next": ""}
    answer = http.post("/sign-in", data=form | {"form_token": token_in(asked.text)})
    http.cookies.clear()
    assert answer.status_code == 400
    assert said in answer.text
    assert "&lt;i&gt;" in answer.text


@pytest.mark.parametrize("role", ["clock", "root", ""])
def test_no_other_roles_are_let_in(http: TestClient[Any], role: str) -> None:
    asked = http.get("/sign-in")
    form = {"role": role, "subject": "x", "form_token": token_in(asked.text)}
    answer = http.post("/sign-in", data=form, follow_redirects=False)
    assert answer.status_code == 400
    assert SESSION not in http.cookies
    http.cookies.clear()


def test_a_form_without_its_token_is_refused(browse: Browse) -> None:
    mediator = browse("mediator")
    others = (browse("mediator").token, browse(None).token, "", "é", "0" * 64)
    for token in others:
        answer = mediator.post("/sign-out", token=token)
        assert answer.status_code == 403
        check_page(answer)
    assert "m-1" in mediator.page("/")
    sent = {"role": "supervisor", "subject": "v-1"}
    assert browse(None).post("/sign-in", token="0" * 64, **sent).status_code == 403


def test_a_session_ends_by_idling_and_altogether(
    browse: Browse, system: System
) -> None:
    now, browser = time.time(), browse("mediator")
    digest = system.keys.master.digest
    fresh = begun(MEDIATOR)
    idle = replace(fresh, seen=now - IDLE_SECONDS - 1, began=now - 7_200)
    whole = replace(fresh, began=now - WHOLE_SECONDS - 1, ends=now - 1, seen=now - 1)
    for over in (idle, whole, replace(fresh, began=now + 60)):
        browser.cookie = sealed(over, digest)
        assert "m-1" not in browser.page("/")
    browser.cookie = sealed(fresh, digest)
    assert "m-1" in browser.page("/")
    assert "set-cookie" not in browser.get("/").headers
    # One that is used goes on, and keeps its end.
    browser.cookie = sealed(replace(fresh, seen=now - 120, began=now - 200), digest)
    renewed = browser.get("/").headers["set-cookie"]
    found = re.search(rf'{SESSION}="?([^;"]+)', renewed)
    assert found
    after = unsealed(found[1], digest)
    assert after is not None
    assert after.ends == fresh.ends
    assert after.seen >= now


def test_a_cookie_that_somebody_made_is_no_session(
    browse: Browse, system: System
) -> None:
    session, digest = begun(MEDIATOR), system.keys.master.digest
    good = sealed(session, digest)
    head, payload, mac = good.split(".")
    other = sealed(replace(session, role=Role.SUPERVISOR), digest).split(".")[1]
    for value in (
        f"{head}.{other}.{mac}",
        f"2.{payload}.{mac}",
        f"{head}.{payload}.",
        sealed(session, b"x" * 32),
        payload,
        "",
        "..",
        "é",
    ):
        assert unsealed(value, digest) is None, value
    assert unsealed(good, digest) == session
    browser: Browser = browse("mediator")
    browser.cookie = f"{head}.{other}.{mac}"
    assert "m-1" not in browser.page("/")


def test_who_is_revoked_has_no_session(browse: Browse, system: System) -> None:
    from datetime import UTC, datetime

    from application.access.revocations import revoke_subject

    mediator, another = browse("mediator"), browse("mediator", "m-2")
    with system.database.get_connection() as connection:
        revoke_subject(connection, "shop", "m-1", "left", "op", datetime.now(UTC))
    system.revoked.look()
    assert "m-1" not in mediator.page("/")
    assert "m-2" in another.page("/")


def test_signing_out_everywhere_ends_every_session_of_the_person(
    browse: Browse, system: System
) -> None:
    here, there, another = browse("mediator"), browse("mediator"), browse("supervisor")
    assert 'name="everywhere"' in here.page("/sign-in")
    assert here.post("/sign-out", everywhere="true").status_code == 303
    system.revoked.look()
    assert there.get("/desk").status_code == 303
    assert another.get("/desk").status_code == 200
    # Signing in again is not held up.
    time.sleep(0.01)
    assert browse("mediator").get("/desk").status_code == 200


def test_signing_out_here_leaves_other_browsers_signed_in(
    browse: Browse, system: System
) -> None:
    here, there = browse("mediator"), browse("mediator")
    assert here.post("/sign-out").status_code == 303
    system.revoked.look()
    assert here.get("/desk").status_code == 303
    assert there.get("/desk").status_code == 200
