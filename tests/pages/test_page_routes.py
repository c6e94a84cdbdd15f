"""Every page says who may read it, and every form is asked for its token."""

from __future__ import annotations

import pytest

from tests.http.test_authentication import APP, routes
from tests.pages.conftest import Browse

PAGES = [
    (path, method, handler)
    for path, method, handler in routes(APP)
    if "page" in handler.opt and method not in {"HEAD", "OPTIONS"}
]


def test_every_page_is_public_for_a_reason_or_names_its_roles() -> None:
    assert len(PAGES) > 15
    for path, _, handler in PAGES:
        assert ("public" in handler.opt) != bool(handler.opt.get("roles")), path


def test_whatever_changes_something_is_a_form_with_a_token() -> None:
    sent = [one for one in PAGES if one[1] != "GET"]
    assert len(sent) >= 4
    for path, method, handler in sent:
        assert method == "POST", path
        assert "form" in handler.opt, path


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_no_form_is_taken_without_its_token(browse: Browse, token: str) -> None:
    known = {
        "{dispute_id}": "00000000-0000-0000-0000-000000000001",
        "{number}": "1",
        "{grant_id}": "00000000-0000-0000-0000-000000000001",
        "{erasure_id}": "00000000-0000-0000-0000-000000000001",
        "{step}": "notes",
        "{step:path}": "notes",
    }
    for path, method, handler in PAGES:
        if method == "GET":
            continue
        roles = handler.opt.get("roles") or {"supervisor"}
        role = "supervisor" if "supervisor" in roles else min(roles)
        asked = path
        for name, value in known.items():
            asked = asked.replace(name, value)
        answer = browse(role).post(asked, token=token)
        assert answer.status_code == 403, asked
        assert "没有作出任何改动" in answer.text


def test_tokens_of_the_api_open_no_page_and_sessions_no_operation(
    browse: Browse,
) -> None:
    browser = browse("mediator")
    assert browser.get("/v1/queue").status_code == 401
    stranger = browse(None)
    stranger.headers["Authorization"] = f"Bearer {browser.cookie}"
    assert stranger.get("/desk").status_code == 303
