"""What Prometheus is told: by route, not by path; of each process by itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

from litestar.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People, file_for
from tests.http.conftest import whole_worker as background

__all__ = ["background"]

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def scraped(http: TestClient[Any]) -> Samples:
    """Return all samples, as the library itself reads them."""
    text = http.get("/metrics").text
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, tuple(sorted(labels.items()))]


def test_requests_are_counted_by_route_method_and_class(
    people: People, http: TestClient[Any]
) -> None:
    route = {"route": "/v1/disputes/{dispute_id}", "method": "GET"}
    before = scraped(http)
    case = file_for(people)
    for _ in range(3):
        people.buyer.get(f"/v1/disputes/{case}")
    people.buyer.get(f"/v1/disputes/{uuid4()}")
    after = scraped(http)

    def more(status: str) -> float:
        key = (
            "redress_request_seconds_count",
            tuple(sorted((route | {"status": status}).items())),
        )
        return after[key] - before.get(key, 0.0)

    assert (more("2xx"), more("4xx")) == (3, 1)
    buckets = [
        found
        for (name, labels), found in after.items()
        if name == "redress_request_seconds_bucket"
        and {*route.items(), ("status", "2xx")} < {*labels}
    ]
    assert buckets == sorted(buckets)
    assert len(buckets) > 10


def test_an_append_is_timed(people: People, http: TestClient[Any]) -> None:
    before = value(scraped(http), "redress_append_seconds_count")
    file_for(people)
    after = scraped(http)
    assert value(after, "redress_append_seconds_count") == before + 1
    assert value(after, "redress_append_seconds_sum") > 0


def test_no_request_can_make_a_series(people: People, http: TestClient[Any]) -> None:
    http.get("/nowhere")
    http.request("BREW", "/nowhere")
    http.get("/static/none")
    people.buyer.get(f"/v1/disputes/{uuid4()}")
    people.buyer.get(f"/v1/policies/{uuid4()}")
    scraped(http)
    before = scraped(http)
    for _ in range(50):
        odd = uuid4().hex
        http.get(f"/{odd}")
        http.get(f"/v1/{odd}/{odd}?{odd}={odd}")
        http.get(f"/static/{odd}")
        http.request(odd.upper(), f"/{odd}", headers={"X-Request-Id": odd})
        people.buyer.get(f"/v1/disputes/{uuid4()}")
        people.buyer.get(f"/v1/policies/{odd}")
    assert scraped(http).keys() == before.keys()


def test_the_routes_of_metrics_are_those_of_the_program(
    people: People, http: TestClient[Any]
) -> None:
    file_for(people)
    routes = {one.path_format for one in http.app.routes} | {"-"}
    named = {
        dict(labels)["route"]
        for name, labels in scraped(http)
        if name == "redress_request_seconds_count"
    }
    assert named <= routes
    assert "/v1/disputes" in named


def test_the_pool_and_those_who_wait_are_told(
    people: People, http: TestClient[Any]
) -> None:
    file_for(people)
    found = scraped(http)
    assert value(found, "redress_pool_most", pool="requests") == 24
    assert 1 <= value(found, "redress_pool_connections", pool="requests") <= 24
    assert value(found, "redress_pool_waiting", pool="keys") == 0
    assert value(found, "redress_requests_waiting", **{"for": "feed"}) == 0
    # The scrape itself.
    assert value(found, "redress_requests_running", work="health") == 1
    assert value(found, "redress_requests_running", work="write") == 0


def test_what_is_late_is_told_in_seconds(
    people: People, background: Worker, http: TestClient[Any], clock: Clock
) -> None:
    case = file_for(people)
    background.catch_up()
    found = scraped(http)
    assert value(found, "redress_agenda_late_seconds") == 0
    assert value(found, "redress_log_unsigned_seconds") == 0
    assert value(found, "redress_log_head_seconds") >= 0
    assert value(found, "redress_log_key_seconds") < 3_600
    people.buyer.post(f"/v1/disputes/{case}/withdrawal", {"reason": "Enough."})
    file_for(people, "o-2")
    clock.forward(minutes=90)
    found = scraped(http)
    assert value(found, "redress_log_unsigned_seconds") >= 5_400
    background.catch_up("sequencer", "views")
    clock.forward(days=30)
    assert value(scraped(http), "redress_agenda_late_seconds") > 86_400


def test_deliveries_are_told_by_kind(
    people: People, http: TestClient[Any], system: System
) -> None:
    case = file_for(people)
    with system.database.get_connection() as connection:
        for state in ("waiting", "failed", "failed"):
            connection.execute(
                "INSERT INTO notice_deliveries (delivery_id, case_id, position, notice,"
                " party, channel, state, created_at) VALUES (gen_random_uuid(), %s, 1,"
                " 'filed', 'seller', 'mail', %s, now() - interval '1 hour')",
                (case, state),
            )
    found = scraped(http)
    assert value(found, "redress_deliveries_waiting", kind="notice") == 1
    assert value(found, "redress_deliveries_dead", kind="notice") == 2
    assert value(found, "redress_deliveries_oldest_seconds", kind="notice") >= 3_600
    assert value(found, "redress_deliveries_waiting", kind="webhook") == 0


def test_the_process_tells_of_itself(http: TestClient[Any]) -> None:
    found = scraped(http)
    assert value(found, "process_resident_memory_bytes") > 1_000_000
    assert value(found, "process_open_fds") > 3


ROW = re.compile(r"^\| `(redress_\w+)` \| (\w+) \| (.*?) \| (.*?) \|$", re.MULTILINE)


def test_the_page_lists_every_metric_as_it_is_told(
    people: People, background: Worker, http: TestClient[Any]
) -> None:
    case = file_for(people)
    people.buyer.get(f"/v1/disputes/{case}")
    background.catch_up()
    text = http.get("/metrics").text
    told = {
        one.name: (one.type, one.documentation)
        for one in text_string_to_metric_families(text)
        if one.name.startswith("redress_") and not one.name.endswith("_created")
    }
    page = Path("docs/operating.md").read_text("utf-8")
    listed = {name: (kind, says) for name, kind, _, says in ROW.findall(page)}
    assert listed == told
    labels = {
        name: set(re.findall(r"`(\w+)`", by)) for name, _, by, _ in ROW.findall(page)
    }
    for one in text_string_to_metric_families(text):
        for sample in one.samples if one.name in told else ():
            assert sample.labels.keys() - {"le"} == labels[one.name], one.name


def test_metrics_hold_no_id_and_no_person(
    people: People, http: TestClient[Any]
) -> None:
    case = file_for(people)
    people.buyer.get(f"/v1/disputes/{case}")
    text = http.get("/metrics").text
    assert case not in text
    assert not re.search(r'"(b-1|s-1|shop)"', text)
