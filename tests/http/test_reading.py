"""Who sees what, lists and their pages, notices, audit, figures, health, documents."""

from __future__ import annotations

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from interface.api import requests
from interface.api.access import GrantBody
from interface.api.acts import ACTS
from interface.api.erasures import ErasureBody
from interface.api.fields import Body
from interface.api.operation import ClockBody
from interface.api.rulings import RulingBody
from interface.bootstrap import System
from interface.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import FILING, People, file_for


def ids(response: Any) -> list[str]:
    return [row["id"] for row in response.json()["items"]]


def test_parties_see_their_own_cases_only(people: People, background: Worker) -> None:
    case = file_for(people)
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


def test_the_queue_is_sorted_by_urgency_and_filtered(
    people: People, background: Worker, clock: Clock
) -> None:
    early = file_for(people, "o-1")
    clock.forward(days=2)
    late = file_for(people, "o-2", category="delivery", reason="not-received")
    answered = file_for(people, "o-3")
    people.mediator.act(answered, "admission", {})
    people.mediator.act(late, "assignment", {})
    background.catch_up()
    queue = people.mediator
    assert ids(queue.get("/v1/queue")) == [early, *sorted([late, answered])]
    assert ids(queue.get("/v1/queue", overdue="true")) == [early]
    assert ids(queue.get("/v1/queue", overdue="false")) == sorted([late, answered])
    assert ids(queue.get("/v1/queue", category="delivery")) == [late]
    assert ids(queue.get("/v1/queue", phase="awaiting-response")) == [answered]
    assert ids(queue.get("/v1/queue", assignee="m-1")) == [late]
    assert ids(queue.get("/v1/queue", assignee="")) == [early, answered]
    assert ids(queue.get("/v1/queue", waiting_on="seller")) == [answered]
    rows = queue.get("/v1/queue").json()["items"]
    assert [row["overdue"] for row in rows] == [True, False, False]
    assert people.buyer.get("/v1/queue").status_code == 403


def test_closed_cases_leave_the_queue_and_stay_in_the_list(
    people: People, background: Worker
) -> None:
    case = file_for(people)
    people.buyer.act(case, "withdrawal", {})
    background.catch_up()
    assert ids(people.mediator.get("/v1/queue")) == []
    assert ids(people.buyer.get("/v1/disputes", live="false")) == [case]


