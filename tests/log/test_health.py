"""What health, metrics and the doctor say when a part of the log fails or is dead."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from application.jobs.leader import LeaderJob
from application.jobs.status import fork, report
from application.log.build.integrate import LogBuilder
from application.record.sequencer import Sequencer
from interface.bootstrap import System
from interface.cli import doctor
from interface.health import health
from interface.run.worker import Worker
from tests.conftest import Clock
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
from tests.log.owner_edits import owner_without_triggers
from tests.log.witness_fixture import LOG_KEYS

__all__ = ["background", "http", "people", "system"]


def say(system: System, part: str, problem: str | None, minutes: float = 0) -> None:
    with owner_without_triggers(system.url) as owner:
        report(owner, part, 3, problem)
        owner.execute(
            "UPDATE log_reports SET at = at - %s WHERE part = %s",
            (timedelta(minutes=minutes), part),
        )


def wrong(http: TestClient[Any]) -> list[str]:
    return list(full_health(http).json()["wrong"])


def test_an_auditor_that_says_nothing_any_more_is_named(
    people: People, background: Worker, http: TestClient[Any], system: System
) -> None:
    file_for(people)
    background.catch_up()
    say(system, "auditor", None, 4)
    assert wrong(http) == []
    say(system, "auditor", None, 7)
    assert wrong(http) == ["auditor: it has not reported for 7 min"]
    gauge = 'redress_finding{kind="silent",part="auditor",severity="unready"} 1.0'
    assert gauge in http.get("/metrics").text.splitlines()


def test_an_event_that_waits_for_long_is_named(
    people: People, background: Worker, http: TestClient[Any], clock: Clock
) -> None:
    file_for(people)
    background.catch_up()
    file_for(people, order="o-2")
    clock.forward(seconds=50)
    assert wrong(http) == []
    clock.forward(seconds=80)
    waited = "an event has waited for 2 min"
    (said,) = wrong(http)
    assert said == f"{waited} for a position: the sequencer does not act"
    background.catch_up("sequencer")
    (said,) = wrong(http)
    assert said == f"{waited} to be logged: the log does not grow"
    background.catch_up("log")
    (said,) = wrong(http)
    assert said == f"{waited} to be signed: the signer does not act"
    background.catch_up()
    assert wrong(http) == []


@contextmanager
def running(one: LeaderJob) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=one.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize(
    ("part", "table"), [("log", "log_tiles"), ("sequencer", "ledger")]
)
def test_a_part_that_cannot_write_says_so_until_it_can(
    people: People,
    background: Worker,
    http: TestClient[Any],
    system: System,
    part: str,
    table: str,
) -> None:
    file_for(people)
    background.catch_up()
    background.close()
    with psycopg.connect(system.url, autocommit=True) as owner:
        owner.execute(f"REVOKE INSERT ON redress.{table} FROM redress_app".encode())
        file_for(people, order="o-2")
        if part == "log":
            background.catch_up("sequencer")
            background.close()
        one = LogBuilder(system.url) if part == "log" else Sequencer(system.url)
        with running(one):
            denied = f"{part}: permission denied for table {table}"
            assert within_seconds(5, lambda: wrong(http) == [denied])
            owner.execute(f"GRANT INSERT ON redress.{table} TO redress_app".encode())
            assert within_seconds(5, lambda: wrong(http) == [])


def test_a_witness_that_is_away_does_no_harm_but_one_that_contradicts_does(
    http: TestClient[Any], system: System, tmp_path: Path
) -> None:
    policy = tmp_path / "policy"
    settings = replace(system.settings, log=replace(system.settings.log, policy=policy))
    watched = replace(system, settings=settings)
    key = LOG_KEYS.verifiers[1]
    policy.write_text(f"witness w {key.vkey} https://w.example\nquorum w\n")
    part = f"witness {key.name}"
    say(system, part, "https://w.example: refused")
    say(system, "witness gone.example", fork("long ago"))
    say(system, "witnesses", "0 cosignatures are not enough for the quorum")
    found = health(watched)
    assert found.wrong == ()
    assert {one.part for one in found.log.parts} == {part, "witnesses"}
    say(system, part, fork("it has another tree"))
    assert health(watched).wrong == (f"{part}: {fork('it has another tree')}",)
    policy.write_text("quorum none\n")
    assert [one.part for one in health(watched).log.parts] == ["witnesses"]
    assert health(system).log.parts == ()
    assert "gone.example" not in http.get("/metrics").text


def test_the_doctor_says_all_that_health_says(
    people: People,
    background: Worker,
    system: System,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    file_for(people)
    background.catch_up()
    key = LOG_KEYS.verifiers[1]
    policy = tmp_path / "policy"
    policy.write_text(f"witness w {key.vkey} https://w.example\nquorum w\n")
    settings = replace(system.settings, log=replace(system.settings.log, policy=policy))

    def found_by_doctor() -> dict[str, str]:
        one = replace(system, settings=settings)
        monkeypatch.setattr(doctor, "build", lambda _: one)
        monkeypatch.setattr(type(one), "close", lambda _: None)
        return dict(doctor.examined(settings))

    at_first = found_by_doctor()
    assert {said.partition(";")[0] for said in at_first.values()} == {"ok"}
    audited = at_first["view queue"]
    assert audited.startswith("ok; as the record says up to position 2, audited 20")
    whole = at_first["log, whole"]
    assert whole.startswith("ok; up to position 2, audited 20")
    say(system, "auditor", "chain: case 7 is broken")
    say(system, f"witness {key.name}", "https://w.example: refused")
    file_for(people, order="o-2")
    system.clock.forward(minutes=3)  # type: ignore[attr-defined]
    with system.database.get_connection() as connection:
        connection.execute("UPDATE followers SET halted = 'x' WHERE name = 'queue'")
    found = found_by_doctor()
    assert found["log, auditor"] == "auditor: chain: case 7 is broken"
    away = f"witness {key.name}: https://w.example: refused"
    assert found[f"log, witness {key.name}"] == away
    assert found["sequencer"].endswith("events have no position yet")
    assert found["view queue"] == "queue halted at x (redress views)"
    assert "the sequencer does not act" in found["log"]
    shown = "; ".join(found.values())
    wrongs = health(replace(system, settings=settings)).wrong
    assert len(wrongs) >= 3
    assert away not in wrongs
    assert all(one.split(": ", 1)[-1] in shown for one in wrongs)
