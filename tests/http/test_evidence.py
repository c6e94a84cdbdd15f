"""Evidence over HTTP: streamed in and out whole, or refused and gone."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from interface.bootstrap import System
from tests.http.conftest import People, file_for

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 5_000


FILE_PART = (
    b"--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n"
    b"Content-Type: text/plain\r\n\r\n"
)


def kept_files(system: System) -> list[str]:
    folder = system.evidence.folder
    return sorted(one.name for one in folder.rglob("*") if one.is_file())


def raw_upload(
    http: TestClient[Any],
    people: People,
    case: str,
    content: bytes,
) -> Any:
    headers = people.buyer.headers | {
        "Idempotency-Key": "k",
        "If-Match": "*",
        "Content-Type": "multipart/form-data; boundary=b",
    }
    path = f"/v1/disputes/{case}/evidence"
    return http.post(path, content=content, headers=headers)


def test_a_file_comes_back_as_it_was_sent(people: People, system: System) -> None:
    case = file_for(people)
    sent = people.buyer.upload(case, PNG, note="The crack.")
    assert sent.status_code == 201, sent.text
    (shown,) = sent.json()["evidence"]
    assert sent.headers["location"] == shown["href"]
    assert (shown["size"], shown["sha256"]) == (len(PNG), sha256(PNG).hexdigest())
    assert (shown["name"], shown["note"]) == ("crack.png", "The crack.")
    fetched = people.mediator.get(shown["href"])
    digest = base64.b64encode(sha256(PNG).digest()).decode()
    assert fetched.content == PNG
    assert fetched.headers["digest"] == f"sha-256={digest}"
    assert fetched.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert fetched.headers["content-type"] == "image/png"
    assert fetched.headers["content-length"] == str(len(PNG))
    assert len(kept_files(system)) == 1


def test_a_file_is_an_attachment_whose_name_ends_no_header(
    http: TestClient[Any], people: People
) -> None:
    case = file_for(people)
    headers = people.buyer.headers | {"Idempotency-Key": "odd", "If-Match": "*"}
    sent = http.post(
        f"/v1/disputes/{case}/evidence",
        files={"file": ("../a b\";x='裂.png", PNG, "image/png")},
        data={"kind": "photo"},
        headers=headers,
    )
    (shown,) = sent.json()["evidence"]
    fetched = people.mediator.get(shown["href"])
    name = quote(shown["name"], safe="")
    assert "裂" in shown["name"]
    assert name.isascii()
    assert not {*name} & {*" \"';/\\"}
    said = f"attachment; filename*=UTF-8''{name}"
    assert fetched.headers["content-disposition"] == said
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in fetched.headers["cache-control"]


def test_a_file_of_many_chunks(people: People) -> None:
    case = file_for(people)
    large = PNG + bytes(5_000_000)
    (shown,) = people.buyer.upload(case, large).json()["evidence"]
    assert people.buyer.get(shown["href"]).content == large


def test_the_same_file_again_counts_once(people: People) -> None:
    case = file_for(people)
    people.buyer.upload(case, PNG)
    again = people.buyer.upload(case, PNG)
    assert again.status_code == 201
    assert len(again.json()["evidence"]) == 1


def test_the_same_upload_again_under_its_key(people: People) -> None:
    case = file_for(people)
    first = people.buyer.upload(case, PNG, key="u-1")
    people.mediator.act(case, "admission", {})
    again = people.buyer.upload(case, PNG, key="u-1")
    assert again.json() == first.json()
    other = people.buyer.upload(case, PNG + b"!", key="u-1")
    assert other.status_code == 422
    assert other.json()["type"] == "urn:redress:problem:key-reused"


def test_a_refused_upload_leaves_no_file_and_takes_none_away(
    people: People, system: System
) -> None:
    case = file_for(people)
    stale = people.buyer.upload(case, PNG, match='"9"')
    assert (stale.status_code, kept_files(system)) == (412, [])
    people.buyer.upload(case, PNG, key="u-1")
    kept = kept_files(system)
    assert people.buyer.upload(case, PNG, match='"1"').status_code == 412
    assert people.buyer.upload(case, PNG + b"!", key="u-1").status_code == 422
    assert kept_files(system) == kept


def test_strangers_fetch_nothing(people: People) -> None:
    case = file_for(people)
    (shown,) = people.buyer.upload(case, PNG).json()["evidence"]
    assert people.named("buyer", "b-2").get(shown["href"]).status_code == 404
    assert people.buyer.get(shown["href"][:-1] + "2").status_code == 404


@pytest.mark.parametrize(
    ("content", "media_type", "fields", "status"),
    [
        (b"MZ", "application/x-msdownload", {}, 415),
        (b"not a png", "image/png", {}, 415),
        (b"", "text/plain", {}, 422),
        (b"x" * 6_000_001, "text/plain", {}, 413),
        (b"text", "text/plain", {"kind": "gossip"}, 422),
        (b"text", "text/plain", {"note": "x" * 1_001}, 422),
        (b"text", "text/plain", {"note": "x" * 30_000}, 413),
        (b"text", "text/plain", {"colour": "red"}, 422),
        (b"text", "text/plain", {"kind": ""}, 422),
        (b"text", "text/plain", {"note": "a\0b"}, 422),
    ],
)
def test_what_is_not_taken_leaves_nothing(
    people: People,
    system: System,
    content: bytes,
    media_type: str,
    fields: dict[str, str],
    status: int,
) -> None:
    case = file_for(people)
    response = people.buyer.upload(case, content, media_type=media_type, **fields)
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    assert people.buyer.get(f"/v1/disputes/{case}").json()["evidence"] == []
    assert kept_files(system) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        FILE_PART + b"half of it",
        b"--b\r\nContent-Disposition: form-data; name=kind\r\n\r\nphoto\r\n--b",
        b"garbage",
    ],
)
def test_an_upload_that_breaks_off_leaves_nothing(
    http: TestClient[Any], people: People, system: System, content: bytes
) -> None:
    case = file_for(people)
    response = raw_upload(http, people, case, content)
    assert response.status_code == 400, response.text
    assert kept_files(system) == []
    assert people.buyer.get(f"/v1/disputes/{case}").json()["version"] == 1


def test_an_upload_without_a_file_or_kind(
    http: TestClient[Any], people: People
) -> None:
    case = file_for(people)
    only_kind = (
        b"--b\r\nContent-Disposition: form-data; name=kind\r\n\r\nphoto\r\n--b--\r\n"
    )
    response = raw_upload(http, people, case, only_kind)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/file"
    response = raw_upload(http, people, case, FILE_PART + b"text\r\n--b--\r\n")
    assert response.json()["errors"][0]["pointer"] == "/kind"


def test_evidence_that_comes_too_late_is_refused_before_it_is_read(
    people: People, system: System
) -> None:
    case = file_for(people)
    people.buyer.act(case, "withdrawal", {})
    response = people.buyer.upload(case, PNG)
    assert response.status_code == 409
    assert response.json()["phase"] == "closed"
    assert kept_files(system) == []


def test_a_body_that_is_no_form(http: TestClient[Any], people: People) -> None:
    case = file_for(people)
    headers = people.buyer.headers | {"Idempotency-Key": "k", "If-Match": "*"}
    path = f"/v1/disputes/{case}/evidence"
    assert http.post(path, json={}, headers=headers).status_code == 415
    assert http.post(path, headers=headers).status_code == 415


def test_a_touched_file_is_never_sent(people: People, system: System) -> None:
    case = file_for(people)
    (shown,) = people.buyer.upload(case, PNG).json()["evidence"]
    (path,) = (one for one in system.evidence.folder.rglob("*") if one.is_file())
    sealed = path.read_bytes()
    # Another byte in any case: what is sealed ends in a random one.
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert people.buyer.get(shown["href"]).status_code == 500


def test_a_folder_that_is_none_is_named_and_nothing_is_recorded(
    people: People, system: System
) -> None:
    case = file_for(people)
    system.evidence.folder.write_text("not a folder")
    response = people.buyer.upload(case, PNG)
    assert (response.status_code, response.json()["type"]) == (
        503,
        "urn:redress:problem:storage-unusable",
    )
    assert people.buyer.get(f"/v1/disputes/{case}").json()["version"] == 1


def test_evidence_is_sealed_on_disk(people: People, system: System) -> None:
    case = file_for(people)
    people.buyer.upload(case, PNG)
    (path,) = (one for one in system.evidence.folder.rglob("*") if one.is_file())
    assert b"pixels" not in path.read_bytes()
