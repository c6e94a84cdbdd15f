"""A worker that is told to end ends its batch, and loses no message that it sends."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.roles import Role
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from tests.deliveries.patience import until
from tests.deliveries.receiver import Answer, receiving
from tests.http.conftest import FILING
from tests.processes import (
    Process,
    free_port,
    http_client,
    serving_environ,
    wait_until_ready,
)

pytestmark = pytest.mark.kill

CASES = 9
RECENT = FILING["order"] | {"received_at": None}


def test_what_is_being_sent_is_taken_once_when_the_worker_is_restarted(
    url: str, tmp_path: Path
) -> None:
    port = free_port()
    at = f"http://127.0.0.1:{port}"
    environ = serving_environ(
        url, tmp_path, port, REDRESS_WEBHOOK_NETWORKS="127.0.0.0/8"
    )
    server = Process(environ, "serve")
    wait_until_ready(at)
    key = DevelopmentKey(tmp_path)

    def headers(role: str, subject: str) -> dict[str, str]:
        caller = Caller(subject=subject, role=Role(role), platform="shop")
        token = key.token(caller, timedelta(hours=1))
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}

    # Slow, so that messages are under way whenever the worker is told to end.
    with receiving(lambda _: Answer(seconds=0.4)) as receiver, http_client() as client:
        worker = Process(environ, "work")
        made = client.post(
            f"{at}/v1/webhooks",
            json={"url": receiver.url, "events": ["filed"]},
            headers=headers("supervisor", "v-1"),
        )
        assert made.status_code == 201, made.text
        filed = set()
        for number in range(CASES):
            body = FILING | {"order": RECENT | {"id": f"o-{number}"}}
            answer = client.post(
                f"{at}/v1/disputes", json=body, headers=headers("buyer", "b-1")
            )
            filed.add(UUID(answer.json()["id"]))
            if number % 3 == 2 and number < CASES - 1:
                seen = len(receiver.received)
                until(partial(lambda seen: len(receiver.received) > seen, seen))
                assert worker.stop() == 0
                worker.start()
        until(lambda: len(receiver.received) >= CASES, 60)
        assert worker.stop() == 0
    assert server.stop() == 0
    told = [UUID(one.message["dispute"]) for one in receiver.received]
    assert set(told) == filed
    # Given time to end, none is sent twice.
    assert len(told) == CASES
    with psycopg.connect(url) as session:
        rows = session.execute("SELECT DISTINCT state FROM redress.deliveries")
        assert rows.fetchall() == [("delivered",)]
