"""What row security costs: lists, a case and commands a second, with it and without.

Two servers with the same handlers and the same cases; the callers change with each
request, so that each has to be told to the database anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

from domain.identity import natural_key
from domain.roles import Role
from interface.bootstrap import wire
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from interface.run.worker import Worker
from interface.settings.settings import read
from tests.benchmarks.http_command import post, serving
from tests.benchmarks.measurement import (
    Bench,
    Rate,
    Result,
    alternating,
    compared,
    in_processes,
)
from tests.http.conftest import FILING, People
from tests.http_app import serving as lent

CASES, BUYERS, CONNECTIONS, SECONDS = 2_000, 40, 8, 4.0
KINDS = ("list", "queue", "case", "command")

Request = Callable[[Random], bytes]


def measure(bench: Bench) -> Iterator[Result]:
    with bench.database() as own_url, bench.database() as open_url:
        for folder, url in (("own", own_url), ("open", open_url)):
            fill(bench.folder / folder, url)
        with (
            serving(bench.folder / "own", own_url, "interface", "serve") as own,
            serving(
                bench.folder / "open", open_url, "tests.benchmarks.open_server"
            ) as without,
        ):
            for kind in KINDS:
                ours, theirs = alternating(
                    lambda: load(own, bench.folder / "own", kind),  # noqa: B023
                    lambda: load(without, bench.folder / "open", kind),  # noqa: B023
                )
                name = f"row-security-{kind}"
                yield compared(name, "requests/s", ours, "without policies", theirs)


def fill(home: Path, url: str) -> None:
    """File cases of forty buyers, and let the views take them."""
    environ = {
        "REDRESS_HOME": str(home),
        "DATABASE_URL": url,
        "REDRESS_CASES_PER_DAY": "1000000",
    }
    home.mkdir(exist_ok=True)
    system = wire(read(environ), url, url)
    worker = Worker(system)
    with lent(system) as http:
        people = People(http, system)
        for number in range(CASES):
            buyer = people.named("buyer", f"b-{number % BUYERS}")
            order = FILING["order"] | {"received_at": None, "id": f"o-{number}"}
            assert buyer.file(order=order).status_code == 201
        worker.catch_up("sequencer", "views")
    worker.close()


def load(port: int, home: Path, kind: str) -> Rate:
    key = DevelopmentKey(home)
    tokens = [
        key.token(
            Caller(subject=f"b-{one}", role=Role.BUYER, platform="shop"),
            timedelta(hours=1),
        )
        for one in range(BUYERS)
    ]
    staff = [
        key.token(
            Caller(subject=f"m-{one}", role=Role.MEDIATOR, platform="shop"),
            timedelta(hours=1),
        )
        for one in range(BUYERS)
    ]
    return in_processes(drive, 1, SECONDS, port, tokens, staff, kind)


def drive(
    begin: float, end: float, port: int, tokens: list[str], staff: list[str], kind: str
) -> list[float]:
    """Send requests over all connections until the end; return the latencies."""
    return asyncio.run(_drive(begin, end, port, _request_of(kind, tokens, staff)))


def _request_of(kind: str, tokens: list[str], staff: list[str]) -> Request:
    def get(path: str, token: str) -> bytes:
        return (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        ).encode()

    def one(chance: Random) -> bytes:
        buyer = chance.randrange(BUYERS)
        match kind:
            case "list":
                return get("/v1/disputes?limit=50", tokens[buyer])
            case "queue":
                return get("/v1/queue?limit=50", chance.choice(staff))
            case "case":
                number = buyer + BUYERS * chance.randrange(CASES // BUYERS)
                order = f"o-{number}"
                case = natural_key(
                    "shop", f"b-{buyer}", order, "1", FILING["reason"], 1
                )
                return get(f"/v1/disputes/{case}", tokens[buyer])
            case _:
                order = FILING["order"] | {"received_at": None, "id": str(uuid4())}
                body = FILING | {"order": order}
                return post("/v1/disputes", body, tokens[buyer], "*")

    return one


async def _drive(begin: float, end: float, port: int, request: Request) -> list[float]:
    latencies: list[float] = []
    async with asyncio.TaskGroup() as group:
        for seed in range(CONNECTIONS):
            group.create_task(_connection(begin, end, port, request, seed, latencies))
    return latencies


async def _connection(
    begin: float,
    end: float,
    port: int,
    request: Request,
    seed: int,
    latencies: list[float],
) -> None:
    chance = Random(seed)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(max(0.0, begin - time.time()))
    while time.time() < end:
        started = time.time()
        writer.write(request(chance))
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
        body = await reader.readexactly(int(length))
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            raise RuntimeError(body.decode())
        latencies.append(time.time() - started)
    writer.close()
