"""Debian's PostgreSQL 15, as a server of its own that asks for passwords."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import free_port

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
ACCOUNT = "postgres"
RULES = """\
local all postgres trust
host  all all 127.0.0.1/32 scram-sha-256
"""


class DebianServer:
    """A running server; its administrator comes in by the socket."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()

    def make(self) -> None:
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", ACCOUNT, "-E", "UTF8", "--no-locale")
        (self.folder / "data" / "pg_hba.conf").write_text(RULES)
        self.pg_ctl("start")

    def pg_ctl(self, *what: str) -> None:
        options = f"-c listen_addresses=127.0.0.1 -p {self.port}"
        options += f" -c unix_socket_directories={self.folder} -c max_connections=200"
        where = ("-D", str(self.folder / "data"), "-l", str(self.folder / "log"))
        self._run("pg_ctl", *where, "-w", "-m", "fast", "-o", options, *what)

    def client(self, program: str, *arguments: str, given: str = "") -> str:
        """Run one of PostgreSQL's programs as the administrator, with an input."""
        where = ("-h", str(self.folder), "-p", str(self.port), "-U", ACCOUNT)
        return self._run(program, *where, *arguments, given=given)

    def _run(self, program: str, *arguments: str, given: str = "") -> str:
        account = ACCOUNT if os.geteuid() == 0 else None
        done = subprocess.run(
            [str(PROGRAMS / program), *arguments],
            user=account,
            cwd="/",
            env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
            input=given,
            # The server that pg_ctl starts keeps a pipe open for ever.
            stdout=None if program == "pg_ctl" else subprocess.PIPE,
            stderr=None if program == "pg_ctl" else subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, (program, done.stderr)
        return done.stdout or ""


@contextmanager
def debian_server() -> Iterator[DebianServer]:
    """Run a server; skip the test where Debian's PostgreSQL 15 is not installed."""
    if not (PROGRAMS / "initdb").exists():
        pytest.skip("Debian's PostgreSQL 15 is not installed")
    folder = Path(tempfile.mkdtemp(prefix="redress-pg15-"))
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT)
    server = DebianServer(folder)
    try:
        server.make()
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.pg_ctl("stop")
        shutil.rmtree(folder, ignore_errors=True)
