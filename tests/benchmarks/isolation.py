"""How much one kind of work holds up the others: readers and liveness under attack.

64 requests wait for a view, 8 callers take bundles of 200 MB, 300 uploads rest, and a
lock on the record holds every writer, all at once. Measured beside it, on the same
server before: the same readers alone.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import psycopg

from domain.roles import Role
from interface.bootstrap import System, wire
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from interface.run.worker import Worker
from interface.settings.settings import read
from tests.benchmarks.measurement import Bench, Rate, Result, compared
from tests.http.conftest import FILING
from tests.processes import free_port, http_client, wait_until_ready

WAITERS, BUNDLES, UPLOADS, WRITERS = 64, 8, 300, 16
FILES, FILE_BYTES = 10, 20_000_000
SECONDS = 12.0
READERS = 2


def measure(bench: Bench) -> Iterator[Result]:
    home = bench.folder / "isolation"
    with bench.database() as url, serving(home, url) as (port, process):
        case = case_with_files(url, home, port)
        attack = Attack(port, home, case)
        alone, live_alone = asyncio.run(readers(attack, SECONDS))
        with lock_on_events(url), attacked(attack):
            peak, rate, live = asyncio.run(measured(attack, process))
    against = "the same readers alone"
    yield compared("reads-under-attack", "reads/s", rate, against, alone)
    yield compared("liveness-under-attack", "reads/s", live, against, live_alone)
    p99, alone_p99 = rate.quantile(0.99) or 0.0, alone.quantile(0.99) or 1.0
    yield Result(
        name="read-p99-under-attack",
        value=p99,
        unit="ms",
        against=against,
        baseline=alone_p99,
        ratio=round(p99 / alone_p99, 2),
    )
    yield Result(
        name="memory-under-attack",
        value=round(peak / 1e6),
        unit="MB",
        against="aim 400 MB",
        baseline=400.0,
        ratio=round(peak / 4e8, 2),
    )


@contextmanager
def serving(home: Path, url: str) -> Iterator[tuple[int, psutil.Process]]:
    port = free_port()
    environ = {
        "DATABASE_URL": url,
        "REDRESS_HOME": str(home),
        "REDRESS_PORT": str(port),
        "REDRESS_CASES_PER_DAY": "1000000",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "interface", "serve"], env=os.environ | environ
    )
    wait_until_ready(f"http://127.0.0.1:{port}")
    try:
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def lock_on_events(url: str) -> Iterator[None]:
    with psycopg.connect(url) as session:
        session.execute("LOCK TABLE redress.events IN EXCLUSIVE MODE")
        yield
        session.rollback()


class Attack:
    """Tokens and paths of everybody who asks at once."""

    def __init__(self, port: int, home: Path, case: str) -> None:
        self.url, self.case = f"http://127.0.0.1:{port}", case
        self._home = home

    def headers(self, role: Role, subject: str) -> dict[str, str]:
        caller = Caller(subject=subject, role=role, platform="shop")
        token = DevelopmentKey(self._home).token(caller, timedelta(hours=1))
        return {
            "Authorization": f"Bearer {token}",
            "Purpose": "Audit",
            "If-Match": "*",
            "Idempotency-Key": str(uuid4()),
        }


def case_with_files(url: str, home: Path, port: int) -> str:
    """File a case and hand in evidence until a bundle of it has 200 MB."""
    attack = Attack(port, home, "")
    with http_client() as client:
        order = FILING["order"] | {"received_at": None}
        buyer = attack.headers(Role.BUYER, "b-1")
        filed = client.post(
            f"{attack.url}/v1/disputes", json=FILING | {"order": order}, headers=buyer
        ).json()
        client.post(
            f"{attack.url}/v1/disputes/{filed['id']}/admission",
            json={},
            headers=attack.headers(Role.MEDIATOR, "m-1"),
        )
        for n in range(FILES):
            content = b"\x89PNG\r\n\x1a\n" + bytes([n]) + os.urandom(FILE_BYTES)
            answer = client.post(
                f"{attack.url}/v1/disputes/{filed['id']}/evidence",
                files={"file": ("a.png", content, "image/png")},
                data={"kind": "photo"},
                headers=attack.headers(Role.BUYER, "b-1"),
                timeout=60,
            )
            answer.raise_for_status()
    catch_up(url, home)
    return str(filed["id"])


def catch_up(url: str, home: Path) -> None:
    """Order, follow and sign what there is, as a worker does."""
    settings = read({"DATABASE_URL": url, "REDRESS_HOME": str(home)})
    system: System = wire(settings, url, url)
    worker = Worker(system)
    worker.catch_up()
    worker.close()
    system.close()


async def readers(attack: Attack, seconds: float) -> tuple[Rate, Rate]:
    """Read a case and ask for liveness, again and again; return both rates."""
    until = time.monotonic() + seconds
    headers = attack.headers(Role.BUYER, "b-1")
    case = f"{attack.url}/v1/disputes/{attack.case}"
    async with asyncio.TaskGroup() as group:
        reads = [
            group.create_task(asked_until(until, case, headers)) for _ in range(READERS)
        ]
        live = group.create_task(
            asked_until(until, f"{attack.url}/health/live", {}, pause=0.05)
        )
    latencies = [one for task in reads for one in task.result()]
    return (
        Rate(len(latencies) / seconds, latencies),
        Rate(len(live.result()) / seconds, live.result()),
    )


async def asked_until(
    until: float, url: str, headers: dict[str, str], pause: float = 0.005
) -> list[float]:
    latencies = []
    async with httpx.AsyncClient(timeout=60) as client:
        while time.monotonic() < until:
            began = time.monotonic()
            (await client.get(url, headers=headers)).raise_for_status()
            latencies.append(time.monotonic() - began)
            await asyncio.sleep(pause)
    return latencies


@contextmanager
def attacked(attack: Attack) -> Iterator[None]:
    """Attack from a process of its own, so that the readers measure the server."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=run_attack, args=(attack,))
    process.start()
    # Until every attacker is at it.
    time.sleep(4.0)
    try:
        yield
    finally:
        process.kill()
        process.join()


