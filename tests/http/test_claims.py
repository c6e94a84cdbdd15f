"""Whom a claim gives what: by skills, by how much one has, and to many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.roles import Role
from interface.bootstrap import System, wire
from interface.callers.caller import Caller
from interface.run.worker import Worker
from interface.settings.settings import read
from tests.conftest import Clock
from tests.http.conftest import People, Person, file_for
from tests.http_app import serving

CLAIM = "/v1/queue/claim"
MANY = 50


def claim(who: Person, **query: str) -> tuple[int, str]:
    """Claim a case; return the status, and the case or the problem."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    response = who.post(f"{CLAIM}?{asked}")
    told = response.json()
    return response.status_code, told.get("id") or told["type"].rpartition(":")[2]


def test_one_who_knows_some_categories_is_given_those(
    people: People, background: Worker
) -> None:
    other = file_for(people, "o-1")
    late = file_for(people, "o-2", category="delivery", reason="not-received")
    invoice = file_for(people, "o-3", category="invoice", reason="invoice-refused")
    background.catch_up()
    one = people.mediator
    assert claim(one, categories="invoice") == (200, invoice)
    assert claim(one, categories="invoice") == (404, "queue-empty")
    assert claim(one, categories="delivery,invoice") == (200, late)
    assert claim(one, categories="quality,nonsense") == (400, "malformed")
    assert claim(one) == (200, other)


def test_one_who_speaks_a_language_is_given_who_asked_for_it_or_for_none(
    people: People, background: Worker
) -> None:
    cases = [file_for(people, f"o-{n}") for n in range(3)]
    for case, language in zip(cases, ("en", "zh-CN", None), strict=True):
        if language is not None:
            people.buyer.act(case, "contact", {"language": language})
    background.catch_up()
    one = people.mediator
    assert {claim(one, language="zh-CN")[1] for _ in range(2)} == {*cases[1:]}
    assert claim(one, language="zh-CN") == (404, "queue-empty")
    assert claim(one, language="en") == (200, cases[0])
    assert claim(one, language="fr")[0] == 400


def test_nobody_claims_beyond_so_many_open_cases_although_the_queue_lags(
    people: People, background: Worker
) -> None:
    for n in range(5):
        file_for(people, f"o-{n}")
    background.catch_up()
    one = people.mediator
    assert claim(one, most_open="2")[0] == 200
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: claim(one, most_open="2"), range(4)))
    assert sorted(status for status, _ in found) == [200, 409, 409, 409]
    assert (409, "too-many-open") in found
    background.catch_up()
    assert claim(one, most_open="2") == (409, "too-many-open")
    assert claim(one, most_open="3")[0] == 200
    (first, *_) = one.get("/v1/queue", assignee="me").json()["items"]
    people.buyer.act(first["id"], "withdrawal", {})
    background.catch_up()
    assert claim(one, most_open="3")[0] == 200
    other = people.named("mediator", "m-2")
    assert [claim(other, most_open="1")[0] for _ in range(2)] == [200, 409]


def test_the_platform_may_allow_everybody_only_so_many(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    environ = {
        "REDRESS_HOME": str(tmp_path),
        "DATABASE_URL": url,
        "REDRESS_OPEN_CASES": "1",
    }
    system = wire(read(environ), url, url, clock)
    with serving(system) as http:
        people, worker = People(http, system), Worker(system)
        for n in range(3):
            file_for(people, f"o-{n}")
        worker.catch_up()
        one = people.mediator
        assert claim(one)[0] == 200
        response = one.post(f"{CLAIM}?most_open=7", Accept_Language="zh-CN")
        assert response.status_code == 409
        said = response.json()["detail"]
        worker.close()
    system.close()
    assert said.startswith("您名下有 1 件在办案件")
    assert "上限为 1 件" in said


def test_a_claim_asked_again_is_answered_although_the_limit_is_reached(
    people: People, background: Worker
) -> None:
    file_for(people)
    background.catch_up()
    path = f"{CLAIM}?most_open=1"
    first = people.mediator.post(path, key="k-1")
    again = people.mediator.post(path, key="k-1")
    assert (first.status_code, again.json()["id"]) == (200, first.json()["id"])


@pytest.mark.long
def test_of_fifty_at_once_each_takes_another_case(
    people: People, background: Worker, system: System
) -> None:
    for n in range(MANY + 10):
        file_for(people, f"o-{n}")
    background.catch_up()
    callers = [
        Person(
            people.mediator.http,
            system,
            Caller(subject=f"m-{n}", role=Role.MEDIATOR, platform="shop"),
        )
        for n in range(MANY)
    ]
    with ThreadPoolExecutor(MANY) as pool:
        found = list(pool.map(claim, callers))
    assert [status for status, _ in found] == [200] * MANY
    assert len({case for _, case in found}) == MANY
