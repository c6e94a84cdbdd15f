"""One trace from a request through its events to the views and the receivers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from litestar.testing import TestClient

from application.telemetry.steps import MOST_TRACES, step, trace_with
from interface.bootstrap import System
from interface.run.otlp_tracer import OtlpTracer
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.deliveries.collector import CollectedSpan, Collector, collecting
from tests.deliveries.conftest import Deliveries
from tests.deliveries.patience import until
from tests.deliveries.receiver import Answer, receiving
from tests.http.conftest import (
    FILING,
    People,
    http,
    people,
    system,
)
from tests.http.conftest import whole_worker as background

__all__ = ["background", "http", "people", "system"]

SENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
UNSAMPLED = SENT[:-2] + "00"
SENT_TRACE, SENT_SPAN = SENT.split("-")[1:3]
CANARY = "canary-13800138000"
VIEWS = {"agenda", "queue", "transparency"}


@contextmanager
def tracing(collector: Collector, share: float = 1.0) -> Iterator[OtlpTracer]:
    one = OtlpTracer(collector.url, share)
    trace_with(one)
    try:
        yield one
    finally:
        trace_with(None)
        one.close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as one:
        yield one


@pytest.fixture
def deliveries(url: str, system: System) -> Iterator[Deliveries]:
    one = Deliveries(url, system.database, system.keys)
    yield one
    one.close()


def named(spans: list[CollectedSpan], name: str) -> CollectedSpan:
    (found,) = [one for one in spans if one.name == name]
    return found


def test_one_trace_leads_from_the_request_to_the_receiver(
    collector: Collector, people: People, background: Worker, deliveries: Deliveries
) -> None:
    with tracing(collector) as tracer, receiving() as receiver:
        deliveries.endpoint(receiver.url, "filed")
        case = people.buyer.post("/v1/disputes", FILING, traceparent=SENT).json()["id"]
        background.catch_up()
        with deliveries.sending():
            until(lambda: receiver.taken)
        tracer.send()
    spans = collector.of_trace(SENT_TRACE)
    request = named(spans, "POST /v1/disputes")
    assert (request.parent, request.kind) == (SENT_SPAN, 2)
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": "/v1/disputes",
        "http.response.status_code": 201,
        "redress.case": case,
    }
    for name in ("append", "dispatch", "webhook"):
        assert named(spans, name).parent == request.span
    projected = [one for one in spans if one.name == "project"]
    assert {one.parent for one in projected} == {request.span}
    # All views take a batch together.
    names = {one.attributes["redress.views"] for one in projected}
    assert {name for together in names for name in str(together).split()} > VIEWS
    # The receiver goes on below the very span that sent the message.
    (message,) = receiver.taken
    sent = named(spans, "webhook")
    assert message.headers["traceparent"] == f"00-{SENT_TRACE}-{sent.span}-01"
    query = "SELECT state FROM events WHERE originator_id = %s"
    (kept,) = deliveries.rows(query, case)
    assert f"00-{SENT_TRACE}-{request.span}-01".encode() in kept["state"]
    assert collector.resource.keys() == {"service.name", "service.version"}


def test_what_the_worker_does_stays_in_the_trace_of_what_caused_it(
    people: People, background: Worker, system: System, clock: Clock
) -> None:
    case = people.buyer.post("/v1/disputes", FILING, traceparent=SENT).json()["id"]
    other = SENT.replace("4bf9", "5bf9")
    people.mediator.post(f"/v1/disputes/{case}/admission", {}, traceparent=other)
    background.catch_up()
    clock.forward(days=30)
    background.catch_up()
    replay = people.auditor.get(f"/v1/audit/disputes/{case}/replay").text
    events = system.disputes.find(UUID(case)).events
    assert all(one.trace is not None for one in events), replay
    by_clock = [one for one in events if one.actor.role == "clock"]
    assert {one.trace for one in by_clock} <= {SENT, other}
    assert other in {one.trace for one in by_clock}


def test_nothing_is_sent_of_what_is_not_sampled(
    collector: Collector, people: People, background: Worker
) -> None:
    with tracing(collector, share=0.0) as tracer:
        people.buyer.post("/v1/disputes", FILING, traceparent=UNSAMPLED)
        people.buyer.get("/v1/disputes")
        background.catch_up()
        tracer.send()
    assert collector.spans == []


def test_without_a_trace_a_request_begins_one(
    collector: Collector, people: People
) -> None:
    with tracing(collector) as tracer:
        people.buyer.get("/v1/disputes")
        people.buyer.get(f"/v1/disputes/{uuid4()}")
        tracer.send()
    first, second = collector.spans
    assert (first.parent, second.parent) == ("", "")
    assert collector.paths == {"/v1/traces"}
    assert first.trace != second.trace
    assert second.attributes["redress.problem"] == "not-found"


def test_a_failed_step_is_marked_and_says_nothing_of_its_error(
    collector: Collector,
) -> None:
    with tracing(collector) as tracer:
        with pytest.raises(ValueError, match=CANARY), step("append", [SENT]):
            raise ValueError(CANARY)
        with step("webhook", [SENT]) as attempt:
            attempt.has_failed = True
        with step("append", [SENT]):
            pass
        tracer.send()
    assert [one.failed for one in collector.spans] == [True, True, False]
    assert CANARY.encode() not in collector.bytes


def test_a_batch_has_a_span_in_each_trace_but_not_in_thousands(
    collector: Collector,
) -> None:
    many = [f"00-{number:032x}-{number:016x}-01" for number in range(1, 1_001)]
    with tracing(collector) as tracer:
        with step("project", [*many, *many, None]):
            pass
        tracer.send()
    assert len(collector.spans) == MOST_TRACES
    assert len({one.trace for one in collector.spans}) == MOST_TRACES


def test_no_span_holds_what_a_request_brought(
    collector: Collector, people: People, http: TestClient[Any], background: Worker
) -> None:
    with tracing(collector) as tracer:
        filed = people.buyer.file(facts=CANARY, contact=f"{CANARY}@example.com")
        case = filed.json()["id"]
        people.buyer.post(
            f"/v1/disputes/{case}/messages", {"text": CANARY}, User_Agent=CANARY
        )
        people.buyer.get("/v1/disputes", cursor=CANARY)
        http.get(f"/{CANARY}", headers={"Authorization": f"Bearer {CANARY}"})
        http.request(CANARY, f"/v1/{CANARY}")
        background.catch_up()
        tracer.send()
    assert len(collector.spans) > 10
    assert CANARY.encode() not in collector.bytes
    assert b"b-1" not in collector.bytes


def test_a_trace_goes_on_also_where_nothing_is_traced(
    people: People, background: Worker, deliveries: Deliveries
) -> None:
    with receiving() as receiver:
        deliveries.endpoint(receiver.url, "filed")
        people.buyer.post("/v1/disputes", FILING, traceparent=SENT)
        background.catch_up()
        with deliveries.sending():
            until(lambda: receiver.taken)
    assert receiver.taken[0].headers["traceparent"] == SENT


def test_an_attempt_that_fails_is_a_failed_span(
    collector: Collector, people: People, background: Worker, deliveries: Deliveries
) -> None:
    with (
        tracing(collector) as tracer,
        receiving(lambda _: Answer(status=500)) as receiver,
    ):
        deliveries.endpoint(receiver.url, "filed")
        people.buyer.post("/v1/disputes", FILING, traceparent=SENT)
        background.catch_up()
        with deliveries.sending():
            until(lambda: len(receiver.received) > 1)
        tracer.send()
    tried = [one for one in collector.spans if one.name == "webhook"]
    assert all(one.failed for one in tried)
    assert [one.attributes["redress.attempt"] for one in tried][:2] == [1, 2]


def test_a_process_sends_what_is_left_when_it_ends(
    collector: Collector, tmp_path: Path
) -> None:
    program = (
        "from interface.run.traces import start_traces\n"
        "from interface.settings.settings import read\n"
        "from application.telemetry.steps import step\n"
        "start_traces(read())\n"
        f"with step('append', ['{SENT}']): pass\n"
    )
    environ = {"REDRESS_OTLP_URL": collector.url, "REDRESS_HOME": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-c", program], env=os.environ | environ, check=True
    )
    assert [one.name for one in collector.spans] == ["append"]


def test_a_collector_that_is_away_holds_nothing_up(people: People) -> None:
    with collecting() as gone:
        pass
    with tracing(gone):
        assert people.buyer.get("/v1/disputes").status_code == 200


def test_without_a_collector_the_library_is_not_loaded(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "import interface.run.server, interface.run.worker\n"
        "from interface.run.traces import start_traces\n"
        "from interface.settings.settings import read\n"
        "start_traces(read())\n"
        "print(any(one.startswith('opentelemetry.sdk') for one in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"REDRESS_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
