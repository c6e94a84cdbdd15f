"""A rebuild beside a full disk, a migration, or another version of the program."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner, Result

from application.jobs.locks import REBUILDING
from application.record.schema.migrations import STORE, migrate
from interface.cli.main import redress
from projections.rebuild.bucket_rows import NEXT
from projections.rebuild.full_disk import NoRoom
from projections.rebuild.rebuild_run import rebuild_views
from projections.registry import VIEWS
from tests.deliveries.patience import until
from tests.http.test_full_disk import small_disk
from tests.postgres import Server
from tests.projections.test_follower import dump
from tests.projections.test_rebuild import grown, nothing

__all__ = ["grown"]

pytestmark = pytest.mark.store


def command(url: str, home: Path, *arguments: str) -> Result:
    environ = {"DATABASE_URL": url, "REDRESS_HOME": str(home)}
    return CliRunner(env=environ).invoke(redress, ["rebuild", *arguments])


def fill(folder: Path, left: int) -> Path:
    """Leave some bytes of a disk."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        there = os.statvfs(folder)
        file.write(b"x" * (there.f_bavail * there.f_frsize - left))
    return filler


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_full_disk_for_the_spilt_ledger_is_one_line_that_says_so(
    grown: dict[str, bytes], session: psycopg.Connection, url: str, jobs: str
) -> None:
    with small_disk(2) as home:
        filler = fill(home, left=64 * 1024)
        done = command(url, home, "--jobs", jobs)
        assert isinstance(done.exception, NoRoom), done.output
        said = str(done.exception)
        assert f"no room in {home} for the ledger" in said
        assert "rebuild of queue, audit_trail" in said
        assert "run `redress rebuild` again" in said
        assert [one.name for one in home.iterdir() if one.is_dir()] == []
        assert {view.name: dump(session, view) for view in VIEWS} == grown
        filler.unlink()
        done = command(url, home, "--jobs", jobs)
        assert done.exit_code == 0, done.exception
    assert {view.name: dump(session, view) for view in VIEWS} == grown


@contextmanager
def cramped(url: str, folder: Path) -> Iterator[None]:
    """Have new tables lie on a small disk."""
    space = f"small_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as owner:
        row = owner.execute("SHOW data_directory").fetchone()
        assert row is not None
        os.chown(folder, Path(row[0]).stat().st_uid, -1)
        owner.execute(f"CREATE TABLESPACE {space} LOCATION '{folder}'".encode())
        name = owner.info.dbname
        owner.execute(f"ALTER DATABASE {name} SET default_tablespace = {space}")
    try:
        yield
    finally:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(f"ALTER DATABASE {name} RESET default_tablespace")
            owner.execute(f"DROP SCHEMA IF EXISTS {NEXT} CASCADE")
            for view in VIEWS:
                for table in view.tables:
                    owner.execute(
                        f"ALTER TABLE redress.{table} SET TABLESPACE pg_default"
                    )
            indexes = owner.execute(
                "SELECT format('%%I.%%I', n.nspname, c.relname) FROM pg_class c"
                " JOIN pg_namespace n ON n.oid = c.relnamespace"
                " JOIN pg_tablespace t ON t.oid = c.reltablespace"
                " WHERE t.spcname = %s AND c.relkind = 'i'",
                (space,),
            ).fetchall()
            for (index,) in indexes:
                owner.execute(f"ALTER INDEX {index} SET TABLESPACE pg_default")
            owner.execute(f"DROP TABLESPACE {space}")


def test_a_full_disk_of_the_database_is_one_line_and_the_rebuild_goes_on_after_it(
    grown: dict[str, bytes], session: psycopg.Connection, url: str, tmp_path: Path
) -> None:
    with small_disk(6) as folder, cramped(url, folder):
        filler = fill(folder, left=400 * 1024)
        with pytest.raises(NoRoom) as caught:
            rebuild_views(url, VIEWS, nothing, folder=tmp_path)
        said = str(caught.value)
        assert "the disk of the database is full" in said
        assert "rebuild of queue, audit_trail" in said
        assert "\n" not in said
        assert {view.name: dump(session, view) for view in VIEWS} == grown
        filler.unlink()
        rebuild_views(url, VIEWS, nothing, folder=tmp_path)
        assert {view.name: dump(session, view) for view in VIEWS} == grown


def test_a_migration_waits_for_a_rebuild(server: Server) -> None:
    with server.database(migrated=False) as url:
        migrate(url, STORE, upto=STORE.migrations[-2].number)
        done: list[tuple[str, ...]] = []
        thread = threading.Thread(target=lambda: done.append(migrate(url, STORE)))
        with psycopg.connect(url, autocommit=True) as rebuilding:
            rebuilding.execute("SELECT pg_advisory_lock(%s)", (REBUILDING,))
            thread.start()
            until(lambda: waiting(rebuilding))
            assert done == []
        thread.join(30)
        assert done == [(f"redress: {STORE.migrations[-1].name}",)]
        # Nothing to do is nothing to wait for: a start in a sandbox asks each time.
        with psycopg.connect(url, autocommit=True) as rebuilding:
            rebuilding.execute("SELECT pg_advisory_lock(%s)", (REBUILDING,))
            assert migrate(url, STORE) == ()


def waiting(session: psycopg.Connection) -> bool:
    row = session.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND objid = %s",
        (REBUILDING,),
    ).fetchone()
    return row == (1,)


def test_a_rebuild_that_was_begun_before_a_migration_begins_anew(
    grown: dict[str, bytes], session: psycopg.Connection, url: str
) -> None:
    rebuild_views(url, VIEWS, nothing, swapped=False)
    # As a migration may change what every view has.
    session.execute("ALTER TABLE followers ADD COLUMN said text")
    rebuild_views(url, VIEWS, nothing)
    assert {view.name: dump(session, view) for view in VIEWS} == grown
