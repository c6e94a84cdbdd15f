"""Somebody who reads the record: signed in, with the purposes that they have said."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from domain.roles import Role
from interface.bootstrap import System
from interface.callers.caller import Caller
from tests.pages.conftest import SESSION, Browser

PURPOSES = "redress-purposes"
WHY = "Audit of late answers, 2026-Q1"


class RecordReader(Browser):
    """A browser that keeps what its session has said of purposes."""

    purposes = ""

    def says(self, back: str = "", why: str = WHY) -> httpx.Response:
        """Say why, in the form to which `back` would lead."""
        return self.post("/record/purpose", next=back, purpose=why)

    def _sent(self, method: str, path: str, **how: Any) -> httpx.Response:
        jar = self.http.cookies
        jar.clear()
        jar.set(SESSION, self.cookie)
        if self.purposes:
            jar.set(PURPOSES, self.purposes)
        answer = self.http.request(
            method, path, headers=self.headers, follow_redirects=False, **how
        )
        self.purposes = answer.cookies.get(PURPOSES) or self.purposes
        jar.clear()
        return answer


class RecordReaders:
    """Makes readers of the record, by role and language."""

    def __init__(self, http: TestClient[Any], system: System) -> None:
        self._http, self._system = http, system

    def __call__(
        self,
        role: str = "auditor",
        lang: str = "zh",
        platform: str | None = "shop",
        subject: str = "",
    ) -> RecordReader:
        named = subject or ("v-1" if role == "supervisor" else f"{role[0]}-1")
        caller = Caller(subject=named, role=Role(role), platform=platform)
        return RecordReader(self._http, self._system, caller, lang)

    def who_has_said(self, *paths: str, **how: Any) -> RecordReader:
        """Return a reader who has said why they read the lists, and some cases."""
        reader = self(**how)
        for path in ("/record", *paths):
            assert reader.says(path).status_code == 303
        return reader


@pytest.fixture
def readers(http: TestClient[Any], system: System) -> RecordReaders:
    return RecordReaders(http, system)
