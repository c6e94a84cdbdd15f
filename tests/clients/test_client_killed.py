"""`redress-client` on a real server: killed under it, and following its feed."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from domain.roles import Role
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from interface.client import Redress, RetryRules
from interface.client.generated.models import (
    EventMessage,
    FilingBody,
    MoneyBody,
    OrderBody,
    TermsBody,
)
from tests.processes import (
    PATIENCE,
    Process,
    free_port,
    serving_environ,
    wait_until_ready,
)
from tests.sizes import sized

pytestmark = [pytest.mark.kill, pytest.mark.long]

PATIENT = RetryRules(attempts=200, pause=0.05, longest_pause=0.2, total=60.0)
PAID = MoneyBody(amount="129.00", currency="CNY")
KILLS, MOMENT = sized(2, 3), 1.0


def filing(number: int) -> FilingBody:
    return FilingBody(
        seller="s-1",
        order=OrderBody(id=f"o-{number}", line="1", paid=PAID),
        category="quality",
        reason="defect",
        claim=TermsBody(kind="refund", amount=PAID),
        facts="The kettle leaks at the handle.",
        contact="b1@example.com",
        evidence_note="Photos follow.",
    )


def test_a_server_is_killed_under_a_client_that_never_notices(
    url: str, tmp_path: Path
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environ = serving_environ(url, tmp_path, port, REDRESS_CASES_PER_DAY="1000000")
    server = Process(environ, "serve", "--with-worker")
    wait_until_ready(address)
    key = DevelopmentKey(tmp_path)

    def client(role: Role, subject: str) -> Redress:
        caller = Caller(subject=subject, role=role, platform="shop")
        token = key.token(caller, timedelta(hours=1))
        return Redress(address, token=token, retries=PATIENT)

    over, told = threading.Event(), list[EventMessage]()
    filed, withdrawn = list[str](), list[str]()

    def work() -> None:
        with client(Role.BUYER, "b-1") as buyer:
            while not over.is_set():
                case = buyer.file(filing(len(filed)))
                filed.append(str(case.id))
                case.actions.withdraw_dispute(reason="Enough.")
                withdrawn.append(str(case.id))

    def follow() -> None:
        with client(Role.SUPERVISOR, "v-1") as supervisor:
            for message in supervisor.follow(wait=1):
                told.append(message)
                if over.is_set() and len(told) >= 3 * len(filed):
                    return

    threads = [threading.Thread(target=one, daemon=True) for one in (work, follow)]
    for one in threads:
        one.start()
    for _ in range(KILLS):
        time.sleep(MOMENT)
        before = len(filed)
        server.kill()
        server.start()
        wait_until_ready(address)
        until = time.monotonic() + PATIENCE
        while len(filed) <= before + 1:
            assert time.monotonic() < until, "the client never came back"
            time.sleep(0.02)
    over.set()
    for one in threads:
        one.join(timeout=60)
        assert not one.is_alive()
    assert len(filed) == len(withdrawn) > KILLS
    assert len({*filed}) == len(filed)
    with psycopg.connect(url) as session:
        rows = session.execute(
            "SELECT originator_id, array_agg(topic ORDER BY originator_version)"
            " FROM redress.events WHERE topic NOT IN ('rules-adopted', 'notice-served')"
            " GROUP BY 1"
        ).fetchall()
    # Each command once, however often it was sent.
    recorded = {str(case): topics for case, topics in rows}
    assert recorded == {case: ["filed", "withdrawn", "closed"] for case in filed}
    # And each event once in the feed, in order, over all the kills.
    positions = [one.position for one in told]
    assert positions == sorted({*positions})
    ended = [str(one.dispute) for one in told if one.type == "closed"]
    assert ended == filed
    assert server.stop() == 0
