"""A client for each role on an application of its own, with a clock that stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar.testing import TestClient

from domain.roles import Role
from interface.api.recorded_reads import WATCHED
from interface.bootstrap import System, wire
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from interface.client import Redress
from interface.run.worker import Worker
from interface.settings import settings
from tests.conftest import Clock
from tests.http_app import serving

HOST = "http://testserver.local"

FILING: dict[str, Any] = {
    "seller": "s-1",
    "order": {
        "id": "o-1",
        "line": "1",
        "paid": {"amount": "129.00", "currency": "CNY"},
        "received_at": "2026-02-27T09:30:00+08:00",
    },
    "category": "quality",
    "reason": "defect",
    "claim": {"kind": "refund", "amount": {"amount": "129.00", "currency": "CNY"}},
    "facts": "The kettle leaks at the handle.",
    "contact": "b1@example.com",
    "evidence_note": "Photos follow.",
    "channel": "order-page",
}


def wired(url: str, home: Path, clock: Clock) -> System:
    """Return a system on a database, in a home, with a clock that stands."""
    read = settings.read(
        {
            "REDRESS_HOME": str(home),
            "REDRESS_UPLOAD_LIMIT": "6000000",
            # Properties file more than any buyer does.
            "REDRESS_CASES_PER_DAY": "1000000",
            "DATABASE_URL": url,
        }
    )
    return wire(read, url, url, clock)


@pytest.fixture
def system(url: str, tmp_path: Path, clock: Clock) -> Iterator[System]:
    one = wired(url, tmp_path, clock)
    yield one
    one.close()


@pytest.fixture
def http(system: System) -> Iterator[TestClient[Any]]:
    with serving(system) as client:
        yield client


class PromptWorker(Worker):
    """A worker that does by hand what readers wait for, unless parts are named.

    Each part needs a session of its own, and those that sign, audit and sweep are half
    of what a test waits for. `whole_worker` does all.
    """

    USUAL = ("sequencer", "standing", "views", "deliveries")

    def catch_up(self, *names: str) -> None:
        super().catch_up(*(names or self.USUAL))


@pytest.fixture
def background(system: System) -> Iterator[Worker]:
    worker = PromptWorker(system)
    yield worker
    worker.close()


@pytest.fixture
def whole_worker(system: System) -> Iterator[Worker]:
    worker = Worker(system)
    yield worker
    worker.close()


class Person:
    """Someone with a token, who talks to the API."""

    def __init__(self, http: TestClient[Any], system: System, caller: Caller) -> None:
        self.http = http
        token = DevelopmentKey(system.settings.home).token(caller, timedelta(days=1))
        self.headers = {"Authorization": f"Bearer {token}"}
        if caller.role in WATCHED:
            self.headers["Purpose"] = "Audit 2026-Q1"

    @property
    def client(self) -> Redress:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        purpose = self.headers.get("Purpose")
        return Redress(HOST, token=token, purpose=purpose, http=self.http)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(path, params=query, headers=self.headers)

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        match: str | None = "*",
        **headers: str,
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = self.headers | {"Idempotency-Key": key or str(uuid4())} | named
        if match is not None:
            sent["If-Match"] = match
        return self.http.post(path, json=body, headers=sent)

    def file(self, **changes: Any) -> httpx.Response:
        return self.post("/v1/disputes", FILING | changes)

    def upload(
        self,
        case: str,
        content: bytes,
        *,
        media_type: str = "image/png",
        key: str | None = None,
        match: str = "*",
        **fields: str,
    ) -> httpx.Response:
        headers = self.headers | {
            "Idempotency-Key": key or str(uuid4()),
            "If-Match": match,
        }
        return self.http.post(
            f"/v1/disputes/{case}/evidence",
            files={"file": ("crack.png", content, media_type)},
            data={"kind": "photo"} | fields,
            headers=headers,
        )

    def act(self, case: str, action: str, body: Any = None, **how: Any) -> Any:
        response = self.post(f"/v1/disputes/{case}/{action}", body, **how)
        assert response.status_code in {200, 201}, response.text
        return response.json()


class People:
    """One of each role, made when first asked for."""

    def __init__(self, http: TestClient[Any], system: System) -> None:
        self._http, self._system = http, system

    def __getattr__(self, role: str) -> Person:
        if role not in set(Role):
            raise AttributeError(role)
        return self.named(role, "v-1" if role == "supervisor" else f"{role[0]}-1")

    def named(self, role: str, subject: str, platform: str | None = "shop") -> Person:
        caller = Caller(subject=subject, role=Role(role), platform=platform)
        return Person(self._http, self._system, caller)


def full_health(http: TestClient[Any]) -> httpx.Response:
    """Ask for health as one who is told what is wrong."""
    caller = Caller(subject="g-1", role=Role.REGULATOR, platform=None)
    return Person(http, http.app.state.system, caller).get("/health/ready")


@pytest.fixture
def people(http: TestClient[Any], system: System) -> People:
    return People(http, system)


def file_for(people: People, order: str = "o-1", **changes: Any) -> str:
    """File a case on an order; return its id."""
    order_line = FILING["order"] | {"id": order}
    response = people.buyer.file(order=order_line, **changes)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])
