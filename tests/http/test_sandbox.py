"""The sandbox's clock: shared by all processes, forward only, gone in production."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwt.algorithms import OKPAlgorithm

from interface import settings
from interface.bootstrap import System, wire
from interface.clock import TestClock
from interface.run.worker import Worker
from tests.http.conftest import People, file_for
from tests.http_app import serving


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
