"""Webhooks over the API: who may manage them, what is shown of them, dead letters."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from standardwebhooks import Webhook as Verifier

from interface.bootstrap import System, wire
from interface.run.delivery_jobs import delivery_worker
from interface.run.worker import Worker
from interface.settings import settings
from tests.conftest import Clock
from tests.deliveries.patience import until
from tests.deliveries.receiver import Answer, Receiver, receiving
from tests.http.conftest import FILING, People
from tests.http_app import serving

PATH = "/v1/webhooks"
HOOK = {"url": "https://8.8.8.8/hook"}


@pytest.fixture
def system(url: str, tmp_path: Path, clock: Clock) -> Iterator[System]:
    """Wire an installation whose operator has allowed receivers on this machine."""
    read = settings.read(
        {
            "REDRESS_HOME": str(tmp_path),
            "DATABASE_URL": url,
            "REDRESS_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "REDRESS_WEBHOOK_SCHEDULE": "PT0S PT0S",
        }
    )
    one = wire(read, url, url, clock)
    yield one
    one.close()


@pytest.fixture
def people(system: System) -> Iterator[People]:
    with serving(system) as http:
        yield People(http, system)


@pytest.fixture
def sending(system: System) -> Iterator[Worker]:
    """Send in the background; yield the worker, which dispatches when it is told to."""
    stop, deliveries = threading.Event(), delivery_worker(system)
    thread = threading.Thread(target=deliveries.run, args=[stop])
    thread.start()
    worker = Worker(system)
    yield worker
    worker.close()
    stop.set()
    thread.join(30)


def made(people: People, **body: Any) -> dict[str, Any]:
    answer = people.supervisor.post(PATH, HOOK | body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_webhook_is_added_shown_changed_and_deleted(
    people: People, system: System
) -> None:
    one = made(people, events=["ruled", "closed"])
    hook = one["webhook"]
    assert one["secret"].startswith("whsec_")
    assert hook["events"] == ["ruled", "closed"]
    assert people.supervisor.get(PATH).json()["items"] == [hook]
    place = f"{PATH}/{hook['id']}"
    assert people.supervisor.get(place).json() == hook
    assert "whsec_" not in people.supervisor.get(place).text
    paused = people.supervisor.post(f"{place}/change", {"state": "paused"}).json()
    assert paused == hook | {"state": "paused"}
    other = {"url": "https://8.8.4.4/", "all_events": True, "state": "active"}
    changed = people.supervisor.post(f"{place}/change", other).json()
    assert changed == hook | {"url": "https://8.8.4.4/", "events": None}
    people.supervisor.post(f"{place}/deletion")
    assert people.supervisor.get(PATH).json()["items"] == []
    with system.database.get_connection() as connection:
        assert not connection.execute("SELECT 1 FROM webhook_secrets").fetchall()
    assert people.supervisor.get(place).json()["state"] == "deleted"
    assert people.supervisor.post(f"{place}/test").status_code == 404
    changes = people.supervisor.get(f"{place}/changes").json()["items"]
    assert [one["change"] for one in changes] == [
        *("created", "paused", "resumed", "deleted"),
    ]
    assert {one["changed_by"] for one in changes} == {"v-1"}


def test_only_a_supervisor_and_the_platform_of_the_platform_manage_them(
    people: People,
) -> None:
    hook = made(people)["webhook"]
    place = f"{PATH}/{hook['id']}"
    elsewhere = people.named("supervisor", "v-1", "market")
    assert elsewhere.get(PATH).json()["items"] == []
    for path in (place, f"{place}/changes", f"{place}/deliveries"):
        assert elsewhere.get(path).status_code == 404
    for path in ("test", "deletion", "redelivery"):
        assert elsewhere.post(f"{place}/{path}").status_code == 404
    assert elsewhere.post(f"{place}/secret", {}).status_code == 404
    assert elsewhere.post(f"{place}/change", {"state": "paused"}).status_code == 404
    assert people.named("platform", "p-1").get(place).status_code == 200
    for role in ("buyer", "seller", "mediator", "auditor", "regulator", "analyst"):
        person = people.named(role, "x-1")
        assert person.get(PATH).status_code == 403
        assert person.post(PATH, HOOK).status_code == 403


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("https://127.0.0.1.example@8.8.8.8/", "webhook-url"),
        ("https://10.0.0.1/", "webhook-address"),
        ("https://[::ffff:10.0.0.1]/", "webhook-address"),
        ("https://2130706433./", "webhook-address"),
        ("gopher://example.com/", "webhook-url"),
    ],
)
def test_a_url_to_the_inside_is_refused_when_it_is_named(
    people: People, sent: str, code: str
) -> None:
    answer = people.supervisor.post(PATH, {"url": sent})
    assert answer.status_code == 422
    assert [one["code"] for one in answer.json()["errors"]] == [code]
    place = f"{PATH}/{made(people)['webhook']['id']}/change"
    assert people.supervisor.post(place, {"url": sent}).status_code == 422


def test_a_repeated_request_is_answered_the_same_and_no_secret_is_stored(
    people: People, system: System
) -> None:
    key = str(uuid4())
    first = people.supervisor.post(PATH, HOOK, key=key)
    again = people.supervisor.post(PATH, HOOK, key=key)
    assert first.json() == again.json()
    assert people.supervisor.post(PATH, {"url": "https://9.9.9.9/"}, key=key).is_error
    secret = first.json()["secret"].removeprefix("whsec_")
    with system.database.get_connection() as connection:
        tables = [
            row["name"]
            for row in connection.execute(
                "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
                " WHERE schemaname LIKE 'redress%'"
            )
        ]
        for table in tables:
            query = f"SELECT 1 FROM {table} t WHERE position(%s in t::text) > 0"
            assert not connection.execute(query.encode(), (secret,)).fetchall(), table
        earlier = "UPDATE webhook_secrets SET made_at = made_at - interval '1 hour'"
        connection.execute(earlier)
    late = people.supervisor.post(PATH, HOOK, key=key).json()
    assert late == first.json() | {"secret": None}


def test_a_platform_has_so_many_webhooks_and_no_more(people: People) -> None:
    for _ in range(20):
        made(people)
    answer = people.supervisor.post(PATH, HOOK)
    assert (answer.status_code, answer.json()["type"]) == (
        409,
        "urn:redress:problem:too-many-webhooks",
    )


def test_a_rotated_secret_signs_beside_the_earlier_one_until_that_ends(
    people: People, sending: Worker
) -> None:
    del sending
    with receiving() as receiver:
        one = made(people, url=receiver.url)
        place = f"{PATH}/{one['webhook']['id']}"
        new = people.supervisor.post(f"{place}/secret", {"overlap_hours": 1}).json()
        people.supervisor.post(f"{place}/test")
        until(lambda: len(receiver.taken) == 1)
        newest = people.supervisor.post(f"{place}/secret", {"overlap_hours": 0}).json()
        people.supervisor.post(f"{place}/test")
        until(lambda: len(receiver.taken) == 2)
    both, last = receiver.taken
    assert both.message["type"] == "test"
    for secret in (one["secret"], new["secret"]):
        Verifier(secret).verify(both.body, both.headers)
    assert len(both.headers["webhook-signature"].split()) == 2
    Verifier(newest["secret"]).verify(last.body, last.headers)
    assert len(last.headers["webhook-signature"].split()) == 1


def test_dead_letters_are_listed_shown_and_sent_again(
    people: People, sending: Worker
) -> None:
    with receiving(lambda _: Answer(500)) as receiver:
        hook = made(people, url=receiver.url)["webhook"]
        place = f"{PATH}/{hook['id']}"
        for n in range(3):
            order = FILING["order"] | {"id": f"o-{n}"}
            assert people.buyer.file(order=order).is_success
        sending.catch_up("sequencer", "deliveries")
        dead = _listed(people, place, "dead", 3)
        assert [one["tries"] for one in dead] == [3, 3, 3]
        shown = people.supervisor.get(f"{place}/deliveries/{dead[0]['id']}").json()
        assert [one["status"] for one in shown["attempts"]] == [500, 500, 500]
        assert shown["delivery"] == dead[0]
        assert people.supervisor.get(place).json()["failed_at"] is not None
        gauges = people.supervisor.http.get("/metrics").text
        assert 'redress_deliveries_dead{kind="webhook"} 3.0' in gauges
        assert 'redress_deliveries_waiting{kind="webhook"} 0.0' in gauges
        assert 'kind="dead",part="webhooks"' in gauges
        receiver.answering = lambda _: Answer(204)
        one = f"{place}/deliveries/{dead[0]['id']}/redelivery"
        assert people.supervisor.post(one).json() == {"deliveries": 1}
        _listed(people, place, "delivered", 1)
        refused = people.supervisor.post(one)
        assert refused.json()["type"] == "urn:redress:problem:not-a-dead-letter"
        assert people.supervisor.post(f"{place}/redelivery").json() == {"deliveries": 2}
        assert len(_listed(people, place, "delivered", 3)) == 3
        shown = people.supervisor.get(f"{place}/deliveries/{dead[0]['id']}").json()
        assert [one["number"] for one in shown["attempts"]] == [1, 2, 3, 4]
    assert len({one.name for one in receiver.received}) == 3


def test_dead_letters_of_a_deleted_endpoint_are_cancelled(
    people: People, sending: Worker
) -> None:
    with receiving(lambda _: Answer(500)) as receiver:
        place = f"{PATH}/{made(people, url=receiver.url)['webhook']['id']}"
        people.supervisor.post(f"{place}/test")
        _listed(people, place, "dead", 1)
        people.supervisor.post(f"{place}/deletion")
        _listed(people, place, "cancelled", 1)
    gauges = people.supervisor.http.get("/metrics").text
    assert 'redress_deliveries_dead{kind="webhook"} 0.0' in gauges
    del sending


def test_an_endpoint_that_is_gone_is_disabled_and_can_be_enabled(
    people: People, sending: Worker
) -> None:
    with receiving(lambda _: Answer(410)) as receiver:
        hook = made(people, url=receiver.url)["webhook"]
        place = f"{PATH}/{hook['id']}"
        people.supervisor.post(f"{place}/change", {"state": "paused"})
        for n in range(3):
            people.buyer.file(order=FILING["order"] | {"id": f"o-{n}"})
        sending.catch_up("sequencer", "deliveries")
        _listed(people, place, "waiting", 3)
        people.supervisor.post(f"{place}/change", {"state": "active"})
        until(lambda: people.supervisor.get(place).json()["state"] == "disabled")
        # While it is disabled, nothing waits.
        _listed(people, place, "cancelled", 3)
        told = len(receiver.received)
        people.buyer.post("/v1/disputes", FILING)
        sending.catch_up("sequencer", "deliveries")
        assert len(receiver.received) == told
        for path in ("test", "redelivery"):
            refused = people.supervisor.post(f"{place}/{path}")
            assert refused.status_code == 409
            assert refused.json()["type"].endswith(":webhook-not-active")
        metrics = people.supervisor.http.get("/metrics").text
        assert 'redress_deliveries_waiting{kind="webhook"} 0.0' in metrics
        changes = people.supervisor.get(f"{place}/changes").json()["items"]
        assert [one["changed_by"] for one in changes] == ["v-1"] * 3 + ["receiver"]
        receiver.answering = lambda _: Answer(204)
        enabled = people.supervisor.post(f"{place}/change", {"state": "active"}).json()
        # Not of what was recorded meanwhile: its position says where to catch up from.
        assert enabled["after"] > hook["after"]
        assert people.supervisor.post(f"{place}/test").status_code == 201
        (sent,) = _listed(people, place, "delivered", 1)
        assert sent["type"] == "test"
        assert len(receiver.received) == told + 1


def test_what_is_for_a_paused_endpoint_waits(people: People, sending: Worker) -> None:
    with receiving() as receiver:
        place = f"{PATH}/{made(people, url=receiver.url)['webhook']['id']}"
        people.supervisor.post(f"{place}/change", {"state": "paused"})
        people.buyer.post("/v1/disputes", FILING)
        sending.catch_up("sequencer", "deliveries")
        assert len(_listed(people, place, "waiting", 1)) == 1
        assert receiver.received == []
        people.supervisor.post(f"{place}/change", {"state": "active"})
        _listed(people, place, "delivered", 1)


def test_what_waits_for_a_deleted_endpoint_is_cancelled(
    people: People, sending: Worker
) -> None:
    with receiving() as receiver:
        place = f"{PATH}/{made(people, url=receiver.url)['webhook']['id']}"
        people.supervisor.post(f"{place}/change", {"state": "paused"})
        people.buyer.post("/v1/disputes", FILING)
        sending.catch_up("sequencer", "deliveries")
        # A test event would wait as well, while its sender waits for it.
        assert people.supervisor.post(f"{place}/test").status_code == 409
        people.supervisor.post(f"{place}/deletion")
        _listed(people, place, "cancelled", 1)
    assert receiver.received == []


def test_problems_are_told_in_the_callers_language(people: People) -> None:
    headers = people.supervisor.headers | {"Accept-Language": "zh-CN"}
    answer = people.supervisor.http.get(f"{PATH}/{uuid4()}", headers=headers).json()
    assert answer["title"] == "没有这个推送地址"


def _listed(people: People, place: str, state: str, many: int) -> list[dict[str, Any]]:
    """Return the deliveries in a state, once there are so many."""

    def found() -> list[dict[str, Any]]:
        answer = people.supervisor.get(f"{place}/deliveries", state=state)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    until(lambda: len(found()) >= many)
    return found()


def test_the_receiver_of_these_tests_is_a_server_of_its_own() -> None:
    one = Receiver()
    one.stop()
    one.start()
    one.stop()