def run_attack(attack: Attack) -> None:
    asyncio.run(attackers_at_work(attack))


async def measured(attack: Attack, process: psutil.Process) -> tuple[int, Rate, Rate]:
    """Measure readers while everything goes on; return the peak of memory too."""
    over = asyncio.Event()
    peak = asyncio.create_task(peak_memory(process, over))
    rate, live = await readers(attack, SECONDS)
    over.set()
    return await peak, rate, live


async def attackers_at_work(attack: Attack) -> None:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=90, limits=limits) as client:
        attackers = [
            *(waiter(attack, client, n) for n in range(WAITERS)),
            *(bundle(attack, client, n) for n in range(BUNDLES)),
            *(upload(attack, client, n) for n in range(UPLOADS)),
            *(writer(attack, client, n) for n in range(WRITERS)),
        ]
        await asyncio.gather(*attackers)


async def peak_memory(process: psutil.Process, over: asyncio.Event) -> int:
    peak = 0
    while not over.is_set():
        peak = max(peak, process.memory_info().rss)
        await asyncio.sleep(0.1)
    return peak


async def waiter(attack: Attack, client: httpx.AsyncClient, n: int) -> None:
    headers = attack.headers(Role.PLATFORM, f"client-{n % 4}")
    while True:
        url = f"{attack.url}/v1/disputes?after={attack.case}:999999"
        await client.get(url, headers=headers)


async def bundle(attack: Attack, client: httpx.AsyncClient, n: int) -> None:
    headers = attack.headers(Role.AUDITOR, f"a-{n}")
    url = f"{attack.url}/v1/audit/disputes/{attack.case}/bundle"
    while True:
        async with client.stream(
            "GET", url, params={"with_files": True, "stamp": False}, headers=headers
        ) as answer:
            async for _ in answer.aiter_bytes():
                pass


async def upload(attack: Attack, client: httpx.AsyncClient, n: int) -> None:
    """Begin an upload and let it rest."""

    async def content() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nphoto'
        await asyncio.sleep(SECONDS + 5)

    headers = attack.headers(Role.BUYER, "b-1")
    headers["Content-Type"] = "multipart/form-data; boundary=x"
    url = f"{attack.url}/v1/disputes/{attack.case}/evidence"
    await asyncio.sleep(n / UPLOADS)
    while True:
        await client.post(url, content=content(), headers=headers)
        # Refused, it is slow all the same: this is no flood.
        await asyncio.sleep(2.0)


async def writer(attack: Attack, client: httpx.AsyncClient, n: int) -> None:
    while True:
        order = FILING["order"] | {"id": str(uuid4()), "received_at": None}
        await client.post(
            f"{attack.url}/v1/disputes",
            json=FILING | {"order": order},
            headers=attack.headers(Role.BUYER, f"b-{n + 100}"),
        )
