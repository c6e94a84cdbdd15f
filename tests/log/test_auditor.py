"""The background audit: what it finds is in health and metrics until it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient
from psycopg import Connection
from psycopg.rows import TupleRow

from application.jobs.status import reports
from application.log.fsck.auditor import BETWEEN_SECONDS, Auditor
from application.log.fsck.trusted_checkpoints import Trust
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.http.conftest import (
    People,
    file_for,
    full_health,
    http,
    people,
    system,
)
from tests.http.conftest import whole_worker as background
from tests.http.test_worker import within_seconds
from tests.log.log_fixture import LogFixture
from tests.log.owner_edits import owner_without_triggers
from tests.log.signer_fixture import SignerFixture

__all__ = ["background", "http", "people", "system"]


def gauges(http: TestClient[Any]) -> dict[str, float]:
    answer = http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = (line for line in answer.text.splitlines() if not line.startswith("#"))
    return {
        name: float(value) for name, _, value in (one.partition(" ") for one in lines)
    }


def test_health_and_metrics_tell_of_the_log(
    people: People, background: Worker, http: TestClient[Any]
) -> None:
    file_for(people)
    background.catch_up()
    shown = full_health(http).json()
    log = shown["log"]
    assert (shown["status"], shown["wrong"]) == ("ready", [])
    assert log["size"] == log["signed"] > 0
    assert (log["cosigned"], log["unlogged"]) == (0, 0)
    parts = {"signer", "auditor", "audited", "view-auditor", "custody"}
    assert {one["part"] for one in log["parts"]} == parts
    found = gauges(http)
    assert found["redress_ready"] == 1
    assert found["redress_log_entries"] == found["redress_log_signed_entries"] > 0
    assert found['redress_log_part_problem{part="auditor"}'] == 0
    assert found['redress_log_part_reached{part="auditor"}'] > 0


def test_what_the_audit_finds_makes_the_system_not_ready_until_it_is_mended(
    people: People, background: Worker, http: TestClient[Any], url: str
) -> None:
    case = file_for(people)
    background.catch_up()
    with owner_without_triggers(url) as owner:
        owner.execute("CREATE TABLE public.kept AS SELECT * FROM events")
        owner.execute(
            "UPDATE events SET state = 'x' WHERE originator_id = %s"
            " AND originator_version = 1",
            (case,),
        )
    background.catch_up("auditor")
    answer = full_health(http)
    assert answer.status_code == 503
    assert any(
        f"bytes: case {case}, version 1" in one for one in answer.json()["wrong"]
    )
    found = gauges(http)
    assert found["redress_ready"] == 0
    assert found['redress_log_part_problem{part="auditor"}'] == 1
    with owner_without_triggers(url) as owner:
        owner.execute(
            "UPDATE events SET state = k.state FROM public.kept k"
            " WHERE k.notification_id = events.notification_id"
        )
        owner.execute("DROP TABLE public.kept")
    background.catch_up("auditor")
    assert full_health(http).status_code == 200


@pytest.fixture
def auditor(log: LogFixture, signer: SignerFixture) -> Iterator[Auditor]:
    one = Auditor(log.url, lambda: Trust(signer.keys.verifiers))
    yield one
    one.close()


def test_it_rests_between_steps_and_longer_between_rounds(
    log: LogFixture, signer: SignerFixture, auditor: Auditor
) -> None:
    log.tell_mixed(3)
    log.build()
    signer.sign()
    assert auditor.tick() == 1
    assert 0 < auditor.rest(1) < BETWEEN_SECONDS
    while auditor.tick():
        assert 0 < auditor.rest(1) < BETWEEN_SECONDS
    assert auditor.rest(0) == BETWEEN_SECONDS
    assert auditor.tick() == 1


def test_without_a_key_to_trust_it_says_so(
    people: People, system: System, background: Worker, http: TestClient[Any]
) -> None:
    file_for(people)
    background.catch_up("sequencer", "log")
    system.settings.log.key.unlink()
    background.catch_up("auditor")
    assert any(
        "REDRESS_LOG_POLICY: has to be set" in one
        for one in full_health(http).json()["wrong"]
    )


def test_a_worker_signs_and_audits_by_itself(
    people: People, system: System, http: TestClient[Any]
) -> None:
    worker = Worker(system)
    worker.start()
    try:
        file_for(people)

        def is_signed_and_audited() -> bool:
            log = full_health(http).json()["log"]
            reached = {one["part"]: one["reached"] for one in log["parts"]}
            return log["signed"] == log["size"] > 0 and "auditor" in reached

        assert within_seconds(20, is_signed_and_audited)
    finally:
        worker.stop()


def test_an_auditor_trusts_only_the_keys_that_it_is_given(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    log.tell()
    log.build()
    signer.sign()
    one = Auditor(log.url, lambda: Trust(()))
    assert one.tick() == 0
    one.close()
    said = {one.part: one.problem for one in reports(app)}["auditor"]
    assert said is not None
    assert "no trusted key of the log has signed it" in said
