"""A body is told all that is wrong with it at once, in words of people."""

from __future__ import annotations

from typing import Any

import pytest

from interface.api.body_faults import body_faults
from interface.api.commands.filing import FilingBody
from interface.api.commands.ruling import RulingBody
from tests.http.conftest import FILING, People, file_for

NEEDED = {
    "/seller",
    "/order",
    "/category",
    "/reason",
    "/claim",
    "/facts",
    "/contact",
    "/evidence_note",
}
LIBRARY = ("Expected", "`", "$", "codec", "Invalid", "malformed:")


def faults(people: People, body: Any, language: str = "en") -> dict[str, str]:
    answer = people.buyer.post("/v1/disputes", body, Accept_Language=language)
    assert answer.status_code == 400, answer.text
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


def test_every_missing_field_is_named_at_once(people: People) -> None:
    assert faults(people, {}) == dict.fromkeys(NEEDED, "required")


def test_missing_unknown_and_wrong_ones_are_named_together(people: People) -> None:
    body = {
        "seller": 5,
        "order": {"id": "", "paid": {"amount": "1.00"}, "colour": "red"},
        "claim": {"kind": "refund", "freight": "nobody"},
        "category": "quality",
        "reason": "defect",
        "facts": "It leaks.",
        "contact": "x",
        "channel": "order-page",
        "a/b": 1,
    }
    assert faults(people, body) == {
        "/seller": "wrong-type",
        "/order/id": "blank",
        "/order/line": "required",
        "/order/paid/currency": "required",
        "/order/colour": "unknown-field",
        "/claim/freight": "not-one-of",
        "/evidence_note": "required",
        "/a~1b": "unknown-field",
    }


def test_each_item_of_a_list_is_looked_at() -> None:
    body = {
        "liability": "seller",
        "remedies": [{}, {"kind": "refund", "amount": {"amount": 5}}],
        "reasons": [{"issue": "x", "relied_on": [1, "2", 0]}],
        "automation": "none",
    }
    found = {(one.pointer, one.code) for one in body_faults(body, RulingBody)}
    assert found == {
        ("/remedies/0/kind", "required"),
        ("/remedies/1/amount/amount", "wrong-type"),
        ("/remedies/1/amount/currency", "required"),
        ("/reasons/0/finding", "required"),
        ("/reasons/0/rule", "required"),
        ("/reasons/0/relied_on/1", "wrong-type"),
        ("/reasons/0/relied_on/2", "too-small"),
    }
    too_many = body | {"remedies": [{"kind": "refund"}] * 11, "reasons": []}
    (one,) = body_faults(too_many, RulingBody)
    assert (one.pointer, one.code) == ("/remedies", "too-long")


@pytest.mark.parametrize("body", [[], "x", 5, True])
def test_what_is_no_object_is_said_once(body: Any) -> None:
    (one,) = body_faults(body, FilingBody)
    assert (one.pointer, one.code) == ("", "wrong-type")


def test_what_is_right_has_no_fault() -> None:
    assert body_faults(FILING, FilingBody) == ()


def test_a_code_that_is_none_is_told_those_that_are(people: People) -> None:
    claim = {"kind": "refund", "freight": "nobody"}
    answer = people.buyer.post("/v1/disputes", FILING | {"claim": claim})
    (one,) = answer.json()["errors"]
    assert one["detail"].endswith("buyer, seller")


def test_both_parts_of_an_upload_are_named(people: People) -> None:
    case = file_for(people)
    headers = people.buyer.headers | {"Idempotency-Key": "k", "If-Match": "*"}
    answer = people.buyer.http.post(
        f"/v1/disputes/{case}/evidence",
        files={"note": (None, "x")},
        headers=headers,
    )
    assert {one["pointer"] for one in answer.json()["errors"]} == {"/file", "/kind"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'\xef\xbb\xbf{"text": "x"}', "byte-order-mark"),
        (b'{"text": "x"', "not-json"),
        (b'{"text": x}', "not-json"),
        (b'{"text": "x"} {}', "not-json"),
        (b"{'text': 'x'}", "not-json"),
        (b'{"text": "\xff"}', "not-utf-8"),
        (b'{"text": 5}', "wrong-type"),
        (b'{"text": "x", "y": 1}', "unknown-field"),
        (b"[1]", "wrong-type"),
        (b"", "no-body"),
    ],
)
def test_no_word_of_a_library_reaches_a_client(
    people: People, body: bytes, code: str, language: str
) -> None:
    case = file_for(people)
    answer = people.buyer.http.post(
        f"/v1/disputes/{case}/messages",
        content=body,
        headers=people.buyer.headers
        | {
            "If-Match": "*",
            "Idempotency-Key": "k-1",
            "Content-Type": "application/json",
            "Accept-Language": language,
        },
    )
    assert answer.status_code == 400
    (one,) = answer.json()["errors"]
    assert one["code"] == code
    assert not any(word in answer.text for word in LIBRARY), answer.text
    if language == "zh":
        assert any("\u4e00" <= char <= "\u9fff" for char in one["detail"])


FORM = (
    b"--b\r\nContent-Disposition: form-data; name=kind\r\n\r\nphoto\r\n"
    b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
    b"Content-Type: %s\r\n\r\n%s\r\n--b--\r\n"
)
PNG = b"\x89PNG\r\n\x1a\n picture"
JPEG = b"\xff\xd8\xff picture"


def sent(people: People, form: bytes) -> Any:
    case = file_for(people)
    return people.buyer.http.post(
        f"/v1/disputes/{case}/evidence",
        content=form,
        headers=people.buyer.headers
        | {
            "If-Match": "*",
            "Idempotency-Key": "k-1",
            "Content-Type": "multipart/form-data; boundary=b",
        },
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_a_files_name_is_read_as_it_was_written(people: People, encoding: str) -> None:
    name = "裂痕照片.png"
    answer = sent(people, FORM % (b"file", name.encode(encoding), b"image/png", PNG))
    assert answer.status_code == 201, answer.text
    assert answer.json()["evidence"][0]["name"] == name


def test_a_name_in_no_encoding_is_said_in_words(people: People) -> None:
    answer = sent(people, FORM % (b"file", b"a\xff\xfe.png", b"image/png", PNG))
    assert answer.status_code == 422
    (one,) = answer.json()["errors"]
    assert (one["pointer"], one["code"]) == ("/file", "name-not-text")
    assert "codec" not in answer.text


@pytest.mark.parametrize(
    ("said", "content", "kept"),
    [
        (b"image/jpg", JPEG, "image/jpeg"),
        (b"image/pjpeg", JPEG, "image/jpeg"),
        (b"IMAGE/PNG", PNG, "image/png"),
    ],
)
def test_a_type_is_taken_by_its_common_names(
    people: People, said: bytes, content: bytes, kept: str
) -> None:
    answer = sent(people, FORM % (b"file", b"a", said, content))
    assert answer.status_code == 201, answer.text
    assert answer.json()["evidence"][0]["media_type"] == kept


def test_a_part_that_is_none_is_named_safely(people: People) -> None:
    answer = sent(people, FORM % (b"f\xe9", b"a", b"image/png", PNG))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "unknown-field"


def test_what_a_command_lacks_is_named_at_once(people: People) -> None:
    case = file_for(people)
    answer = people.mediator.post(f"/v1/disputes/{case}/ruling", {})
    found = {one["pointer"] for one in answer.json()["errors"]}
    assert found >= {"/liability", "/remedies", "/reasons"}
