"""A request's id and its place in a trace are kept with the events that it leads to."""

from __future__ import annotations

from uuid import uuid4

import msgspec
import pytest

from interface.request_id import recordable, traceparent
from interface.run.worker import Worker
from tests.http.conftest import FILING, People

UUID = "8C5F0A4E-5c0b-4f0c-9d52-0d6d0f7f6f11"
MADE = "6a2f9c0be1d84d0d9f5f3c1c2e7b8a90"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_an_event_keeps_the_id_of_its_request_and_its_trace(
    people: People, background: Worker
) -> None:
    filed = people.buyer.post(
        "/v1/disputes", FILING, X_Request_Id=MADE, traceparent=TRACE
    )
    case = filed.json()["id"]
    background.catch_up()
    history = people.auditor.get(f"/v1/audit/disputes/{case}").json()
    assert [fact["request"] for fact in history["facts"]] == [MADE]
    lines = people.auditor.get(f"/v1/audit/disputes/{case}/replay").text.splitlines()
    first = msgspec.json.decode(lines[0])
    assert (first["request"], first["trace"]) == (MADE, TRACE)
    found = people.auditor.get("/v1/audit/search", request_id=MADE).json()["items"]
    assert [one["dispute"] for one in found] == [case]
    other = people.auditor.get("/v1/audit/search", request_id=uuid4().hex)
    assert other.json()["items"] == []


def test_an_id_that_a_person_chose_stays_out_of_the_record(
    people: People,
) -> None:
    filed = people.buyer.post("/v1/disputes", FILING, X_Request_Id="zhang-wei-138")
    assert filed.headers["X-Request-Id"] == "zhang-wei-138"
    replay = people.auditor.get(f"/v1/audit/disputes/{filed.json()['id']}/replay")
    assert msgspec.json.decode(replay.text.splitlines()[0])["request"] is None
    assert "zhang-wei" not in replay.text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (MADE, MADE),
        (
            "8C5F0A4E-5c0b-4f0c-9d52-0d6d0f7f6f11",
            "8C5F0A4E-5c0b-4f0c-9d52-0d6d0f7f6f11",
        ),
        ("310101199001011234", None),
        (MADE + "0", None),
        ("", None),
        (None, None),
    ],
)
def test_only_what_a_program_makes_is_recorded(
    sent: str | None, kept: str | None
) -> None:
    assert recordable(sent) == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ([TRACE], TRACE),
        ([], None),
        ([TRACE, TRACE], None),
        ([TRACE.upper()], None),
        (["01" + TRACE[2:]], None),
        ([TRACE + "-more"], None),
        (["00-" + "0" * 32 + "-00f067aa0ba902b7-01"], None),
        (["00-4bf92f3577b34da6a3ce929d0e0e4736-" + "0" * 16 + "-01"], None),
    ],
)
def test_a_bad_traceparent_is_passed_over(sent: list[str], kept: str | None) -> None:
    assert traceparent(sent) == kept
