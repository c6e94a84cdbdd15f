"""Who read what, and for what purpose: complete, and found again."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.privacy.readers import entries

READS = {
    "case": "/v1/disputes/{}",
    "cases": "/v1/disputes",
    "deadlines": "/v1/disputes/{}/deadlines",
    "evidence": "/v1/disputes/{}/evidence/1",
    "history": "/v1/audit/disputes/{}",
    "replay": "/v1/audit/disputes/{}/replay",
    "search": "/v1/audit/search",
    "report": "/v1/transparency/reports/2026",
    "standing": "/v1/sellers/s-1/standing",
    "access-log": "/v1/audit/access-log",
    "erasures": "/v1/erasures",
    "grants": "/v1/audit/grants",
}


@pytest.mark.parametrize("role", ["auditor", "regulator"])
def test_every_read_is_in_the_log(people: People, story: CaseStory, role: str) -> None:
    reader = people.named(role, "x-9")
    for what, path in READS.items():
        response = reader.get(path.format(story.id))
        assert response.status_code == 200, (path, response.text)
        last = entries(people, reader="x-9", limit=1)[0]
        assert (last["event"]["what"], last["role"]) == (what, role)
        assert last["event"]["purpose"] == "Audit 2026-Q1"
        assert last["event"]["path"] == path.format(story.id)
        one_case = UUID(story.id) if "{}" in path else None
        assert last["event"].get("case") == (str(one_case) if one_case else None)
    found = entries(people, dispute=story.id, reader="x-9")
    assert [one["event"]["what"] for one in found] == [
        what for what in reversed(READS) if "{}" in READS[what]
    ]


def test_the_range_that_was_asked_for_is_in_it(
    people: People, story: CaseStory
) -> None:
    people.auditor.get(f"/v1/audit/disputes/{story.id}", as_of="2")
    assert entries(people, what="history")[0]["event"]["path"].endswith("?as_of=2")


@pytest.mark.parametrize("path", READS.values())
def test_without_a_purpose_nothing_is_read(
    people: People, story: CaseStory, path: str
) -> None:
    reader = people.named("auditor", "x-9")
    for purpose in (None, "", "  ", "x" * 201):
        reader.headers.pop("Purpose", None)
        if purpose is not None:
            reader.headers["Purpose"] = purpose
        response = reader.get(path.format(story.id))
        assert response.status_code == 400
        assert response.json()["type"] == "urn:redress:problem:purpose-missing"
        assert "Purpose" in response.json()["detail"]
    assert entries(people, reader="x-9") == []


def test_a_purpose_may_be_chinese(people: People, story: CaseStory) -> None:
    reader = people.named("auditor", "x-9")
    for sent in ("例行检查".encode(), b"%E4%BE%8B%E8%A1%8C"):
        headers = {
            name.encode(): text.encode() for name, text in reader.headers.items()
        }
        headers[b"Purpose"] = sent
        response = reader.http.get(f"/v1/disputes/{story.id}", headers=headers)
        assert response.status_code == 200
    found = entries(people, reader="x-9")
    assert [one["event"]["purpose"] for one in found] == ["例行", "例行检查"]


def test_nobody_else_needs_one_and_what_is_not_seen_is_not_logged(
    people: People, story: CaseStory
) -> None:
    for person in (people.buyer, people.mediator, people.supervisor):
        assert person.get(f"/v1/disputes/{story.id}").status_code == 200
    stranger = people.named("auditor", "x-9", platform="other")
    assert stranger.get(f"/v1/audit/disputes/{story.id}").status_code == 404
    assert entries(people, reader="x-9") == []
    assert people.mediator.get("/v1/audit/access-log").status_code == 403
    assert people.supervisor.get("/v1/audit/access-log").status_code == 200
    assert entries(people, role="supervisor")[0]["event"]["purpose"] == "oversight"


def test_a_filter_for_what_there_cannot_be_is_refused(people: People) -> None:
    for query in ({"what": "zzz"}, {"role": "king"}):
        answer = people.regulator.get("/v1/audit/access-log", **query)
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["pointer"] == f"/{next(iter(query))}"


def test_a_supervisor_may_say_why(people: People) -> None:
    supervisor = people.supervisor
    supervisor.get("/v1/audit/access-log")
    supervisor.headers["Purpose"] = "Complaint 7"
    supervisor.get("/v1/audit/access-log")
    said = [one["event"]["purpose"] for one in entries(people, role="supervisor")]
    assert said == ["Complaint 7", "oversight"]


def test_pages_of_it_hold_everything_once(people: People, story: CaseStory) -> None:
    for _ in range(7):
        people.auditor.get(f"/v1/disputes/{story.id}")
    numbers, cursor = [], None
    while True:
        query = {"limit": 3, "what": "case"} | ({"cursor": cursor} if cursor else {})
        answer = people.supervisor.get("/v1/audit/access-log", **query).json()
        numbers += [one["number"] for one in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert len(numbers) == len(set(numbers)) == 7
