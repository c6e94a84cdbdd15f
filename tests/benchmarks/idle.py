"""What a server that does nothing costs: `serve --with-worker`, PostgreSQL included."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tests.benchmarks.measurement import Bench, Rate, Result, compared
from tests.processes import Process, free_port, serving_environ, wait_until_ready

SETTLE_SECONDS = 15.0
SECONDS = 30.0


def measure(bench: Bench) -> Iterator[Result]:
    with bench.database() as url, TemporaryDirectory() as home:
        port = free_port()
        environ = serving_environ(url, Path(home), port)
        server = Process(environ, "serve", "--with-worker")
        try:
            wait_until_ready(f"http://127.0.0.1:{port}")
            time.sleep(SETTLE_SECONDS)
            before, began = spent(server.pid, bench.postmaster), time.monotonic()
            time.sleep(SECONDS)
            took = time.monotonic() - began
            used = spent(server.pid, bench.postmaster) - before
        finally:
            server.stop()
    percent = Rate(100 * used / took, [])
    yield compared("idle", "% of a core", percent, "one core", Rate(100.0, []))


def spent(*roots: int) -> float:
    """Return the processor time of processes and of all below them, in seconds."""
    seconds = 0.0
    for root in map(psutil.Process, roots):
        for one in (root, *root.children(recursive=True)):
            # A session may end meanwhile.
            with suppress(psutil.NoSuchProcess):
                used = one.cpu_times()
                seconds += used.user + used.system
    return seconds
