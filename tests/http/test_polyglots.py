"""Files that are two things at once do no more than the one that they say they are.

They cannot be told by their bytes: a picture may well end in a ZIP. So what is sent out
names the type that was checked, is never guessed at, runs nothing and opens nowhere;
thumbnails are made anew and hold nothing else.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from tests.http.conftest import People, file_for

SCRIPT = b"<html><body><script>fetch('/v1/disputes')</script></body></html>"


def _picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (200, 30, 30)).save(out, form)
    return out.getvalue()


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Main-Class: Evil\n")
    return out.getvalue()


POLYGLOTS = {
    "a picture that ends in a page": (
        "image/png",
        _picture("PNG") + SCRIPT,
    ),
    "a picture that ends in an archive (GIFAR)": (
        "image/jpeg",
        _picture("JPEG") + _archive(),
    ),
    "a picture with a script in its comment": (
        "image/jpeg",
        _picture("JPEG")[:2] + b"\xff\xfe\x00\x50" + SCRIPT.ljust(78)
        + _picture("JPEG")[2:],
    ),
    "a document that is a page as well": (
        "application/pdf",
        b"%PDF-1.7\n" + SCRIPT + b"\n%%EOF",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", POLYGLOTS)
def test_a_polyglot_comes_back_as_what_it_said_and_runs_nowhere(
    people: People, name: str
) -> None:
    media_type, content = POLYGLOTS[name]
    case = file_for(people)
    sent = people.buyer.upload(case, content, media_type=media_type)
    assert sent.status_code == 201, sent.text
    href = sent.json()["evidence"][0]["href"]
    fetched = people.buyer.get(href)
    assert fetched.content == content
    assert fetched.headers["Content-Type"] == media_type
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert "default-src 'none'" in fetched.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("image/png", SCRIPT),
        ("image/png", b"\xef\xbb\xbf" + SCRIPT),
        ("image/jpeg", _archive()),
        ("application/pdf", SCRIPT + b"%PDF-1.7"),
        ("text/html", SCRIPT),
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("application/zip", _archive()),
    ],
)
def test_what_only_says_that_it_is_a_picture_is_refused(
    people: People, media_type: str, content: bytes
) -> None:
    case = file_for(people)
    refused = people.buyer.upload(case, content, media_type=media_type)
    assert refused.status_code in {415, 422}, refused.text
    assert people.buyer.get(f"/v1/disputes/{case}").json()["evidence"] == []


def test_a_thumbnail_holds_nothing_but_its_picture(people: People) -> None:
    for name in (*POLYGLOTS,)[:3]:
        media_type, content = POLYGLOTS[name]
        case = file_for(people, f"o-{name}"[:40])
        sent = people.buyer.upload(case, content, media_type=media_type)
        small = people.buyer.get(sent.json()["evidence"][0]["href"], width="320")
        assert small.status_code == 200, small.text
        assert b"script" not in small.content
        assert b"MANIFEST" not in small.content
