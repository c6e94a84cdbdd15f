"""A PostgreSQL for tests: the embedded one, or the server of TEST_DATABASE_URL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from application.record.schema.migrations import JOBS, KEYS, STORE, migrate
from interface.run.embedded_postgres import EmbeddedServer
from projections.registry import make_missing

SETTINGS = {
    "max_prepared_transactions": "20",
    "max_connections": "200",
    # Tests kill processes, never the machine: the system's cache survives them.
    "fsync": "off",
    # Nobody follows this server: what a new database copies need not be logged.
    "wal_level": "minimal",
    "max_wal_senders": "0",
}

# Three times as fast as through the write-ahead log, which nobody needs here.
COPY = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
MEMORY = Path("/dev/shm")  # noqa: S108
ENOUGH = 4 * 2**30


class Server:
    """Makes and drops databases on one server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.template = f"redress_template_{uuid4().hex[:8]}"
        self._kept: list[str] = []

    def url_of(self, name: str) -> str:
        return make_conninfo("", **(conninfo_to_dict(self.url) | {"dbname": name}))

    def make_template(self) -> None:
        self._run("CREATE DATABASE {}", self.template)
        migrate(self.url_of(self.template), STORE)
        migrate(self.url_of(self.template), JOBS)
        migrate(self.url_of(self.template), KEYS)
        make_missing(self.url_of(self.template))

    @contextmanager
    def database(
        self, *, migrated: bool = True, template: str | None = None
    ) -> Iterator[str]:
        """Yield the URL of a database of one's own; `template`: what `keep` named."""
        name = f"redress_test_{uuid4().hex[:12]}"
        if migrated:
            self._run(COPY, name, template or self.template)
        else:
            self._run("CREATE DATABASE {}", name)
        try:
            yield self.url_of(name)
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def keep(self, url: str) -> str:
        """Keep a database, which nobody uses any more, as it is; return its name."""
        name = f"{self.template}_{len(self._kept)}"
        self._run(COPY, name, str(conninfo_to_dict(url)["dbname"]))
        self._kept.append(name)
        return name

    @contextmanager
    def role(self, options: str) -> Iterator[str]:
        """Make a role of one's own, with the options of CREATE ROLE; yield its name."""
        name = f"redress_test_{uuid4().hex[:12]}"
        self._run(f"CREATE ROLE {{}} {options}", name)
        try:
            yield name
        finally:
            self._run("DROP ROLE {}", name)

    def close(self) -> None:
        for name in (self.template, *self._kept):
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(SQL(statement).format(*map(Identifier, names)))


@contextmanager
def embedded() -> Iterator[tuple[str, EmbeddedServer]]:
    """Run an embedded server in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="redress-", dir=memory()))
    # As root it runs as another user, who has to get there.
    folder.chmod(0o755)
    cluster = EmbeddedServer(folder / "db")
    url = cluster.start()
    with psycopg.connect(url, autocommit=True) as connection:
        for name, value in SETTINGS.items():
            connection.execute(
                SQL("ALTER SYSTEM SET {} = {}").format(Identifier(name), value)
            )
    cluster.stop()
    try:
        yield cluster.start(), cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def memory() -> Path | None:
    """Return a folder in memory, if there is room: what tests write is soon removed."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        return MEMORY
    return None


@contextmanager
def running() -> Iterator[Server]:
    """Yield the server that tests use, with a template of the current schema."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        server = Server(given)
        server.make_template()
        yield server
        server.close()
    else:
        with embedded() as (url, _):
            server = Server(url)
            server.make_template()
            yield server
