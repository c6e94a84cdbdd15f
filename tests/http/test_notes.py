"""Internal notes: sealed, in history and replay, never shown to the parties."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.roles import Role
from interface.bootstrap import System
from tests.conftest import Clock, ManualWorker
from tests.http.conftest import People, file_for

NOTE = "The carrier lost a whole pallet that day."
INSIDERS = {Role.MEDIATOR, Role.SUPERVISOR, Role.AUDITOR, Role.REGULATOR, Role.PLATFORM}


@pytest.fixture
def noted(people: People) -> str:
    case = file_for(people)
    people.mediator.act(case, "notes", {"text": NOTE})
    return case


def test_staff_and_auditors_read_a_note_and_the_parties_never(
    people: People, noted: str
) -> None:
    for role in Role:
        if role is Role.CLOCK:
            continue
        answer = getattr(people, role).get(f"/v1/disputes/{noted}")
        shown = NOTE in answer.text
        assert shown is (role in INSIDERS), role
        if shown:
            (note,) = answer.json()["notes"]
            assert (note["by"], note["text"]) == ("m-1", NOTE)
        else:
            assert "notes" not in answer.json()
    for party in (people.buyer, people.seller):
        assert NOTE not in party.get("/v1/notices").text


def test_history_and_replay_hold_it_and_a_search_finds_it_by_author_and_time(
    people: People, noted: str, background: ManualWorker, clock: Clock
) -> None:
    background.catch_up()
    for path in ("", "/replay"):
        assert NOTE in people.auditor.get(f"/v1/audit/disputes/{noted}{path}").text
    clock.forward(hours=1)
    people.supervisor.act(noted, "notes", {"text": "Seen."})
    background.catch_up()

    def found(**query: Any) -> list[tuple[str, int]]:
        answer = people.auditor.get("/v1/audit/search", type="note-added", **query)
        items = answer.json()["items"]
        return [(one["actor"]["id"], one["version"]) for one in items]

    assert found() == [("m-1", 2), ("v-1", 3)]
    assert found(actor="v-1") == [("v-1", 3)]
    later = clock().isoformat()
    assert found(since=later) == [("v-1", 3)]
    assert found(until=later) == [("m-1", 2)]


def test_the_record_keeps_it_sealed(system: System, noted: str) -> None:
    with system.database.get_connection() as connection:
        rows = connection.execute("SELECT state FROM events").fetchall()
    assert all(NOTE.encode() not in row["state"] for row in rows)
    kinds = [json.loads(bytes(row["state"]))["event"]["type"] for row in rows]
    assert kinds == ["rules-adopted", "filed", "note-added"]
    assert noted


@pytest.mark.parametrize("role", ["buyer", "seller", "auditor", "platform", "analyst"])
def test_only_staff_add_notes(people: People, noted: str, role: str) -> None:
    people.mediator.act(noted, "admission", {})
    answer = getattr(people, role).post(f"/v1/disputes/{noted}/notes", {"text": "Me!"})
    # To an analyst there is no such case.
    assert answer.status_code == (404 if role == "analyst" else 403)


def test_a_closed_case_takes_a_note_and_stays_closed(
    people: People, noted: str
) -> None:
    people.buyer.act(noted, "withdrawal", {})
    after = people.mediator.act(noted, "notes", {"text": "The buyer called again."})
    assert after["phase"] == "closed"
    assert [note["text"] for note in after["notes"]] == [
        NOTE,
        "The buyer called again.",
    ]


def test_a_blank_note_is_refused_at_its_field(people: People, noted: str) -> None:
    answer = people.mediator.post(f"/v1/disputes/{noted}/notes", {"text": " "})
    assert answer.status_code == 400
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/text"]
