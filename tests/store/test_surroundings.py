"""Databases and servers that are set up otherwise: refused in a line, or no matter."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.roles import Role
from interface.callers import Caller, DevelopmentKey
from tests.http.conftest import FILING
from tests.postgres import Server
from tests.processes import Process, free_port, http_client, wait_until_ready
from tests.test_startup_checks import redress, said


@contextmanager
def encoded(server: Server, encoding: str) -> Iterator[str]:
    """Yield a database of another encoding."""
    name = f"redress_test_{uuid4().hex[:12]}"
    with psycopg.connect(server.url, autocommit=True) as owner:
        owner.execute(
            f"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C'"
            " LC_CTYPE 'C' TEMPLATE template0".encode()
        )
    try:
        yield server.url_of(name)
    finally:
        with psycopg.connect(server.url, autocommit=True) as owner:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_of_another_encoding_is_refused_in_one_line(
    server: Server, tmp_path: Path, encoding: str
) -> None:
    with encoded(server, encoding) as url:
        for command in ("serve", "work", "migrate"):
            line = said(redress(tmp_path, url, command))
            assert line.startswith(
                f"redress: DATABASE_URL: the database's encoding is {encoding}:"
            )
        doctor = redress(tmp_path, url, "doctor")
        assert doctor.returncode == 1
        assert f"encoding is {encoding}" in doctor.stdout
        with psycopg.connect(url) as owner:
            made = owner.execute("SELECT to_regnamespace('redress')").fetchone()
        assert made == (None,)


@contextmanager
def pooled(url: str, mode: str) -> Iterator[str]:
    """Put a real PgBouncer before a database; skip where there is none."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    parts = conninfo_to_dict(url)
    if program is None or os.geteuid() != 0:
        pytest.skip("there is no PgBouncer here, or nobody it could run as")
    with tempfile.TemporaryDirectory(prefix="redress-pooler-") as name:
        folder, port = Path(name), free_port()
        owner = Path(str(parts["host"])).owner()
        (folder / "users").write_text(f'"{parts["user"]}" ""\n')
        (folder / "ini").write_text(
            f"[databases]\n* = host={parts['host']}\n[pgbouncer]\n"
            f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = trust\nauth_file = {folder}/users\npool_mode = {mode}\n"
        )
        folder.chmod(0o755)
        pooler = subprocess.Popen(
            [program, "-q", "-u", owner, str(folder / "ini")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            through = parts | {"host": "127.0.0.1", "port": str(port)}
            yield _answering(make_conninfo("", **through))
        finally:
            pooler.terminate()
            pooler.wait(timeout=20)


def _answering(url: str) -> str:
    until = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return url


@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_a_pooler_that_shares_sessions_is_refused_with_the_reason(
    url: str, tmp_path: Path, mode: str
) -> None:
    with pooled(url, mode) as through:
        for command in ("serve", "work", "migrate"):
            line = said(redress(tmp_path, through, command))
            assert "DATABASE_URL: a pooler shares sessions" in line
            assert "pool_mode = session" in line
        doctor = redress(tmp_path, through, "doctor")
        assert (doctor.returncode, "a pooler shares" in doctor.stdout) == (1, True)


def test_a_pooler_that_keeps_sessions_works(url: str, tmp_path: Path) -> None:
    with pooled(url, "session") as through:
        port = free_port()
        environ = {
            "DATABASE_URL": through,
            "REDRESS_HOME": str(tmp_path),
            "REDRESS_PORT": str(port),
        }
        server = Process(environ, "serve", "--with-worker")
        wait_until_ready(f"http://127.0.0.1:{port}")
        caller = Caller(subject="b-1", role=Role.BUYER, platform="shop")
        token = DevelopmentKey(tmp_path).token(caller, timedelta(hours=1))
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k-1"}
        with http_client() as client:
            base = f"http://127.0.0.1:{port}"
            filed = client.post(f"{base}/v1/disputes", json=FILING, headers=headers)
            assert filed.status_code == 201
            after = f"{filed.json()['id']}:1"
            found = client.get(f"{base}/v1/disputes?after={after}", headers=headers)
        assert (found.status_code, len(found.json()["items"])) == (200, 1)
        assert server.stop() == 0
