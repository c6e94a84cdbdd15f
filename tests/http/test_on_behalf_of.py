"""The platform's programs act for a side, or for a person of it whom they name."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from litestar.testing import TestClient

from domain.roles import Actor, Party, Role
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.http.case_story import PNG
from tests.http.conftest import FILING, People

FOR_B1 = 'buyer; id="b-1"'
FOR_B2 = 'buyer; id="b-2"'
FOR_S1 = 'seller; id="s-1"'
FOR_S2 = 'seller; id="s-2"'


def act(
    people: People, whom: str, path: str, body: Any = None, **more: Any
) -> httpx.Response:
    return people.platform.post(path, body, On_Behalf_Of=whom, **more)


def read(
    people: People, http: TestClient[Any], whom: str, path: str, **query: Any
) -> httpx.Response:
    headers = people.platform.headers | {"On-Behalf-Of": whom}
    answer: httpx.Response = http.get(path, params=query, headers=headers)
    return answer


def filed(people: People, whom: str = FOR_B1, **changes: Any) -> dict[str, Any]:
    answer = act(people, whom, "/v1/disputes", FILING | changes)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case


def test_both_are_recorded_and_the_named_person_is_the_buyer(
    people: People, system: System
) -> None:
    case = filed(people)
    assert case["buyer"] == "b-1"
    (event, *_) = system.disputes.find(UUID(case["id"])).events
    assert event.actor == Actor(
        role=Role.PLATFORM, id="p-1", on_behalf_of=Party.BUYER, for_id="b-1"
    )
    # The person reads what was done in their name, and auditors read by whom.
    assert people.buyer.get(f"/v1/disputes/{case['id']}").status_code == 200
    path = f"/v1/audit/disputes/{case['id']}"
    (shown, *_) = people.auditor.get(path).json()["facts"]
    assert shown["actor"] == {
        "role": "platform",
        "id": "p-1",
        "on_behalf_of": "buyer",
        "for_id": "b-1",
    }


def test_a_body_that_names_another_buyer_is_refused(people: People) -> None:
    both = act(people, FOR_B1, "/v1/disputes", FILING | {"buyer": "b-2"})
    assert both.status_code == 422
    (fault,) = both.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/buyer", "other-than-named")
    assert filed(people, buyer="b-1")["buyer"] == "b-1"
    # A seller files no case, whoever is named.
    as_seller = act(people, FOR_S1, "/v1/disputes", FILING)
    assert as_seller.status_code == 403


def test_whoever_is_named_acts_in_their_own_case_only(
    people: People, system: System, http: TestClient[Any]
) -> None:
    case = filed(people)
    href = f"/v1/disputes/{case['id']}"
    events = system.disputes.find(UUID(case["id"])).version
    for stranger in (FOR_B2, FOR_S2, 'seller; id="b-1"', 'buyer; id="s-1"'):
        for path, body in (
            ("withdrawal", {"reason": "x"}),
            ("messages", {"text": "Hello."}),
            ("evidence", None),
        ):
            answer = act(people, stranger, f"{href}/{path}", body)
            assert answer.status_code in {400, 403, 404}, answer.text
            assert answer.json()["type"].rpartition(":")[2] != "wrong-phase"
        assert read(people, http, stranger, href).status_code == 404
    # The seller hears of a case when it is admitted, and so does who reads for them.
    assert read(people, http, FOR_S1, href).status_code == 404
    people.mediator.post(f"{href}/admission", {})
    assert read(people, http, FOR_S1, href).status_code == 200
    assert read(people, http, FOR_S2, href).status_code == 404
    assert system.disputes.find(UUID(case["id"])).version > events
    told = act(people, FOR_B2, f"{href}/messages", {"text": "Mine?"})
    nothing = act(people, FOR_B2, f"/v1/disputes/{UUID(int=7)}/messages", {"text": "M"})
    # As for that person themselves: nothing tells that there is a case.
    assert told.status_code == nothing.status_code == 404
    assert told.json()["type"] == nothing.json()["type"]
    assert people.named("buyer", "b-2").get(href).json()["type"] == told.json()["type"]


def test_a_case_is_shown_as_the_person_sees_it(
    people: People, http: TestClient[Any]
) -> None:
    case = filed(people)
    href = f"/v1/disputes/{case['id']}"
    people.mediator.post(f"{href}/admission", {})
    for whom, person in ((FOR_B1, people.buyer), (FOR_S1, people.seller)):
        own = person.get(href)
        theirs = read(people, http, whom, href)
        assert theirs.json() == own.json()
        assert theirs.headers["ETag"] == own.headers["ETag"]
    staff = people.platform.get(href).json()
    assert staff.keys() > people.seller.get(href).json().keys()
    # What a command answers is no more than that either.
    said = act(people, FOR_S1, f"{href}/messages", {"text": "We are looking at it."})
    assert said.status_code in {200, 201}, said.text
    assert said.json().keys() == people.seller.get(href).json().keys()


def test_lists_notices_and_standing_are_those_of_the_person(
    people: People, http: TestClient[Any], background: Worker
) -> None:
    mine = filed(people)
    other = filed(people, FOR_B2, order=FILING["order"] | {"id": "o-2"})
    people.mediator.post(f"/v1/disputes/{mine['id']}/admission", {})
    background.catch_up()

    def listed(whom: str, **query: Any) -> list[str]:
        answer = read(people, http, whom, "/v1/disputes", **query)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    assert listed(FOR_B1) == [mine["id"]]
    assert listed(FOR_B2) == [other["id"]]
    assert listed(FOR_S1) == [mine["id"]]
    assert listed(FOR_S2) == []
    assert set(listed("buyer")) == {mine["id"], other["id"]}
    asked = read(people, http, FOR_B1, "/v1/disputes", buyer="b-2")
    assert asked.status_code == 400
    own = people.seller.get("/v1/notices")
    theirs = read(people, http, FOR_S1, "/v1/notices")
    assert theirs.json() == own.json()
    assert read(people, http, "seller", "/v1/notices").status_code == 403
    path = "/v1/sellers/s-1/standing"
    assert read(people, http, FOR_S1, path).status_code == 200
    assert read(people, http, FOR_S2, path).status_code == 403
    # What the platform may ask, who is named may not.
    report = "/v1/transparency/reports/2026"
    assert people.platform.get(report).status_code == 200
    assert read(people, http, FOR_B1, report).status_code == 403


def test_files_and_their_links_are_those_of_the_person(
    people: People, http: TestClient[Any]
) -> None:
    case = filed(people)
    href = f"/v1/disputes/{case['id']}"
    people.mediator.post(f"{href}/admission", {})
    headers = people.platform.headers | {
        "On-Behalf-Of": FOR_B1,
        "Idempotency-Key": "e",
        "If-Match": "*",
    }
    given = http.post(
        f"{href}/messages/files",
        files={"file": ("slip.png", PNG, "image/png")},
        data={"text": "Here is the slip."},
        headers=headers,
    )
    assert given.status_code in {200, 201}, given.text
    file = f"{href}/messages/1/attachment"
    assert read(people, http, FOR_B1, file).content == PNG
    assert read(people, http, FOR_B2, file).status_code == 404
    link = read(people, http, FOR_B1, f"{file}/link")
    assert http.get(link.json()["href"]).content == PNG
    # The seller reads of the program, and of the person, what was given in their name.
    answer = read(people, http, FOR_S1, f"{file}/link")
    assert http.get(answer.json()["href"]).content == PNG


def test_one_key_is_one_request_whoever_is_named(people: People) -> None:
    first = act(people, FOR_B1, "/v1/disputes", FILING, key="k")
    again = act(people, FOR_B1, "/v1/disputes", FILING, key="k")
    other = act(people, FOR_B2, "/v1/disputes", FILING, key="k")
    assert first.json()["id"] == again.json()["id"]
    assert other.json()["type"].endswith("key-reused")
    # The person's own keys are not the program's.
    own = people.buyer.file(order=FILING["order"] | {"id": "o-9"})
    assert own.status_code == 201


def test_what_was_done_for_a_person_is_theirs_to_prove(
    people: People, http: TestClient[Any]
) -> None:
    case = filed(people)
    path = f"/v1/disputes/{case['id']}/receipts"
    for answer in (people.buyer.get(path), read(people, http, FOR_B1, path)):
        assert answer.status_code == 200, answer.text
        assert [one["version"] for one in answer.json()["items"]] == [1]


@pytest.mark.parametrize(
    ("sent", "id_"),
    [
        ('buyer;id="b-1"', "b-1"),
        ('buyer;   id="b-1"', "b-1"),
        (r'buyer; id="a\"b\\c"', 'a"b\\c'),
        (f'buyer; id=%"{quote("买家1", safe="").lower()}"', "买家1"),
        ('buyer; id=" b-1 "', "b-1"),
    ],
)
def test_a_person_is_named_as_structured_fields_name(
    people: People, sent: str, id_: str
) -> None:
    assert filed(people, sent)["buyer"] == id_


@pytest.mark.parametrize(
    "sent",
    [
        "Buyer",
        "platform",
        'mediator; id="m-1"',
        'both; id="b-1"',
        "buyer; id=b-1",
        "buyer; id=",
        'buyer; id=""',
        'buyer; id=" "',
        'buyer ; id="b-1"',
        'buyer; id="b-1"; id="b-2"',
        'buyer; name="b-1"',
        'buyer; id="b-1", seller',
        'buyer; id="b-1',
        r'buyer; id="b\-1"',
        'buyer; id=%"%ff"',
        'buyer; id=%"%E4"',
        'buyer; id=%"%00"',
        'buyer; id=%"a%e2%80%8bb"',
        f'buyer; id="{"x" * 129}"',
    ],
)
def test_what_names_nobody_is_malformed(people: People, sent: str) -> None:
    answer = act(people, sent, "/v1/disputes", FILING)
    assert answer.status_code == 400, answer.text
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/On-Behalf-Of", "not-on-behalf")


def test_only_the_platforms_programs_name_anybody(people: People) -> None:
    for person in (people.buyer, people.mediator, people.supervisor, people.seller):
        answer = person.post("/v1/disputes", FILING, On_Behalf_Of=FOR_B1)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["code"] == "not-on-behalf"


def test_a_program_that_names_no_side_is_told_to_name_it(people: People) -> None:
    refused = people.platform.file(buyer="b-1")
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/buyer", "name-the-side")
    assert "On-Behalf-Of" in fault["detail"]
