"""A pseudonym is of one platform: the same one elsewhere learns nothing of a case here.

Every route is asked by the same people of another platform, before anything happened on
the first one and after, and has to give the same answer.
"""

from __future__ import annotations

from uuid import uuid4

import pytest

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.http.conftest import People, file_for
from tests.http.two_platforms import (
    ASKED,
    ELSEWHERE,
    HERE,
    PLACES,
    WORDS,
    answers,
    happen,
    order,
    someone,
)


def test_nobody_elsewhere_learns_anything_of_a_platform(
    people: People, system: System, background: Worker
) -> None:
    own = someone(people, "buyer", ELSEWHERE).file(order=order("o-9"))
    assert own.status_code == 201
    background.catch_up()
    names = ("dispute_id", "erasure_id", "webhook_id", "delivery_id")
    nothing = {name: str(uuid4()) for name in names}
    before = answers(people, PLACES | nothing)
    known = happen(people, system, background)
    after = answers(people, PLACES | known)
    assert len(ASKED) > 20
    assert sum(status == 200 for status, _ in after.values()) > 60
    assert [key for key in before if before[key] != after[key]] == []
    assert WORDS not in repr(after)
    assert known["dispute_id"] not in repr(after)


def test_the_people_here_do_learn_of_it(
    people: People, system: System, background: Worker
) -> None:
    """Else the test above could not fail: each list has something to show."""
    known = happen(people, system, background)
    seen = {
        ("buyer", "/v1/notices"): "items",
        ("seller", "/v1/notices"): "items",
        ("buyer", "/v1/disputes"): "items",
        ("mediator", "/v1/queue"): "items",
        ("auditor", "/v1/audit/search?buyer=b-1"): "items",
        ("supervisor", "/v1/audit/access-log"): "items",
        ("seller", "/v1/sellers/s-1/standing"): "history",
        ("buyer", f"/v1/sanctions?platform={HERE}&seller=s-1"): "items",
    }
    for (role, path), field in seen.items():
        assert someone(people, role, HERE).get(path).json()[field], path
    erasures = someone(people, "supervisor", HERE).get("/v1/erasures").json()["items"]
    assert [one["id"] for one in erasures] == [known["erasure_id"]]


def test_a_supervisor_reads_only_what_concerns_their_platform(
    people: People, system: System, background: Worker
) -> None:
    happen(people, system, background)
    there = someone(people, "buyer", ELSEWHERE)
    assert there.file(order=order("o-9")).status_code == 201
    everywhere = people.named("auditor", "a-9", None)
    typed = everywhere.get("/v1/audit/search", platform=ELSEWHERE, buyer="b-secret")
    assert typed.status_code == 200
    assert everywhere.get("/v1/disputes").status_code == 200
    log = someone(people, "supervisor", HERE).get("/v1/audit/access-log", limit=1_000)
    assert {one["platform"] for one in log.json()["items"]} == {HERE}
    assert "b-secret" not in log.text
    read = someone(people, "supervisor", ELSEWHERE).get("/v1/audit/access-log")
    assert "b-secret" in read.text
    overall = everywhere.get("/v1/audit/access-log", limit=1_000).json()["items"]
    assert {one["platform"] for one in overall} == {HERE, ELSEWHERE, None}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/disputes", {"buyer": "b-1"}),
        ("/v1/disputes", {"seller": "s-1"}),
        ("/v1/audit/search", {"buyer": "b-1"}),
        ("/v1/audit/search", {"seller": "s-1"}),
        ("/v1/audit/search", {"actor": "m-1"}),
        ("/v1/audit/search", {"decider": "m-1"}),
        ("/v1/audit/search", {"order": "o-1"}),
        ("/v1/sellers/s-1/standing", {}),
        ("/v1/sanctions", {"seller": "s-1"}),
    ],
)
def test_who_sees_all_platforms_names_that_of_a_pseudonym(
    people: People, path: str, query: dict[str, str]
) -> None:
    file_for(people)
    auditor = people.named("auditor", "a-1", None)
    refused = auditor.get(path, **query)
    assert refused.status_code == 400
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/platform", "platform-needed")
    assert auditor.get(path, **query, platform=HERE).status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/disputes", "/v1/audit/search", "/v1/sellers/s-1/standing"]
)
def test_a_platform_that_is_none_is_refused_to_who_sees_all_of_them(
    people: People, path: str
) -> None:
    file_for(people)
    refused = people.named("auditor", "a-1", None).get(path, platform="nope")
    assert refused.status_code == 400
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/platform", "unknown-platform")
    assert fault["detail"].endswith(f"there are cases of: {HERE}")


@pytest.mark.parametrize(
    ("role", "path", "query", "pointer", "code"),
    [
        ("buyer", "/v1/disputes", {"buyer": "b-2"}, "/buyer", "not-own-cases"),
        ("seller", "/v1/disputes", {"seller": "s-2"}, "/seller", "not-own-cases"),
        ("mediator", "/v1/disputes", {"platform": "x"}, "/platform", "other-platform"),
        (
            "auditor",
            "/v1/audit/search",
            {"platform": "x"},
            "/platform",
            "other-platform",
        ),
        (
            "seller",
            "/v1/sellers/s-1/standing",
            {"platform": "x"},
            "/platform",
            "other-platform",
        ),
    ],
)
def test_a_filter_that_does_not_apply_is_refused(
    people: People,
    role: str,
    path: str,
    query: dict[str, str],
    pointer: str,
    code: str,
) -> None:
    refused = someone(people, role, HERE).get(path, **query)
    assert refused.status_code == 400
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)


def test_a_platform_is_named_once(people: People) -> None:
    """Of two, one could be checked and recorded, and the other one be read."""
    auditor = people.named("auditor", "a-1", None)
    path = f"/v1/disputes?platform={HERE}&platform={ELSEWHERE}"
    refused = auditor.http.get(path, headers=auditor.headers)
    assert refused.status_code == 400
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/platform", "given-twice")


def test_one_may_name_what_one_sees_anyway(
    people: People, system: System, background: Worker
) -> None:
    happen(people, system, background)
    for role, filter_by in (("buyer", "b-1"), ("seller", "s-1")):
        person = someone(people, role, HERE)
        own = person.get("/v1/disputes", **{role: filter_by, "platform": HERE})
        assert own.json()["items"] == person.get("/v1/disputes").json()["items"] != []
