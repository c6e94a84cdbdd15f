"""Redress in processes of its own: a server with its worker, and commands beside it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from msgspec import Struct

from domain.roles import Role
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from tests.loaded_program import WORDS, ProgramProcess, run
from tests.processes import free_port, http_client, wait_until_ready


class Installation(Struct):
    """A server in a process of its own, with its log."""

    environ: dict[str, str]
    api: str
    home: Path
    log: Path

    def redress(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run(*arguments, env=os.environ | self.environ)

    def headers(self, role: Role, subject: str) -> dict[str, str]:
        caller = Caller(subject=subject, role=role, platform="shop")
        token = DevelopmentKey(self.home).token(caller, timedelta(days=1))
        return {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": str(uuid4()),
            "If-Match": "*",
            "Purpose": "Audit",
        }

    def get(self, path: str, role: Role = Role.MEDIATOR) -> Any:
        headers = self.headers(role, f"{role[0]}-1")
        with http_client() as client:
            return client.get(f"{self.api}{path}", headers=headers).json()

    def post(self, path: str, body: Any, role: Role = Role.BUYER) -> httpx.Response:
        headers = self.headers(role, f"{role[0]}-1")
        with http_client() as client:
            return client.post(f"{self.api}{path}", json=body, headers=headers)


@pytest.fixture
def installed(url: str, tmp_path: Path) -> Iterator[Installation]:
    port, home, log = free_port(), tmp_path / "home", tmp_path / "log"
    environ = {
        "DATABASE_URL": url,
        "REDRESS_HOME": str(home),
        "REDRESS_PORT": str(port),
    }
    with log.open("wb") as out:
        server = ProgramProcess[bytes](
            [*WORDS, "--verbose", "serve", "--with-worker"],
            env=os.environ | environ,
            stdout=out,
            stderr=out,
        )
        api = f"http://127.0.0.1:{port}"
        wait_until_ready(api)
        yield Installation(environ, api, home, log)
        server.terminate()
        server.wait(timeout=30)
