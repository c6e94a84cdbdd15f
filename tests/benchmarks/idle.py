"""What a server that does nothing costs: `serve --with-worker`, PostgreSQL included."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.measurement import Bench, Rate, Result, compared
from tests.processes import free_port, wait_until_ready

SETTLE_SECONDS = 15.0
SECONDS = 30.0
TICKS = os.sysconf("SC_CLK_TCK")


def measure(bench: Bench) -> Iterator[Result]:
    with bench.database() as url, TemporaryDirectory() as home:
        port = free_port()
        environ = os.environ | {
            "DATABASE_URL": url,
            "REDRESS_HOME": home,
            "REDRESS_PORT": str(port),
        }
        server = subprocess.Popen(
            [sys.executable, "-m", "interface.cli.main", "serve", "--with-worker"],
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(f"http://127.0.0.1:{port}")
            time.sleep(SETTLE_SECONDS)
            before, began = spent(server.pid, bench), time.monotonic()
            time.sleep(SECONDS)
            took = time.monotonic() - began
            used = spent(server.pid, bench) - before
        finally:
            server.terminate()
            server.wait(30)
    percent = Rate(100 * used / took, [])
    yield compared("idle", "% of a core", percent, "one core", Rate(100.0, []))


def spent(server: int, bench: Bench) -> float:
    """Return the processor time of a process and its children, and of PostgreSQL."""
    parents = {one: parent(one) for one in processes()}
    roots = {server, bench.postmaster}
    return sum(
        ticks(one) for one in parents if one in roots or parents[one] in roots
    ) / float(TICKS)


def processes() -> list[int]:
    return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal()]


def parent(process: int) -> int:
    return int((_stat(process) or ["", "0"])[1])


def ticks(process: int) -> int:
    stat = _stat(process)
    return int(stat[11]) + int(stat[12]) if stat else 0


def _stat(process: int) -> list[str]:
    """Return the fields behind the name of a process (proc(5)); none if it is gone."""
    try:
        return (
            Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
        )
    except OSError:
        return []
