"""Staff who are a party of a case, or were recused from it, read it nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import PNG, CaseStory
from tests.http.conftest import FILING, People, Person, file_for
from tests.http_app import whole_app

CONTACT = FILING["contact"]
CASE_PATHS = sorted(
    route.path_format
    for route in whole_app().routes
    for handler in getattr(route, "route_handlers", ())
    if "{dispute_id" in route.path_format and "GET" in handler.http_methods
    # Pages take no token: `tests/pages/test_case_page.py` asks them by sessions.
    if "page" not in handler.opt
)


@pytest.fixture
def case(people: People, background: Worker, clock: Clock) -> str:
    """A case of the buyer b-1 and the seller s-1, from which m-9 was recused."""
    story = CaseStory(people, background, clock).contested()
    story.act("buyer", "escalation", {"trigger": "no-agreement"})
    assert people.buyer.upload(story.id, PNG).status_code == 201
    recusal = {"mediator": "m-9", "conflict": "A friend of the seller."}
    story.act("supervisor", "recusal", recusal)
    background.catch_up()
    return story.id


BARRED = [
    (role, subject)
    for role in ("mediator", "supervisor")
    for subject in ("b-1", "s-1", "m-9")
]


def paths(case: str) -> Iterator[str]:
    for path in CASE_PATHS:
        yield path.format(dispute_id=case, number=1, version=1)


@pytest.mark.parametrize(("role", "subject"), BARRED)
def test_no_path_shows_them_the_case(
    people: People, case: str, role: str, subject: str
) -> None:
    barred = people.named(role, subject)
    assert len(CASE_PATHS) > 10
    for path in paths(case):
        answer = barred.get(
            path, **({"from": "1", "to": "2"} if "diff" in path else {})
        )
        assert answer.status_code == 403, path
        assert answer.json()["type"].endswith(("conflicted", "not-allowed")), path
        assert CONTACT not in answer.text
    chinese = barred.http.get(
        f"/v1/disputes/{case}", headers=barred.headers | {"Accept-Language": "zh"}
    )
    assert chinese.json()["title"] == "您须回避"


@pytest.mark.parametrize(("role", "subject"), BARRED)
def test_no_list_shows_it_to_them(
    people: People, background: Worker, case: str, role: str, subject: str
) -> None:
    other = file_for(people, "o-2", seller="s-2")
    story = people.named("buyer", "b-3").file(order=FILING["order"] | {"id": "o-3"})
    third = story.json()["id"]
    background.catch_up()
    barred = people.named(role, subject)
    hidden = {
        "b-1": {case, other},
        "s-1": {case, third},
        "m-9": {case},
    }[subject]
    everything = {case, other, third}
    for path in ("/v1/disputes", "/v1/queue"):
        assert ids(barred, path, "id") == everything - hidden
        assert ids(people.named(role, "m-5"), path, "id") == everything
    if role == "supervisor":
        found = ids(barred, "/v1/audit/search", "dispute")
        assert found == everything - hidden
        assert ids(barred, "/v1/audit/search", "dispute", dispute=case) == set()


def ids(person: Person, path: str, field: str, **query: Any) -> set[str]:
    answer = person.get(path, limit=200, **query)
    assert answer.status_code == 200, answer.text
    return {one[field] for one in answer.json()["items"]}


def test_the_next_case_is_none_of_ones_own(people: People, background: Worker) -> None:
    file_for(people, "o-1")
    theirs = file_for(people, "o-2", seller="m-1")
    background.catch_up()
    taken = people.mediator.post("/v1/queue/claim")
    assert taken.status_code == 200
    assert taken.json()["id"] != theirs
    assert people.mediator.post("/v1/queue/claim").status_code == 404
    other = people.named("mediator", "m-2").post("/v1/queue/claim")
    assert other.json()["id"] == theirs


def test_as_a_party_they_read_their_own_case(people: People, case: str) -> None:
    for role, subject in (("buyer", "b-1"), ("seller", "s-1")):
        own = people.named(role, subject).get(f"/v1/disputes/{case}")
        assert own.status_code == 200
