"""Values of a body are of the types that are documented; nothing converts them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.conftest import FILING, People, file_for

JSON = "application/json"


@pytest.mark.parametrize("value", [0, 1.5, True, "0"])
def test_a_number_is_no_time(people: People, value: Any) -> None:
    body = FILING | {"order": FILING["order"] | {"promised_at": value}}
    for path in ("/v1/disputes", "/v1/disputes/eligibility"):
        answer = people.buyer.post(path, body)
        assert answer.status_code == 400, answer.text
        assert [one["pointer"] for one in answer.json()["errors"]] == [
            "/order/promised_at"
        ]


def test_a_text_is_no_truth_value(people: People) -> None:
    asked = {"subject": "b-1", "role": "buyer", "basis": "x", "restrict": "true"}
    answer = people.supervisor.post("/v1/erasures", asked)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/restrict"
    assert answer.json()["errors"][0]["code"] == "wrong-type"


def test_a_whole_number_may_have_a_point(people: People) -> None:
    case = file_for(people)
    body = b'{"note": "It is so.", "obligation": 25.0}'
    for number, code in ((b"25.0", "wrong-phase"), (b"25.5", "malformed")):
        answer = people.buyer.http.post(
            f"/v1/disputes/{case}/fulfilments",
            content=body.replace(b"25.0", number).replace(b"note", b"statement"),
            headers=people.buyer.headers
            | {"If-Match": "*", "Idempotency-Key": code, "Content-Type": JSON},
        )
        assert answer.json()["type"].endswith(code), answer.text


def test_an_unknown_field_without_a_name(people: People) -> None:
    answer = people.buyer.post("/v1/disputes", FILING | {"": 1})
    assert answer.json()["errors"][0]["code"] == "unknown-field"


@pytest.mark.parametrize("path", ["/v1/erasures", "/v1/audit/grants", "/v1/disputes"])
def test_options_names_every_method_of_a_path(people: People, path: str) -> None:
    headers = people.supervisor.headers
    answer = people.buyer.http.options(path, headers=headers)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
