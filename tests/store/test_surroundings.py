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

from application.cases.disputes import Disputes
from application.record.database import Database, connected
from application.record.session import SETTINGS, open_session
from domain.roles import Role
from interface.bootstrap import System, build, wire
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from interface.run.worker import Worker
from interface.settings.settings import read
from projections.following.view_job import ViewJob
from projections.queue.queue_view import QUEUE
from projections.rebuild.rebuild_run import rebuild
from projections.registry import VIEWS
from tests.conftest import Clock, ManualWorker
from tests.http.conftest import (
    FILING,
    People,
    file_for,
    full_health,
    http,
    people,
    system,
)
from tests.http.test_worker import within_seconds
from tests.http_app import serving
from tests.postgres import Server
from tests.processes import (
    PATIENCE,
    Process,
    free_port,
    http_client,
    serving_environ,
    wait_until_ready,
)
from tests.sample_cases import tell_all
from tests.test_startup_checks import redress, said

__all__ = ["http", "people", "system"]


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
            # Every job of a worker keeps a session; the default of 20 is too few.
            "default_pool_size = 72\n"
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
    until = time.monotonic() + PATIENCE
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
        environ = serving_environ(through, tmp_path, port)
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


WHY = {"reason": "Enough."}

DEFAULTS = {
    "client_encoding": "'LATIN1'",
    "datestyle": "'SQL, DMY'",
    "intervalstyle": "'sql_standard'",
    "standard_conforming_strings": "off",
    "timezone": "'Asia/Shanghai'",
    "bytea_output": "'escape'",
    "extra_float_digits": "-10",
    "transform_null_equals": "on",
    "array_nulls": "off",
    "quote_all_identifiers": "on",
    "default_transaction_isolation": "serializable",
    "default_transaction_deferrable": "on",
    "row_security": "off",
}


@pytest.fixture
def odd_url(url: str) -> str:
    """Return a database whose own defaults are others in every respect."""
    name = conninfo_to_dict(url)["dbname"]
    with psycopg.connect(url, autocommit=True) as owner:
        for setting, value in DEFAULTS.items():
            owner.execute(f"ALTER DATABASE {name} SET {setting} = {value}".encode())
    return url


def test_every_session_has_the_settings_that_the_program_relies_on(
    odd_url: str,
) -> None:
    assert set(DEFAULTS) == set(SETTINGS)
    database = Database(odd_url)
    with (
        psycopg.connect(odd_url) as plain,
        open_session(odd_url) as own,
        connected(odd_url) as led,
        database.get_connection() as lent,
    ):
        for name, wanted in SETTINGS.items():
            show = f"SELECT current_setting('{name}')".encode()
            (before,) = plain.execute(show).fetchone() or ()
            assert before != wanted
            assert own.execute(show).fetchone() == (wanted,)
            assert led.execute(show).fetchone() == (wanted,)
            assert lent.execute(show).fetchone() == {"current_setting": wanted}
    database.close()


def test_a_database_with_odd_defaults_is_served_as_any_other(
    odd_url: str, tmp_path: Path, clock: Clock
) -> None:
    environ = {"DATABASE_URL": odd_url, "REDRESS_HOME": str(tmp_path)}
    system = build(read(environ))
    system.close()
    system = wire(read(environ), odd_url, odd_url, clock)
    worker = Worker(system)
    with serving(system) as http:
        people = People(http, system)
        case = file_for(people)
        people.mediator.act(case, "admission", {})
        worker.catch_up()
        assert full_health(http).json()["wrong"] == []
        (row,) = people.mediator.get("/v1/queue").json()["items"]
        assert (row["id"], row["version"]) == (case, 3)
        assert (row["opened_at"], row["due"]) == (
            "2026-03-02T02:00:00Z",
            "2026-03-03T16:00:00Z",
        )
        worker.close()
    rebuilt = rebuild(odd_url, QUEUE, lambda *_: None)
    assert rebuilt.rows == 1


def test_trouble_of_the_surroundings_sets_no_case_aside(
    url: str, disputes: Disputes, clock: Clock, worker: ManualWorker
) -> None:
    tell_all(disputes, clock)
    worker.parts[0].tick()
    troubles = {
        "ALTER TABLE queue RENAME TO hidden": "ALTER TABLE hidden RENAME TO queue",
        "REVOKE INSERT ON queue FROM redress_app": (
            "GRANT INSERT ON queue TO redress_app"
        ),
    }
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SET search_path TO redress")
        for trouble, mended in troubles.items():
            owner.execute(trouble.encode())
            views = ViewJob(url, VIEWS)
            while views.tick():
                pass
            # The others are at the end of the ledger; it alone stays where it was.
            stands = "SELECT name FROM followers WHERE position = 0"
            assert ("queue",) in owner.execute(stands).fetchall()
            assert len(owner.execute(stands).fetchall()) < len(VIEWS)
            views.close()
            owner.execute(mended.encode())
        count = "SELECT count(*) FROM parked"
        assert owner.execute(count).fetchone() == (0,)
        worker.catch_up()
        assert owner.execute(count).fetchone() == (0,)
        halted = "SELECT count(*) FROM followers WHERE halted IS NOT NULL"
        assert owner.execute(halted).fetchone() == (0,)


def test_a_database_that_turns_read_only_while_it_is_served(
    people: People, system: System, url: str
) -> None:
    def turn(state: str) -> None:
        name = conninfo_to_dict(url)["dbname"]
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("SET default_transaction_read_only = off")
            owner.execute(
                f"ALTER DATABASE {name} SET default_transaction_read_only"
                f" = {state}".encode()
            )

    case = file_for(people)
    turn("on")
    # As after a failover: the next connection leads to a server that takes no writes.
    system.database.replace_connections()
    refused = people.buyer.post(f"/v1/disputes/{case}/withdrawal", WHY)
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["type"] == "urn:redress:problem:database-read-only"
    assert people.buyer.get(f"/v1/disputes/{case}").status_code == 200
    ready = full_health(people.buyer.http)
    assert ready.status_code == 503
    assert "read-only" in ready.json()["wrong"][0]
    doctor = redress(system.settings.home, url, "doctor")
    assert "BAD  DATABASE_URL, writes: the database is read-only" in doctor.stdout
    turn("off")
    # Health itself replaces the connections: nobody sends commands meanwhile.
    ready = people.buyer.get("/health/ready")
    assert ready.status_code == 503
    path = f"/v1/disputes/{case}/withdrawal"
    # The pool connects anew in the background: some may have done so just before.
    assert within_seconds(10, lambda: people.buyer.post(path, WHY).status_code == 200)
