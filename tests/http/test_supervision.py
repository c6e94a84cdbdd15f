"""A part of the worker that dies is named, started again, and ends in order."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent
from litestar.testing import TestClient
from psycopg.conninfo import conninfo_to_dict

from application.jobs import supervision
from application.jobs.supervision import Supervisor
from application.privacy.data_keys import FRESH_SECONDS, KeyStore
from application.record.database import Database
from application.record.schema.migrations import KEYS
from interface.bootstrap import System
from interface.run.due_commands import Agenda
from interface.run.key_cache import KeyCacheRefresh
from interface.run.worker import Worker
from projections.following.view_job import ViewJob
from projections.registry import VIEWS
from tests.conftest import MASTER, Clock
from tests.http.conftest import People, file_for, full_health
from tests.http.test_worker import within_seconds
from tests.postgres import Server
from tests.processes import adopted, free_port


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_SECONDS", 0.05)
    monkeypatch.setattr(supervision, "STEADY_SECONDS", 0.5)


def wrong(http: TestClient[Any]) -> list[str]:
    return list(full_health(http).json()["wrong"])


def test_an_event_under_a_topic_it_does_not_fit_is_named_by_the_part_it_halts(
    http: TestClient[Any],
    people: People,
    system: System,
    caplog: pytest.LogCaptureFixture,
) -> None:
    file_for(people)
    odd = StoredEvent(uuid4(), 1, "ruled", b'{"type":"ruled","secret":"nobody"}')
    system.record._recorder.insert_events([odd])  # noqa: SLF001 - as an owner could
    worker = Worker(system)
    worker.start()
    try:
        assert within_seconds(
            10, lambda: any(one.startswith("standing halted at") for one in wrong(http))
        )
        # Its thread goes on, and is there when the event is out of the way.
        assert restarts(http, "standing") == 0
        assert "secret" not in caplog.text
    finally:
        worker.stop()


def restarts(http: TestClient[Any], thread: str) -> float:
    begins = f'redress_thread_restarts{{thread="{thread}"}} '
    lines = http.get("/metrics").text.splitlines()
    found = [float(one.removeprefix(begins)) for one in lines if one.startswith(begins)]
    return found[0] if found else 0.0


def test_whatever_ends_a_thread_it_is_started_again(url: str) -> None:
    seen: list[str] = []

    def run(stop: threading.Event) -> None:
        seen.append("run")
        match len(seen):
            case 1:
                raise RuntimeError
            case 2:
                raise SystemExit
            case 3:
                return
            case _:
                stop.wait()

    supervisor = Supervisor(url, {"odd": run})
    supervisor.start()
    assert within_seconds(10, lambda: len(seen) == 4)
    supervisor.stop()
    assert len(seen) == 4
    assert not [one for one in threading.enumerate() if one.name == "odd"]


def test_what_ended_a_thread_is_told_once_the_database_is_back(
    http: TestClient[Any], server: Server, url: str
) -> None:
    name = conninfo_to_dict(url)["dbname"]

    def let_in(state: str) -> None:
        with psycopg.connect(server.url, autocommit=True) as owner:
            words = f"ALTER DATABASE {name} ALLOW_CONNECTIONS {state}"
            owner.execute(words.encode())

    once = [RuntimeError()]

    def run(stop: threading.Event) -> None:
        if once:
            raise once.pop()
        stop.wait()

    # The server that answers has its connection already.
    assert restarts(http, "odd") == 0
    let_in("false")
    supervisor = Supervisor(url, {"odd": run})
    supervisor.start()
    time.sleep(0.5)
    assert restarts(http, "odd") == 0
    let_in("true")
    assert within_seconds(10, lambda: restarts(http, "odd") == 1)
    supervisor.stop()


def test_a_view_that_cannot_be_written_is_named_and_waits(
    http: TestClient[Any], people: People, system: System, background: Worker
) -> None:
    file_for(people)
    background.catch_up("sequencer")
    background.close()
    sample = 'redress_finding{kind="problem",part="queue",severity="warning"} 1.0'

    def is_named() -> bool:
        return sample in http.get("/metrics").text.splitlines()

    with psycopg.connect(system.url, autocommit=True) as owner:
        owner.execute("REVOKE INSERT ON redress.queue FROM redress_app")
        views = ViewJob(system.url, VIEWS)
        supervisor = Supervisor(system.url, {"views": views.run})
        supervisor.start()
        try:
            assert within_seconds(10, is_named)
            owner.execute("GRANT INSERT ON redress.queue TO redress_app")
            assert within_seconds(10, lambda: not is_named())
            rows = owner.execute("SELECT count(*) FROM redress.queue").fetchone()
            parked = owner.execute("SELECT count(*) FROM redress.parked").fetchone()
            assert (rows, parked) == ((1,), (0,))
        finally:
            supervisor.stop()


def test_a_row_of_the_agenda_that_fails_keeps_no_other_from_being_sent(
    people: People, system: System, background: Worker, clock: Clock
) -> None:
    cases = [file_for(people, order=f"o-{n}") for n in range(3)]
    parts = [one for one in background.led if one.name in {"sequencer", "views"}]
    while sum(part.tick() for part in parts):
        pass
    with psycopg.connect(system.url, autocommit=True) as owner:
        odd = "UPDATE redress.agenda SET name = 'odd' WHERE case_id = %s"
        owner.execute(odd, (cases[0],))
    clock.forward(days=60)
    with pytest.raises(ValueError, match="odd"):
        Agenda(system).tick()
    versions = [system.disputes.find(UUID(case)).version for case in cases]
    assert versions[0] == 1
    assert min(versions[1:]) > 1


class Broken(KeyStore):
    """Keys that cannot be looked after, and remember whether they were forgotten."""

    is_empty = False

    def fresh(self, since: float = FRESH_SECONDS) -> NoReturn:
        del since
        raise RuntimeError

    def forget(self) -> None:
        self.is_empty = True


def test_keys_are_forgotten_when_nobody_looks_after_them(url: str) -> None:
    keys = Broken(Database(url, schema=KEYS.name), MASTER)
    with pytest.raises(RuntimeError):
        KeyCacheRefresh(keys).run(threading.Event())
    assert keys.is_empty


@pytest.mark.parametrize("after", [0.3, 0.8, 1.2, 1.6, 2.0, 2.6])
@pytest.mark.parametrize("command", ["serve --with-worker", "work"])
def test_a_signal_while_it_starts_ends_it_in_order(
    url: str, tmp_path: Path, command: str, after: float
) -> None:
    process = adopted(
        subprocess.Popen(
            [sys.executable, "-m", "interface", *command.split()],
            env={
                "DATABASE_URL": url,
                "REDRESS_HOME": str(tmp_path),
                "REDRESS_PORT": str(free_port()),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    )
    time.sleep(after)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert said == ""
    # Before Python itself has set anything up, the system ends it.
    assert process.returncode in {0, 128 + signal.SIGTERM, -signal.SIGTERM}
