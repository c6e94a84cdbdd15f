"""Commands a second through HTTP with 16 connections: ours, and on the stock recorder.

Both serve the same handlers from one process. A case is filed, assigned, withdrawn.
Its buyer is one of many, as on a platform: none of them files more than a day's quota.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import randrange
from uuid import uuid4

import msgspec

from domain.identity import natural_key
from domain.roles import Role
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from tests.benchmarks.append import stock_recorder
from tests.benchmarks.measurement import (
    Bench,
    Rate,
    Result,
    alternating,
    compared,
    in_processes,
)
from tests.http.conftest import FILING
from tests.processes import free_port, wait_until_ready

CONNECTIONS = 16
SECONDS = 6.0
BUYERS = 500
"""In all rounds together they may file 50,000 cases."""

MEDIATOR = "m-1"


def measure(bench: Bench) -> Iterator[Result]:
    with bench.database() as ours_url, bench.database() as stock_url:
        stock_recorder(stock_url).create_table()
        with (
            serving(bench.folder / "ours", ours_url, "interface", "serve") as ours_port,
            serving(
                bench.folder / "stock", stock_url, "tests.benchmarks.stock_server"
            ) as stock_port,
        ):
            ours, stock = alternating(
                lambda: load(ours_port, bench.folder / "ours"),
                lambda: load(stock_port, bench.folder / "stock"),
            )
    against = "the same handlers on the stock recorder"
    yield compared("http-command", "commands/s", ours, against, stock)


@contextmanager
def serving(home: Path, url: str, module: str, *arguments: str) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env=os.environ
        | {"DATABASE_URL": url, "REDRESS_HOME": str(home), "REDRESS_PORT": str(port)},
    )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        yield port
    finally:
        # Also after a measurement that failed: nothing outlives the benchmark.
        process.terminate()
        process.wait()


def load(port: int, home: Path) -> Rate:
    return in_processes(drive, 1, SECONDS, port, tokens_of(home), CONNECTIONS)


def tokens_of(home: Path) -> dict[str, str]:
    """Return a token for each buyer, and one for the mediator, by their names."""
    key = DevelopmentKey(home)
    callers = [(f"b-{number}", Role.BUYER) for number in range(BUYERS)]
    return {
        name: key.token(
            Caller(subject=name, role=role, platform="shop"), timedelta(hours=1)
        )
        for name, role in (*callers, (MEDIATOR, Role.MEDIATOR))
    }


def drive(
    begin: float, end: float, port: int, tokens: dict[str, str], connections: int
) -> list[float]:
    """Send commands over all connections until the end; return the latencies."""
    return asyncio.run(_drive(begin, end, port, tokens, connections))


async def _drive(
    begin: float, end: float, port: int, tokens: dict[str, str], connections: int
) -> list[float]:
    latencies: list[float] = []
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_connection(begin, end, port, tokens, latencies))
    return latencies


async def _connection(
    begin: float,
    end: float,
    port: int,
    tokens: dict[str, str],
    latencies: list[float],
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(max(0.0, begin - time.time()))
    while time.time() < end:
        for request in _case(tokens):
            started = time.time()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
            body = await reader.readexactly(int(length))
            if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
                raise RuntimeError(body.decode())
            latencies.append(time.time() - started)
    writer.close()


def _case(tokens: dict[str, str]) -> Iterator[bytes]:
    """Yield the requests of one case; its id follows from what it is about."""
    order = str(uuid4())
    buyer = f"b-{randrange(BUYERS)}"
    case = natural_key("shop", buyer, order, "1", FILING["reason"], 1)
    filing = FILING | {"order": FILING["order"] | {"received_at": None, "id": order}}
    path = f"/v1/disputes/{case}"
    yield post("/v1/disputes", filing, tokens[buyer], "*")
    yield post(f"{path}/assignment", {}, tokens[MEDIATOR], '"1"')
    yield post(f"{path}/withdrawal", {}, tokens[buyer], '"2"')


def post(path: str, body: object, token: str, match: str) -> bytes:
    content = msgspec.json.encode(body)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {uuid4()}\r\nIf-Match: {match}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    ).encode() + content
