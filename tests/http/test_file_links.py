"""Links that show one file without a token for five minutes, and thumbnails."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient
from PIL import Image

from application.access.revocations import revoke_subject
from interface.bootstrap import System
from tests.conftest import Clock
from tests.http.conftest import People, Person, file_for
from tests.http.pictures import ORIENTATION, PLACE, bomb, picture


def link(who: Person, case: str, number: int = 1, **query: Any) -> str:
    answer = who.get(f"/v1/disputes/{case}/evidence/{number}/link", **query)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["href"])


def image(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    return Image.open(BytesIO(answer.content))


@pytest.fixture
def case(people: People) -> str:
    filed = file_for(people)
    people.mediator.act(filed, "admission", {})
    taken = people.buyer.upload(filed, picture(), media_type="image/jpeg")
    assert taken.status_code == 201, taken.text
    return filed


def test_a_link_shows_the_file_without_a_token(
    http: TestClient[Any], people: People, case: str, clock: Clock
) -> None:
    answer = people.seller.get(f"/v1/disputes/{case}/evidence/1/link")
    assert answer.json()["expires_at"] == f"{clock.now:%Y-%m-%dT%H:%M:%SZ}".replace(
        f"{clock.now:%M}:", f"{clock.now.minute + 5:02}:"
    )
    assert answer.headers["Cache-Control"] == "no-store"
    read = http.get(answer.json()["href"])
    assert (read.status_code, read.content) == (200, picture())
    assert read.headers["Cache-Control"] == "private, no-store"
    digest = base64.b64encode(hashlib.sha256(picture()).digest()).decode()
    assert read.headers["Repr-Digest"] == f"sha-256=:{digest}:"


def test_a_link_is_over_after_five_minutes(
    http: TestClient[Any], people: People, case: str, clock: Clock
) -> None:
    href = link(people.buyer, case)
    clock.forward(seconds=299)
    assert http.get(href).status_code == 200
    clock.forward(seconds=1)
    over = http.get(href)
    assert (over.status_code, over.json()["type"]) == (
        404,
        "urn:redress:problem:link-over",
    )


def test_no_link_can_be_changed_into_another(
    http: TestClient[Any], people: People, case: str
) -> None:
    href = link(people.buyer, case)
    place, _, sealed = href.rpartition("/")
    raw = bytearray(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)))
    for at in range(len(raw)):
        changed = bytes(raw[:at]) + bytes([raw[at] ^ 1]) + bytes(raw[at + 1 :])
        forged = base64.urlsafe_b64encode(changed).decode().rstrip("=")
        assert http.get(f"{place}/{forged}").status_code == 404
    for odd in ("", "x", "A" * 12, "A" * 5_000, sealed[:-4], sealed + "AAAA", "%00"):
        assert http.get(f"{place}/{odd}").status_code == 404
    assert "b-1" not in base64.urlsafe_b64decode(sealed + "==").decode("latin-1")


def test_a_link_needs_the_right_to_read_the_file(people: People, case: str) -> None:
    stranger = people.named("buyer", "b-9")
    path = f"/v1/disputes/{case}/evidence"
    assert stranger.get(f"{path}/1/link").status_code == 404
    assert people.buyer.get(f"{path}/2/link").status_code == 404
    people.buyer.upload(case, picture("PNG"), draft="true")
    assert people.seller.get(f"{path}/2/link").status_code == 404
    assert people.buyer.get(f"{path}/2/link").status_code == 200


def test_who_is_recused_reads_through_no_link(
    http: TestClient[Any], people: People, case: str
) -> None:
    href = link(people.mediator, case)
    assert http.get(href).status_code == 200
    recused = {"conflict": "kinship"}
    answer = people.mediator.post(f"/v1/disputes/{case}/recusal", recused)
    assert answer.status_code in {200, 204}, answer.text
    assert http.get(href).status_code == 403


def test_who_is_revoked_reads_through_no_link(
    http: TestClient[Any], people: People, case: str, system: System
) -> None:
    href = link(people.seller, case)
    # The list leaves out what is older, by the real time, than a token can become.
    now = datetime.now(UTC)
    with system.database.get_connection() as connection:
        revoke_subject(connection, "shop", "s-1", "stolen", "op", now)
    system.revoked.look()
    assert http.get(href).status_code == 404


def test_what_an_auditor_reads_through_a_link_is_recorded(
    http: TestClient[Any], people: People, case: str
) -> None:
    href = link(people.auditor, case)
    assert http.get(href).status_code == 200
    log = people.supervisor.get("/v1/audit/access-log", reader="a-1").json()["items"]
    read, asked = (one["event"] for one in log)
    path = f"/v1/disputes/{case}/evidence/1"
    assert (asked["what"], asked["path"]) == ("evidence", f"{path}/link")
    assert (read["what"], read["path"]) == ("evidence", f"{path}?link")
    assert read["purpose"] == "Audit 2026-Q1"
    assert href.rpartition("/")[2] not in str(log)


def test_a_thumbnail_is_small_upright_and_bare(
    http: TestClient[Any], people: People, case: str
) -> None:
    turned = picture(turned=True)
    people.buyer.upload(case, turned, media_type="image/jpeg")
    small = image(http.get(link(people.seller, case, 2, width=320)))
    # 800 x 600, held upright: 600 x 800.
    assert small.size == (320, 427)
    assert small.format == "JPEG"
    assert not small.getexif()
    assert "at home" in str(Image.open(BytesIO(turned)).getexif().get(PLACE))
    assert Image.open(BytesIO(turned)).getexif().get(ORIENTATION) == 6
    # Turned by a right angle, its left half is above.
    above, below = small.getpixel((160, 20)), small.getpixel((160, 400))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert above[0] > above[2] + 150
    assert below[2] > below[0] + 150


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "JPEG"])
def test_each_kind_of_picture_has_a_thumbnail(
    people: People, case: str, form: str
) -> None:
    kind = f"image/{form.lower()}"
    people.buyer.upload(case, picture(form, (400, 100)), media_type=kind)
    path = f"/v1/disputes/{case}/evidence/2"
    small = people.seller.get(path, width=100)
    assert image(small).size == (100, 25)
    assert small.headers["Content-Type"] == "image/jpeg"
    assert small.headers["Content-Disposition"] == "inline"
    # Smaller than asked for already: not blown up.
    assert image(people.seller.get(path, width=1024)).size == (400, 100)


def test_a_thumbnail_is_not_sent_again(people: People, case: str) -> None:
    path = f"/v1/disputes/{case}/evidence/1"
    known = people.seller.get(path, width=100).headers["ETag"]
    headers = people.seller.headers | {"If-None-Match": known}
    http = people.seller.http
    assert http.get(f"{path}?width=100", headers=headers).status_code == 304
    assert http.get(f"{path}?width=101", headers=headers).status_code == 200
    assert http.get(path, headers=headers).status_code == 200


def test_nothing_of_a_thumbnail_lies_on_the_disk(
    people: People, case: str, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    small = people.seller.get(f"/v1/disputes/{case}/evidence/1", width=100).content
    files = sorted(tmp_path.rglob("*"))
    assert files == before
    assert not any(small[:64] in f.read_bytes() for f in files if f.is_file())


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (bomb(100_000, 100_000), 422, "picture-too-large"),
        (bomb(2_000, 2_000), 422, "no-picture"),
        (b"\x89PNG\r\n\x1a\n no picture", 422, "no-picture"),
        (picture("PNG")[:-40], 422, "no-picture"),
    ],
)
def test_a_forged_picture_costs_nothing(
    people: People, case: str, content: bytes, status: int, code: str
) -> None:
    people.buyer.upload(case, content)
    answer = people.seller.get(f"/v1/disputes/{case}/evidence/2", width=100)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (
        status,
        code,
    )
    whole = people.seller.get(f"/v1/disputes/{case}/evidence/2")
    assert whole.content == content


def test_what_is_no_picture_has_no_thumbnail(people: People, case: str) -> None:
    people.buyer.upload(case, b"%PDF-1.7 x", media_type="application/pdf")
    path = f"/v1/disputes/{case}/evidence/2"
    for asked in (path, f"{path}/link"):
        answer = people.seller.get(asked, width=100)
        assert answer.status_code == 415
    assert people.seller.get(f"{path}/link").status_code == 200


@pytest.mark.parametrize("width", ["0", "-1", "15", "1025", "x", "9" * 20])
def test_a_width_has_bounds(people: People, case: str, width: str) -> None:
    path = f"/v1/disputes/{case}/evidence/1"
    for asked in (path, f"{path}/link"):
        answer = people.seller.get(asked, width=width)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["pointer"] == "/width"


def test_the_file_of_a_message_has_a_link_too(
    http: TestClient[Any], people: People, case: str
) -> None:
    sent = people.buyer.http.post(
        f"/v1/disputes/{case}/messages/files",
        files={"file": ("slip.png", picture("PNG", (64, 64)), "image/png")},
        data={"text": "The slip."},
        headers=people.buyer.headers | {"Idempotency-Key": "m-1", "If-Match": "*"},
    )
    assert sent.status_code == 201, sent.text
    path = f"/v1/disputes/{case}/messages/1/attachment"
    href = people.seller.get(f"{path}/link", width=32).json()["href"]
    assert image(http.get(href)).size == (32, 32)
    assert image(people.seller.get(path, width=16)).size == (16, 16)
    assert people.named("seller", "s-9").get(f"{path}/link").status_code == 404
