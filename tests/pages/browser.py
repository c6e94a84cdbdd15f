"""A real browser, where one is installed: Debian's Chromium, or Playwright's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def chromium() -> Iterator[Any]:
    """Yield a browser; skip the test, with the reason, where there is none."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed"
    )
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with api.sync_playwright() as running:
        options = {"executable_path": found} if found else {}
        try:
            browser = running.chromium.launch(args=["--no-sandbox"], **options)
        except api.Error:
            pytest.skip("no Chromium: playwright install chromium")
        yield browser
        browser.close()
