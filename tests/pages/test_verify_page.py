"""The verifier as a page: what it says, and that it can send nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interface import verifier
from tests.pages.conftest import Browse, check_page
from tests.pages.page_words import check_language

SCRIPTS = ("page.js", "verify.js", "words.js")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_for_everyone_in_both_languages(browse: Browse, lang: str) -> None:
    for who in (None, "buyer", "auditor"):
        answer = browse(who, lang=lang).get("/verify")
        assert answer.status_code == 200
        check_page(answer)
        page = re.sub(r"/v1/log/keys|\.zip|\.json|PEM", "", answer.text)
        check_language(page, lang)
        for name in ("bundle", "keys", "statement-keys", "witnesses", "quorum", "tsa"):
            assert f'for="{name}">' in answer.text


def test_nothing_on_it_may_send_anything(browse: Browse) -> None:
    answer = browse(None).get("/verify")
    policy = answer.headers["content-security-policy"]
    for part in ("default-src 'none'", "connect-src 'none'", "form-action 'none'"):
        assert part in policy
    assert "script-src 'self'" in policy
    # No script of it asks for anything, whatever a browser makes of the policy.
    folder = Path(verifier.__path__[0])
    for name in SCRIPTS:
        text = (folder / name).read_text("utf-8")
        for asking in (
            "fetch(",
            "XMLHttpRequest",
            "WebSocket",
            "sendBeacon",
            "import(",
        ):
            assert asking not in text, (name, asking)


def test_its_scripts_are_served_and_its_earlier_address_leads_to_it(
    browse: Browse,
) -> None:
    browser = browse(None)
    page = browser.page("/verify")
    assert '<script type="module" src="/static/verifier/page.js">' in page
    for name in SCRIPTS:
        assert browser.get(f"/static/verifier/{name}").status_code == 200
    earlier = browser.get("/static/verifier/index.html").text
    assert 'content="0; url=/verify"' in earlier
    assert 'href="/verify"' in browser.page("/")
