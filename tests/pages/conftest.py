"""Browsers without a screen: people who sign in to pages and send forms."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar.testing import TestClient

from interface.bootstrap import System
from interface.callers.caller import Caller
from interface.pages.sign_in.page_session import begun, form_token, sealed
from tests.http.conftest import background, http, people, system

__all__ = ["background", "browse", "http", "people", "system"]

SESSION = "redress-session"
TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})[."]')


class Browser:
    """Somebody who reads pages and sends their forms, in one language."""

    def __init__(
        self, http: TestClient[Any], system: System, caller: Caller | None, lang: str
    ) -> None:
        self.http, self.system = http, system
        self.headers = {"Accept-Language": lang, "Accept": "text/html"}
        self.cookie = ""
        self.token = ""
        self.extra: dict[str, str] = {}
        if caller is not None:
            session = begun(caller)
            digest = system.keys.master.digest
            self.cookie = sealed(session, digest)
            self.token = form_token(session.id, digest)

    def get(self, path: str, **query: Any) -> httpx.Response:
        answer = self._sent("GET", path, params=query or None)
        # As a browser does: to the same page, with what names people sealed, or with
        # the key of what begins on it.
        here = path.partition("?")[0]
        while _leads_on(here, to := answer.headers.get("location", "")):
            answer = self._sent("GET", to)
        return answer

    def answer_of(self, path: str) -> httpx.Response:
        """Return the answer to an address itself, wherever it leads."""
        return self._sent("GET", path)

    def post(self, path: str, token: str | None = None, **form: Any) -> httpx.Response:
        sent = {"form_token": self.token if token is None else token} | form
        return self._sent("POST", path, data=sent)

    def upload(
        self, path: str, *files: tuple[str, bytes, str], **form: Any
    ) -> httpx.Response:
        sent = {"form_token": self.token, "key": str(uuid4())} | form
        parts = [("file", one) for one in files]
        return self._sent("POST", path, data=sent, files=parts or {"": ("", b"")})

    def sent(
        self, path: str, body: bytes | None, headers: dict[str, str]
    ) -> httpx.Response:
        """Send a form as a browser has made it."""
        kind = {"Content-Type": headers.get("content-type", "")}
        return self._sent("POST", path, content=body or b"", headers=kind)

    def page(self, path: str, **query: Any) -> str:
        answer = self.get(path, **query)
        assert answer.status_code == 200, (answer.status_code, answer.text[:2000])
        check_page(answer)
        return unescape(answer.text)

    def _sent(self, method: str, path: str, **how: Any) -> httpx.Response:
        self.http.cookies.clear()
        if self.cookie:
            self.http.cookies.set(SESSION, self.cookie)
        for name, value in self.extra.items():
            self.http.cookies.set(name, value)
        headers = self.headers | how.pop("headers", {})
        answer = self.http.request(
            method, path, headers=headers, follow_redirects=False, **how
        )
        self.http.cookies.clear()
        return answer


def _leads_on(here: str, to: str) -> bool:
    place, _, query = to.partition("?")
    return place == here and re.search(r"\b(sealed|begin)=", query) is not None


class Browse:
    """Makes browsers of people."""

    def __init__(self, http: TestClient[Any], system: System) -> None:
        self.http, self.system = http, system

    def __call__(
        self,
        role: str | None,
        subject: str = "",
        lang: str = "zh",
        platform: str | None = "shop",
    ) -> Browser:
        caller = None
        if role is not None:
            named = subject or ("v-1" if role == "supervisor" else f"{role[0]}-1")
            from domain.roles import Role

            caller = Caller(subject=named, role=Role(role), platform=platform)
        return Browser(self.http, self.system, caller, lang)


@pytest.fixture
def browse(http: TestClient[Any], system: System) -> Browse:
    return Browse(http, system)


def check_page(answer: httpx.Response) -> None:
    """Raise AssertionError unless an answer is a whole page under the strict policy."""
    import html5lib

    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(answer.text)
    assert not parser.errors, (parser.errors[:5], answer.text[:500])
    text = answer.text
    assert "<style" not in text
    assert not re.search(r"\s(style|on[a-z]+)=", re.sub(r">[^<]*<", "><", text))
    assert not re.search(r"<script(?![^>]* src=)", text)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), [one for one in ids if ids.count(one) > 1]
    for named in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', text):
        assert set(named.split()) <= set(ids), named
    assert text.count("<h1") == 1
