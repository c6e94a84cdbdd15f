"""The sandbox's clock: shared by all processes, forward only, gone in production."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwt.algorithms import OKPAlgorithm

from interface.bootstrap import System, wire
from interface.clock import TestClock
from interface.health import examined
from interface.run.worker import Worker
from interface.settings import settings
from tests.http.conftest import FILING, People, file_for
from tests.http.test_worker import within_seconds
from tests.http_app import serving
from tests.statement_key_file import statement_key_file
from tests.test_startup_checks import redress


@pytest.fixture
def sandbox(url: str, tmp_path: Path) -> Iterator[System]:
    read = settings.read({"REDRESS_HOME": str(tmp_path), "DATABASE_URL": url})
    one = wire(read, url, url)
    yield one
    one.close()


def test_a_client_moves_the_clock_and_every_process_sees_it(sandbox: System) -> None:
    with serving(sandbox) as http:
        people = People(http, sandbox)
        moved = people.buyer.post("/v1/sandbox/clock", {"advance": "P3DT4H"}).json()
        assert moved["ahead_seconds"] == 273_600
        assert people.buyer.get("/v1/sandbox/clock").json()["ahead_seconds"] == 273_600
    other_process = TestClock(sandbox.settings.home)
    assert other_process() - datetime.now(UTC) > timedelta(days=3)


def test_a_clock_is_moved_once_under_a_key(sandbox: System) -> None:
    with serving(sandbox) as http:
        buyer = People(http, sandbox).buyer
        path, day = "/v1/sandbox/clock", {"advance": "P1D"}
        first = buyer.post(path, day, key="one")
        assert buyer.post(path, day, key="one").content == first.content
        assert buyer.post(path, {"advance": "P2D"}, key="one").status_code == 422
        assert buyer.get(path).json()["ahead_seconds"] == 86_400


def test_what_a_moved_clock_has_only_now_made_due_is_not_late(
    sandbox: System,
) -> None:
    with serving(sandbox) as http:
        people = People(http, sandbox)
        file_for(people)
        worker = Worker(sandbox)
        worker.catch_up()
        people.buyer.post("/v1/sandbox/clock", {"advance": "P9D"})
        assert http.get("/health/ready").status_code == 200
        file = sandbox.settings.home / "test-clock"
        os.utime(file, (time.time() - 120,) * 2)
        assert http.get("/health/ready").status_code == 503
        worker.close()


@pytest.mark.parametrize(
    "length", ["-P1D", "a day", "P", "PT", "1D", "P1.5D", "", "P37000D"]
)
def test_a_length_that_is_none(sandbox: System, length: str) -> None:
    with serving(sandbox) as http:
        people = People(http, sandbox)
        response = people.buyer.post("/v1/sandbox/clock", {"advance": length})
        assert response.status_code == 400
        assert people.buyer.get("/v1/sandbox/clock").json()["ahead_seconds"] == 0


def test_in_production_there_is_no_such_clock(
    url: str, tmp_path: Path, sandbox: System
) -> None:
    environ: dict[str, Any] = {
        "REDRESS_MODE": "production",
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_JWKS": str(tmp_path / "keys.json"),
        "REDRESS_ISSUER": "issuer",
        "REDRESS_AUDIENCE": "redress",
        "REDRESS_MASTER_KEY": str(sandbox.settings.master_key),
        "REDRESS_STATEMENT_KEY": statement_key_file(tmp_path),
        "DATABASE_URL": url,
    }
    public = ed25519.Ed25519PrivateKey.generate().public_key()
    key = OKPAlgorithm.to_jwk(public, as_dict=True) | {"kid": "1"}
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [key]}))
    system = wire(settings.read(environ), url, url)
    with serving(system) as http:
        # As any path that is not there, to strangers.
        assert http.get("/v1/sandbox/clock").status_code == 401
        assert "/v1/sandbox/clock" not in {one.path for one in http.app.routes}


def test_a_write_beside_a_jump_of_the_clock_never_looks_back_dated(
    sandbox: System,
) -> None:
    worker = Worker(sandbox)
    worker.start()
    refused: list[str] = []

    def write(people: People, name: int) -> None:
        for number in range(12):
            order = FILING["order"] | {"id": f"o-{name}-{number}", "received_at": None}
            filed = people.buyer.file(order=order)
            if filed.status_code != 201:
                refused.append(filed.text)

    with serving(sandbox) as http:
        people = People(http, sandbox)
        writers = [threading.Thread(target=write, args=(people, n)) for n in range(4)]
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            moved = people.buyer.post("/v1/sandbox/clock", {"advance": "PT30M"})
            assert moved.status_code == 200
            time.sleep(0.1)
        for writer in writers:
            writer.join()
        assert refused == []
        assert within_seconds(30, lambda: signed_all(sandbox))
        worker.stop()
    done = redress(sandbox.settings.home, sandbox.url, "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("intact:")


def signed_all(system: System) -> bool:
    log = examined(system).log
    return log.unlogged == 0 and log.size == log.signed > 0


def test_a_signer_waits_for_what_was_recorded_before_the_clock_jumped(
    sandbox: System,
) -> None:
    worker = Worker(sandbox)
    (one,) = [part for part in worker.led if part.name == "signer"]
    with serving(sandbox) as http:
        people = People(http, sandbox)
        file_for(people)
        for part in ("sequencer", "log"):
            (job,) = [each for each in worker.led if each.name == part]
            while job.tick():
                pass
        # Recorded, but without a position yet.
        file_for(people, order="o-2")
        people.buyer.post("/v1/sandbox/clock", {"advance": "P30D"})
        assert one.tick() == 0
        worker.catch_up()
        assert signed_all(sandbox)
        worker.close()
    done = redress(sandbox.settings.home, sandbox.url, "verify")
    assert (done.returncode, done.stdout[:7]) == (0, "intact:")


def test_whoever_moves_the_clock_waits_for_the_writes_that_hold_it(
    tmp_path: Path,
) -> None:
    here, elsewhere = TestClock(tmp_path), TestClock(tmp_path)
    moved = threading.Event()

    def move() -> None:
        elsewhere.advance(timedelta(days=1))
        moved.set()

    with here.held():
        before = here()
        thread = threading.Thread(target=move)
        thread.start()
        assert not moved.wait(0.3)
        with here.held():
            assert here() - before < timedelta(hours=1)
    assert moved.wait(5)
    thread.join()
    with here.held():
        assert here() - before >= timedelta(days=1)


def test_two_that_move_the_clock_at_once_move_it_twice(tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=TestClock(tmp_path).advance, args=(timedelta(days=1),))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert TestClock(tmp_path).ahead == timedelta(days=8)
