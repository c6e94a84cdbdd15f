"""Who sees what, lists and their pages, notices, audit, figures, health, documents."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from litestar.testing import TestClient

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import FILING, People, file_for, full_health


def ids(response: Any) -> list[str]:
    return [row["id"] for row in response.json()["items"]]


def test_parties_see_their_own_cases_only(people: People, background: Worker) -> None:
    case = file_for(people)
    people.mediator.act(case, "admission", {})
    background.catch_up()
    path = f"/v1/disputes/{case}"
    for person in (people.buyer, people.seller, people.mediator, people.regulator):
        assert person.get(path).status_code == 200
        assert ids(person.get("/v1/disputes")) == [case]
    for stranger in (
        people.named("buyer", "b-2"),
        people.named("seller", "s-2"),
        people.named("buyer", "b-1", platform="other"),
        people.named("mediator", "m-1", platform="other"),
    ):
        assert stranger.get(path).status_code == 404
        assert ids(stranger.get("/v1/disputes")) == []
        response = stranger.post(f"{path}/withdrawal", {}, match='"9"')
        assert response.status_code in {403, 404}
    assert people.analyst.get(path).status_code == 404
    assert people.analyst.get("/v1/disputes").status_code == 403


def test_the_contact_is_not_for_the_seller_nor_staff_names_for_parties(
    people: People,
) -> None:
    case = file_for(people)
    people.mediator.act(case, "assignment", {})
    path = f"/v1/disputes/{case}"
    buyer, seller = people.buyer.get(path).json(), people.seller.get(path).json()
    staff = people.mediator.get(path).json()
    assert buyer["contact"] == FILING["contact"]
    assert "contact" not in seller
    assert "b1@example.com" not in json.dumps(seller)
    assert "assignee" not in buyer
    assert staff["assignee"] == "m-1"


def test_the_platform_files_and_acts_for_the_party_it_names(people: People) -> None:
    filed = people.platform.post(
        "/v1/disputes", FILING | {"buyer": "b-7"}, On_Behalf_Of="buyer"
    )
    assert filed.status_code == 201
    assert filed.json()["buyer"] == "b-7"
    without = people.platform.post("/v1/disputes", FILING, On_Behalf_Of="buyer")
    assert without.status_code == 422
    nobody = people.platform.post("/v1/disputes", FILING | {"buyer": "b-8"})
    assert nobody.status_code in {403, 422}
    forged = people.buyer.post("/v1/disputes", FILING, On_Behalf_Of="seller")
    assert forged.status_code == 400


def test_actions_name_codes_fields_and_times(people: People) -> None:
    case = file_for(people)
    actions = people.mediator.get(f"/v1/disputes/{case}").json()["actions"]
    refusal = next(one for one in actions if one["name"] == "refusal")
    assert refusal["href"] == f"/v1/disputes/{case}/refusal"
    assert refusal["method"] == "POST"
    assert refusal["due"] == "2026-03-03T16:00:00Z"
    fields = {field["name"]: field for field in refusal["fields"]}
    assert fields["ground"]["required"]
    assert "no-basis" in fields["ground"]["codes"]


def test_lists_are_paged_and_stable_while_cases_arrive(
    people: People, background: Worker, clock: Clock
) -> None:
    cases = []
    for n in range(7):
        cases.append(file_for(people, f"o-{n}"))
        clock.forward(minutes=1)
    background.catch_up()
    first = people.mediator.get("/v1/disputes", limit=3).json()
    file_for(people, "o-late")
    background.catch_up()
    second = people.mediator.get("/v1/disputes", limit=3, cursor=first["next"]).json()
    third = people.mediator.get("/v1/disputes", limit=3, cursor=second["next"]).json()
    seen = [row["id"] for page in (first, second, third) for row in page["items"]]
    assert seen == cases[::-1]
    assert third["next"] is None


def test_a_view_is_waited_for_by_version(people: People, system: System) -> None:
    case = file_for(people)
    worker = Worker(system)
    worker.start()
    try:
        listed = people.buyer.get("/v1/disputes", after=f"{case}:1")
        assert ids(listed) == [case]
        history = people.auditor.get(f"/v1/audit/disputes/{case}", min_version=1)
        assert history.json()["version"] == 1
    finally:
        worker.stop()


def test_a_view_that_never_catches_up_says_when_to_try_again(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interface.api.read_your_writes.PATIENCE_SECONDS", 0.05)
    case = file_for(people)
    response = people.buyer.get("/v1/disputes", after=f"{case}:1")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.json()["type"] == "urn:redress:problem:lagging"


def test_an_auditor_searches_by_party_rule_decider_and_lateness(
    people: People, background: Worker, clock: Clock
) -> None:
    case = file_for(people)
    clock.forward(days=3)
    people.mediator.act(case, "admission", {})
    background.catch_up()
    auditor = people.auditor

    def types(**query: Any) -> list[str]:
        items = auditor.get("/v1/audit/search", **query).json()["items"]
        return [recorded["type"] for recorded in items]

    everything = ["filed", "deadline-missed", "admitted", "notice-served"]
    assert types() == types(dispute=case) == types(seller="s-1") == everything
    assert types(buyer="nobody") == []
    assert types(actor="m-1") == ["admitted"]
    assert types(late="platform") == ["deadline-missed"]
    assert types(rule="cn-default/1#admission") == ["filed"]
    assert types(rule="cn-default/1#response") == ["notice-served"]
    assert types(category="quality") == types(category="quality/defect") == everything
    assert types(type="admitted", since="2026-03-05T00:00:00Z") == ["admitted"]
    assert types(until="2026-03-02T10:00:00Z") == ["filed"]
    assert types(limit=2) == everything[:2]
    assert types(order="o-1") == everything
    assert types(order="o-2") == types(decider="m-1") == types(outcome="ruled") == []
    assert types(text="O-1") == ["filed"]
    assert types(text="o-1 nothing") == types(text="--") == []
    assert types(seller="s-1", actor="m-1", type="admitted") == ["admitted"]
    assert people.mediator.get("/v1/audit/search").status_code == 403


def test_the_history_says_when_it_happened_and_when_it_was_learnt(
    people: People, background: Worker, clock: Clock
) -> None:
    case = file_for(people)
    clock.forward(days=3)
    people.mediator.act(case, "admission", {"note": "Late, sorry."})
    background.catch_up()
    events = people.regulator.get(f"/v1/audit/disputes/{case}").json()["facts"]
    filed, missed, admitted = events[:3]
    assert filed["payload"]["facts"] == FILING["facts"]
    assert filed["prev"] is None
    assert missed["prev"] != admitted["prev"]
    assert missed["at"] == "2026-03-03T16:00:00Z"
    assert missed["recorded_at"] == "2026-03-05T02:00:00Z"
    assert admitted["actor"] == {
        "role": "mediator",
        "id": "m-1",
        "on_behalf_of": None,
        "for_id": None,
    }
    assert admitted["payload"]["note"] == "Late, sorry."


def test_health_names_what_is_wrong(
    people: People, http: TestClient[Any], background: Worker, system: System
) -> None:
    assert http.get("/health/live").json() == {"status": "live"}
    file_for(people)
    background.catch_up()
    ready = full_health(http)
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    with system.database.get_connection() as connection:
        connection.execute("UPDATE followers SET halted = 'x' WHERE name = 'queue'")
    ready = full_health(http)
    assert ready.status_code == 503
    assert ready.json()["wrong"] == ["queue halted at x (redress views)"]


def test_health_notices_a_worker_that_does_not_act(
    people: People, http: TestClient[Any], background: Worker, clock: Clock
) -> None:
    file_for(people)
    background.catch_up("sequencer", "views")
    clock.forward(days=5)
    for part in background.led:
        part.tick()
    ready = full_health(http)
    assert (ready.status_code, ready.json()["overdue"]) == (503, 1)
    assert "the worker does not act" in ready.json()["wrong"][0]
    background.catch_up()
    assert full_health(http).status_code == 200


def test_a_language_is_chosen_for_words(people: People) -> None:
    case = file_for(people)
    path = f"/v1/disputes/{case}"
    headers = people.buyer.headers | {"Accept-Language": "zh-CN"}
    words = people.buyer.http.get(path, headers=headers).json()["words"]
    assert words == {
        "phase": "待平台受理",
        "category": "商品质量",
        "reason": "质量瑕疵",
        "claim": "退款 ¥129.00",
    }


def test_readers_and_writers_at_once(people: People, system: System) -> None:
    worker = Worker(system)
    worker.start()
    failed: list[int] = []

    def read() -> None:
        for _ in range(20):
            response = people.mediator.get("/v1/queue")
            if response.status_code != 200:
                failed.append(response.status_code)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(20):
        file_for(people, f"o-{n}")
    for thread in threads:
        thread.join()
    worker.stop()
    assert failed == []
