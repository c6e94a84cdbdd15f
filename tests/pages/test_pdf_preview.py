"""A PDF among the evidence can be looked at on the page of its case."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image, ImageChops

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People
from tests.http.pictures import picture
from tests.pages.browser import chromium
from tests.pages.conftest import Browse, check_page
from tests.pages.test_desk_in_browser import signed_in
from tests.pages.visited_cases import PictureStory
from tests.processes import (
    Process,
    free_port,
    kill_what_is_left,
    serving_environ,
    wait_until_ready,
)

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R>>endobj
4 0 obj<</Length 30>>stream
1 0 0 rg 20 20 260 260 re f
endstream endobj
trailer<</Root 1 0 R>>
"""

LEAST_RED = 5_000


@pytest.fixture
def case(browse: Browse, people: People, background: Worker, clock: Clock) -> str:
    """A case with a picture and a PDF."""
    story = PictureStory(people, background, clock).escalated()
    files = [
        ("c.png", picture("PNG"), "image/png"),
        ("report.pdf", PDF, "application/pdf"),
    ]
    answer = browse("buyer").upload(
        f"/cases/{story.id}/evidence", *files, key=str(uuid4())
    )
    assert answer.status_code == 303, answer.text
    background.catch_up()
    return story.id


def numbers(people: People, case: str) -> dict[str, int]:
    told = people.mediator.get(f"/v1/disputes/{case}").json()
    return {one["media_type"]: one["number"] for one in told["evidence"]}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_only_our_own_page_frames_it(
    browse: Browse, people: People, case: str, lang: str
) -> None:
    mediator, found = browse("mediator", lang=lang), numbers(people, case)
    page = mediator.get(f"/desk/cases/{case}")
    check_page(page)
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    where = f"/desk/cases/{case}/evidence/{found['application/pdf']}/preview"
    assert page.text.count("<iframe") == 1
    assert f'<iframe src="{where}" loading="lazy" title="' in page.text
    answer = mediator.get(where)
    assert answer.content == PDF
    assert answer.headers["content-disposition"] == "inline"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert policy == "default-src 'none'; base-uri 'none'; frame-ancestors 'self'"
    # Nothing else is shown in a frame, and the file itself still is none.
    other = f"/desk/cases/{case}/evidence/{found['image/png']}/preview"
    assert mediator.get(other).status_code == 404
    whole = mediator.get(where.removesuffix("/preview"))
    assert whole.headers["content-disposition"].startswith("attachment")
    assert whole.headers["x-frame-options"] == "DENY"
    assert browse("buyer").get(where).status_code == 403


def redness(frame: Any) -> int:
    """Return how many pixels of what a frame shows are as red as the page of PDF."""
    shot = Image.open(BytesIO(frame.screenshot())).convert("RGB")
    bands = shot.split()
    strong = bands[0].point(lambda one: 255 if one > 200 else 0)
    pale = bands[1].point(lambda one: 255 if one < 60 else 0)
    return ImageChops.multiply(strong, pale).histogram()[255]


@pytest.fixture
def site(url: str, tmp_path: Path) -> Iterator[str]:
    """A real server: the viewer of a browser asks for the file by itself."""
    port = free_port()
    environ = serving_environ(url, tmp_path, port, REDRESS_KEYS_URL=url)
    Process(environ, "serve")
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        kill_what_is_left()


@pytest.mark.long
def test_a_browser_shows_it_when_it_is_asked_for(case: str, site: str) -> None:
    with chromium() as browser:
        page = browser.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        signed_in(page, site)
        page.goto(f"{site}/desk/cases/{case}")
        page.wait_for_load_state("networkidle")
        # Each look is entered into the access log: none before somebody asks.
        assert not [one for one in asked if one.endswith("/preview")]
        page.click(".paper summary")
        frame = page.locator(".paper iframe")
        frame.scroll_into_view_if_needed()
        deadline = time.monotonic() + 15
        while redness(frame) < LEAST_RED and time.monotonic() < deadline:
            page.wait_for_timeout(250)
        assert redness(frame) >= LEAST_RED
        assert said == []
