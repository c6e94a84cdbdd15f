"""Consistency over HTTP: who may ask, which platform answers, which cases are named."""

from __future__ import annotations

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import RULING, CaseStory
from tests.http.conftest import People, file_for

PATH = "/v1/transparency/consistency/2026"


@pytest.fixture
def both(people: People, background: Worker, clock: Clock) -> tuple[str, str]:
    """Rule two alike cases, the second one for the seller."""
    first = CaseStory(people, background, clock).ruled()
    second = CaseStory(people, background, clock, file_for(people, "o-2")).to_rule()
    against = {"liability": "buyer", "remedies": [{"kind": "dismissal"}]}
    second.act("mediator", "ruling", RULING | against)
    background.catch_up()
    return first.id, second.id


def test_alike_cases_that_were_decided_differently_are_named(
    people: People, both: tuple[str, str]
) -> None:
    found = people.supervisor.get(PATH).json()
    assert (found["platform"], found["least"]) == ("shop", 10)
    alike = found["alike"]
    assert (alike["pairs"], alike["different"]) == (1, 1)
    (kind,) = alike["listed"]
    assert (kind["amount"], kind["cases"]) == ("CNY 100-500", 2)
    assert kind["cited"]
    assert kind["evidence"]
    ruling = [one for one in found["lateness"] if one["stage"] == "ruling"]
    assert ruling[0] | {"cases": 2, "late": 0, "rate": None} == ruling[0]
    whole = people.supervisor.get(PATH, least=1).json()
    assert [one["rate"] for one in whole["lateness"] if one["stage"] == "ruling"] == [
        *(0, 0)
    ]
    for reader in (people.supervisor, people.regulator, people.auditor):
        page = reader.get(f"{PATH}/pairs").json()
        (pair,) = page["items"]
        assert (pair["earlier"]["id"], pair["id"]) == both
        assert (pair["earlier"]["liability"], pair["liability"]) == ("seller", "buyer")
        assert pair["remedies"] == "dismissal"
        assert page["next"] is None
        assert reader.get(pair["href"]).status_code == 200


def test_staff_is_shown_no_pair_of_a_case_that_they_are_part_of(
    people: People, both: tuple[str, str]
) -> None:
    barred = people.named("supervisor", "b-1")
    assert barred.get(f"{PATH}/pairs").json()["items"] == []
    # As a number it is counted, as figures count it.
    assert barred.get(PATH).json()["alike"]["different"] == len(both) - 1


def test_another_platform_has_nothing_of_it(
    people: People, both: tuple[str, str]
) -> None:
    del both
    for role in ("supervisor", "regulator"):
        elsewhere = people.named(role, "v-9", "other")
        found = elsewhere.get(PATH)
        # Zeros would say that its decisions are consistent.
        assert found.status_code == 400
        assert found.json()["errors"][0]["code"] == "no-platform"
        pairs = elsewhere.get(f"{PATH}/pairs")
        assert (pairs.status_code, pairs.json()["errors"]) == (
            400,
            found.json()["errors"],
        )
    everywhere = people.named("regulator", "g-1", None)
    assert everywhere.get(PATH).json()["alike"]["pairs"] == 1
    assert len(everywhere.get(f"{PATH}/pairs").json()["items"]) == 1


def test_a_time_before_the_record_is_told_with_its_first_day(
    people: People, both: tuple[str, str]
) -> None:
    day = people.supervisor.get(PATH).json()["record_from"]
    assert day.startswith("2026-")
    before = "/v1/transparency/consistency/2025"
    found = people.supervisor.get(before).json()
    parts = [found[name] for name in ("reversals", "alike", "lateness", "sellers")]
    assert (parts, found["record_from"]) == ([None] * 4, day)
    page = people.supervisor.get(f"{before}/pairs").json()
    assert page == {"items": [], "next": None, "record_from": day}
    now = people.supervisor.get(f"{PATH}/pairs").json()
    assert (len(now["items"]), now["record_from"]) == (len(both) - 1, day)


def test_only_those_who_watch_decisions_may_ask(
    people: People, background: Worker
) -> None:
    file_for(people)
    background.catch_up()
    for path in (PATH, f"{PATH}/pairs"):
        for role in ("buyer", "seller", "mediator", "platform", "analyst"):
            assert getattr(people, role).get(path).status_code == 403, (path, role)
        for role in ("supervisor", "auditor", "regulator"):
            assert getattr(people, role).get(path).status_code == 200, (path, role)


@pytest.mark.parametrize(
    ("query", "field"),
    [({"least": 0}, "least"), ({"zone": "Asia/Nowhere"}, "zone")],
)
def test_what_cannot_be_asked_is_pointed_at(
    people: People, query: dict[str, str], field: str
) -> None:
    answer = people.supervisor.get(PATH, **query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{field}"
