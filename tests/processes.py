"""`redress …` as real processes, for tests that kill, restart or talk to them."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil

from tests.loaded_program import WORDS, ProgramProcess

Text = TypeVar("Text", str, bytes)

PATIENCE = 60.0
"""Seconds that a test waits at most for what comes within one on a quiet machine."""


_STARTED: list[Process | subprocess.Popen[Any]] = []


class Process:
    """`redress …` as a process that can be killed and started again."""

    def __init__(
        self, environ: dict[str, str], *arguments: str, is_new: bool = False
    ) -> None:
        self._environ, self._arguments = environ, arguments
        # One that is forked has more in its memory than a server loads.
        self._kind = subprocess.Popen if is_new else ProgramProcess
        self.start()

    def start(self) -> None:
        self._process: subprocess.Popen[bytes] = self._kind(
            [*WORDS, *self._arguments],
            env=os.environ | self._environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _STARTED.append(self)

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    def resident_bytes(self) -> int:
        return int(psutil.Process(self._process.pid).memory_info().rss)

    def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=60)


def adopted(process: subprocess.Popen[Text]) -> subprocess.Popen[Text]:
    """Return a process that is killed at the end of its test, should it still run."""
    _STARTED.append(process)
    return process


def kill_what_is_left() -> None:
    """Kill what a failing test leaves running: it holds a port and a database."""
    while _STARTED:
        one = _STARTED.pop()
        one.kill()
        if isinstance(one, subprocess.Popen):
            # Or the next test is told that it was never waited for.
            one.wait()
            for pipe in (one.stdin, one.stdout, one.stderr):
                if pipe is not None:
                    pipe.close()


def serving_environ(url: str, home: Path, port: int, **more: str) -> dict[str, str]:
    """Return the settings of a server on a database, in a home, at a port."""
    return {
        "DATABASE_URL": url,
        "REDRESS_HOME": str(home),
        "REDRESS_PORT": str(port),
        **more,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str) -> None:
    until = time.monotonic() + PATIENCE
    with http_client() as client:
        while time.monotonic() < until:
            try:
                if client.get(f"{url}/health/live", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
    raise TimeoutError(url)


def http_client() -> httpx.Client:
    """Return a client without TLS: to read the system's certificates takes longest."""
    return httpx.Client(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), timeout=10)