def test_two_who_claim_at_once_get_two_cases(
    people: People, background: Worker
) -> None:
    for n in range(6):
        file_for(people, f"o-{n}")
    background.catch_up()
    mediators = [people.named("mediator", f"m-{n}") for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        claimed = list(pool.map(lambda one: one.post("/v1/queue/claim"), mediators))
    assert {response.status_code for response in claimed} == {200}
    assert len({response.json()["id"] for response in claimed}) == 6
    background.catch_up()
    empty = people.mediator.post("/v1/queue/claim")
    assert (empty.status_code, empty.json()["type"]) == (
        404,
        "urn:redress:problem:queue-empty",
    )


def test_a_claim_asked_again_under_its_key_is_the_same_claim(
    people: People, background: Worker
) -> None:
    file_for(people, "o-1")
    file_for(people, "o-2")
    background.catch_up()
    first = people.mediator.post("/v1/queue/claim", key="c-1").json()
    again = people.mediator.post("/v1/queue/claim", key="c-1").json()
    assert first == again


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
    monkeypatch.setattr("interface.api.waiting.PATIENCE_SECONDS", 0.05)
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
        return [fact["type"] for fact in items]

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
    assert people.mediator.get("/v1/audit/search").status_code == 403


def test_the_history_says_when_it_happened_and_when_it_was_learnt(
    people: People, background: Worker, clock: Clock
) -> None:
    case = file_for(people)
    clock.forward(days=3)
    people.mediator.act(case, "admission", {"note": "Late, sorry."})
    background.catch_up()
    facts = people.regulator.get(f"/v1/audit/disputes/{case}").json()["facts"]
    filed, missed, admitted = facts[:3]
    assert filed["payload"]["facts"] == FILING["facts"]
    assert filed["prev"] is None
    assert missed["prev"] != admitted["prev"]
    assert missed["at"] == "2026-03-03T16:00:00Z"
    assert missed["recorded_at"] == "2026-03-05T02:00:00Z"
    assert admitted["actor"] == {"role": "mediator", "id": "m-1", "on_behalf_of": None}
    assert admitted["payload"]["note"] == "Late, sorry."


def test_figures_say_what_they_were_counted_out_of(
    people: People, background: Worker, clock: Clock
) -> None:
    refused = file_for(people, "o-1")
    people.mediator.act(
        refused,
        "refusal",
        {"ground": "no-basis", "explanation": "Nothing said.", "routes": ["court"]},
    )
    settled = file_for(people, "o-2", category="delivery", reason="not-received")
    people.mediator.act(settled, "admission", {})
    background.catch_up()
    clock.forward(hours=12)
    people.seller.act(settled, "seller-response", {"position": "accept"})
    people.seller.act(settled, "fulfilments", {"obligation": 1})
    clock.forward(hours=12)
    people.buyer.act(settled, "fulfilments/1/confirmation")
    background.catch_up()

    def figures(**query: Any) -> dict[str, dict[str, Any]]:
        answer = people.regulator.get(
            "/v1/transparency/reports/2026-03", **query
        ).json()
        return {one["id"]: one for one in answer["report"]["groups"][0]["figures"]}

    all_of_them = figures()
    assert all_of_them["opened"]["value"] == 2
    assert all_of_them["refused"]["parts"] == {"no-basis": 1}
    assert all_of_them["admitted"] | {"value": 0.5} == all_of_them["admitted"]
    assert all_of_them["admitted"]["denominator"] == 2
    assert all_of_them["answered"]["parts"] == {"accept": 1}
    assert all_of_them["closed"]["parts"] == {"refused": 1, "settled": 1}
    assert all_of_them["settlement-rate"]["value"] == 1.0
    assert all_of_them["settlement-rate-of-all"]["value"] == 0.5
    assert all_of_them["days-to-response"]["value"] == 0.5
    assert all_of_them["days-open"]["p90"] == 0.9
    assert all_of_them["awarded"]["parts"] == {"CNY": 12_900}
    assert figures(category="delivery")["opened"]["value"] == 1
    by_category = people.analyst.get(
        "/v1/transparency/reports/all", by="category"
    ).json()["report"]["groups"]
    assert [group["key"] for group in by_category] == ["delivery", "quality"]
    assert people.buyer.get("/v1/transparency/reports/all").status_code == 403


def test_figures_come_as_csv_too(people: People, background: Worker) -> None:
    file_for(people)
    background.catch_up()
    response = people.buyer.http.get(
        "/v1/transparency/reports/2026-Q1",
        headers=people.analyst.headers | {"Accept": "text/csv"},
    )
    lines = response.text.splitlines()
    assert response.headers["content-type"].startswith("text/csv")
    assert lines[0].startswith("period,zone,group,figure,part,unit,value")
    assert "2026-Q1,,all,opened,,cases,1,1,,," in lines


def test_every_figure_is_defined(http: TestClient[Any]) -> None:
    definitions = http.get("/v1/transparency/metrics").json()
    assert len({one["id"] for one in definitions}) == len(definitions) > 20
    assert all(one["zh"] and one["en"] and one["dated"] for one in definitions)


def test_health_names_what_is_wrong(
    people: People, http: TestClient[Any], background: Worker, system: System
) -> None:
    assert http.get("/health/live").json() == {"status": "live"}
    file_for(people)
    background.catch_up()
    ready = http.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    with system.database.get_connection() as connection:
        connection.execute("UPDATE followers SET halted = 'x' WHERE name = 'queue'")
    ready = http.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json()["wrong"] == ["queue halted at x"]


def test_health_notices_a_worker_that_does_not_act(
    people: People, http: TestClient[Any], background: Worker, clock: Clock
) -> None:
    file_for(people)
    background.catch_up("queue", "agenda", "sequencer")
    clock.forward(days=5)
    for part in background.led:
        part.tick()
    ready = http.get("/health/ready")
    assert (ready.status_code, ready.json()["overdue"]) == (503, 1)
    assert "the worker does not act" in ready.json()["wrong"][0]
    background.catch_up()
    assert http.get("/health/ready").status_code == 200


def test_codes_have_words_in_both_languages(http: TestClient[Any]) -> None:
    codes = http.get("/v1/codes").json()
    assert codes["categories"]["quality"]["reasons"]["defect"]["zh"] == "质量瑕疵"
    assert codes["remedies"]["refund"]["obligations"][0]["debtor"] == "seller"


def test_the_documents_load_nothing_from_elsewhere(http: TestClient[Any]) -> None:
    page = http.get("/schema")
    assert page.status_code == 200
    assert "https:" not in page.text
    assert "http:" not in page.text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    for path in loaded:
        if not path.startswith("data:"):
            assert http.get(path).status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_openapi_tells_the_truth_about_requests(http: TestClient[Any]) -> None:
    document = http.get("/schema/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    posts = {
        path: item["post"] for path, item in document["paths"].items() if "post" in item
    }
    assert len(posts) > 15
    for path, operation in posts.items():
        names = {one["name"] for one in operation.get("parameters", ())}
        if "sandbox" not in path and "eligibility" not in path:
            assert "Idempotency-Key" in names, path
        if "{dispute_id}" in path:
            assert "If-Match" in names, path
        assert operation["summary"]


OTHERS = (RulingBody, ClockBody, GrantBody, ErasureBody)


def test_the_examples_are_good_requests(http: TestClient[Any]) -> None:
    document = http.get("/schema/openapi.json").json()
    bodies = {
        kind.__name__: kind
        for kind in [*vars(requests).values(), *OTHERS]
        if isinstance(kind, type) and issubclass(kind, Body)
    } | {act.body.__name__: act.body for act in ACTS if act.body}
    shown = 0
    for item in document["paths"].values():
        content = item.get("post", {}).get("requestBody", {}).get("content", {})
        for media in content.values():
            schema = media["schema"]
            for one in schema.get("allOf", ()):
                kind = bodies[one["$ref"].rpartition("/")[2]]
                for value in schema["examples"]:
                    msgspec.convert(value, kind)
                    shown += 1
    assert shown >= 8 + sum(act.body is not None for act in ACTS)


def test_a_language_is_chosen_for_words(people: People) -> None:
    case = file_for(people)
    path = f"/v1/disputes/{case}"
    headers = people.buyer.headers | {"Accept-Language": "zh-CN"}
    words = people.buyer.http.get(path, headers=headers).json()["words"]
    assert words == {
        "phase": "待平台受理",
        "category": "商品质量",
        "reason": "质量瑕疵",
        "claim": "退款",
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
