"""Finding cases: by order, party, number, whom they wait for, change and text."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from click.testing import CliRunner

from domain.case_number import case_number
from interface.bootstrap import System, wire
from interface.cli import replay
from interface.cli.main import redress
from interface.run.worker import Worker
from interface.settings.settings import SettingError
from tests.conftest import Clock
from tests.http.conftest import FILING, People, Person

ORDER = FILING["order"]
Cases: TypeAlias = dict[str, dict[str, Any]]


@pytest.fixture
def cases(
    people: People, background: Worker, clock: Clock
) -> dict[str, dict[str, Any]]:
    """File three cases, a minute apart; the first two are admitted."""
    made = {}
    for name, buyer in (("kettle", "b-1"), ("keyboard", "b-1"), ("lamp", "b-2")):
        snapshot = {"title": f"A {name} 100% new_", "sku": f"{name}-1", "shop": "暖家"}
        order = ORDER | {"id": f"o-{name}", "snapshot": snapshot}
        made[name] = people.named("buyer", buyer).file(order=order).json()
        clock.now += timedelta(minutes=1)
    for name in ("kettle", "keyboard"):
        made[name] = people.mediator.act(made[name]["id"], "admission", {})
        clock.now += timedelta(minutes=1)
    background.catch_up()
    return made


def found(person: Person, **query: Any) -> list[str]:
    answer = person.get("/v1/disputes", **query)
    assert answer.status_code == 200, answer.text
    return [one["order"]["id"].removeprefix("o-") for one in answer.json()["items"]]


def test_cases_are_found_by_what_people_have_in_hand(
    people: People, cases: Cases
) -> None:
    staff = people.mediator
    assert found(staff) == ["lamp", "keyboard", "kettle"]
    assert found(staff, order="o-kettle") == ["kettle"]
    assert found(staff, party="b-2") == ["lamp"]
    assert found(staff, party="s-1") == ["lamp", "keyboard", "kettle"]
    number = cases["keyboard"]["case_number"]
    grouped = " ".join(number[at : at + 4] for at in range(0, 20, 4))
    assert found(staff, case_number=grouped) == ["keyboard"]
    assert found(staff, text="暖家") == ["lamp", "keyboard", "kettle"]
    assert found(staff, text="LAMP-1") == ["lamp"]
    assert found(staff, text=number[8:]) == ["keyboard"]
    assert found(staff, text="100%") == ["lamp", "keyboard", "kettle"]
    assert found(staff, text="n_w") == []
    assert found(staff, phase="filed") == ["lamp"]
    assert found(people.buyer, text="kettle") == ["kettle"]
    assert found(people.buyer, order="o-lamp") == []
    assert found(people.named("seller", "s-2"), text="暖家") == []


def test_a_number_with_a_typing_error_is_told(people: People, cases: Cases) -> None:
    number = cases["lamp"]["case_number"]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    for typed, words in ((wrong, "a digit is wrong"), ("12", "20 digits")):
        answer = people.mediator.get("/v1/disputes", case_number=typed)
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "/case_number"
        assert words in error["detail"]


def test_a_console_shows_how_much_there_is_to_handle(
    people: People, background: Worker, cases: Cases
) -> None:
    background.catch_up()
    seller = people.seller.get("/v1/disputes/counts").json()
    assert seller == {
        "total": 2,
        "live": 2,
        "overdue": 0,
        "to_handle": 2,
        "phases": {"awaiting-response": 2},
        "waiting_on": {"seller": 2},
    }
    assert found(people.seller, waiting_on="seller") == ["keyboard", "kettle"]
    contest = {"position": "contest", "statement": "It was fine when it left."}
    people.seller.act(cases["kettle"]["id"], "seller-response", contest)
    background.catch_up()
    seller = people.seller.get("/v1/disputes/counts").json()
    # An agreement is waited for from both: it is there to be handled by each.
    assert seller["waiting_on"] == {"both": 1, "seller": 1}
    assert seller["to_handle"] == 2
    assert found(people.seller, waiting_on="seller") == ["keyboard", "kettle"]
    assert found(people.seller, waiting_on="both") == ["kettle"]
    staff = people.mediator.get("/v1/disputes/counts").json()
    assert (staff["total"], staff["to_handle"]) == (3, 1)
    assert people.mediator.get("/v1/disputes/counts", text="lamp").json()["total"] == 1
    assert people.analyst.get("/v1/disputes/counts").status_code == 403


def test_a_list_says_how_many_there_are_in_all(people: People, cases: Cases) -> None:
    del cases
    plain = people.mediator.get("/v1/disputes", limit=1).json()
    assert plain["total"] is None
    counted = people.mediator.get("/v1/disputes", limit=1, count="true").json()
    assert (len(counted["items"]), counted["total"]) == (1, 3)
    late = people.mediator.get(
        "/v1/disputes", limit=1, count="true", cursor=counted["next"]
    ).json()
    assert late["total"] == 3


def test_a_client_follows_what_has_changed(
    people: People, background: Worker, clock: Clock, cases: Cases
) -> None:
    clock.now += timedelta(minutes=1)
    asked = clock.now.isoformat()
    assert found(people.mediator, changed_since=asked) == []
    clock.now += timedelta(minutes=1)
    people.buyer.act(cases["kettle"]["id"], "messages", {"text": "Hello?"})
    background.catch_up()
    assert found(people.mediator, changed_since=asked) == ["kettle"]
    assert found(people.mediator, sort="changed") == ["lamp", "keyboard", "kettle"]
    pages, cursor = [], None
    while True:
        query = {"sort": "changed", "limit": 1} | ({"cursor": cursor} if cursor else {})
        answer = people.mediator.get("/v1/disputes", **query).json()
        pages += [one["order"]["id"] for one in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert pages == ["o-lamp", "o-keyboard", "o-kettle"]


def test_a_filing_that_is_there_already_leads_to_its_case(
    people: People, cases: Cases
) -> None:
    order = ORDER | {"id": "o-kettle"}
    answer = people.buyer.file(order=order)
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["type"].endswith("already-filed")
    assert problem["dispute"] == cases["kettle"]["id"]
    assert problem["href"] == f"/v1/disputes/{cases['kettle']['id']}"
    assert problem["case_number"] == cases["kettle"]["case_number"]
    # Who may not see the case is not told of it: another's filing is one of its own.
    assert people.named("buyer", "b-3").file(order=order).status_code == 201


def test_the_command_line_takes_the_number_that_people_have(
    system: System, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(_: object) -> System:
        return wire(system.settings, system.url, system.url, system.clock)

    monkeypatch.setattr(replay, "build", again)
    monkeypatch.setattr(replay, "read", lambda: None)
    number = cases["kettle"]["case_number"]
    grouped = " ".join(number[at : at + 4] for at in range(0, 20, 4))
    done = CliRunner().invoke(redress, ["replay", grouped, "--json"])
    (first, *_) = done.output.splitlines()
    assert json.loads(first)["fact"]["case"] == cases["kettle"]["id"]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    for said, words in (
        (wrong, "a digit is wrong, or two are swapped"),
        ("kettle", "neither a case's id nor its number"),
    ):
        refused = CliRunner().invoke(redress, ["replay", said])
        assert refused.exit_code == 2
        assert words in refused.output
    nowhere = case_number(UUID(int=1), system.clock())
    with pytest.raises(SettingError, match=f"there is no case {nowhere}"):
        CliRunner().invoke(redress, ["replay", nowhere], catch_exceptions=False)
