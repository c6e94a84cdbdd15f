"""`redress generate`: what it says, refuses, and how much memory it takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from tests.loaded_program import run
from tests.postgres import Server
from tests.sizes import only_whole

pytestmark = [pytest.mark.store, pytest.mark.long]

UNTIL = "2026-10-20T09:30:00Z"


def generate(url: str, home: Path, **options: str) -> subprocess.CompletedProcess[str]:
    said = [f"--{name}={value}" for name, value in options.items()]
    environ = os.environ | {"DATABASE_URL": url, "REDRESS_HOME": str(home)}
    return run("generate", *said, env=environ, timeout=300)


def filed(url: str) -> list[tuple[UUID, str]]:
    """Return the id of each case, and when it was filed."""
    with psycopg.connect(url) as owner:
        return owner.execute(
            "SELECT originator_id, convert_from(state, 'UTF8')::json ->> 'at'"
            " FROM redress.events WHERE topic = 'filed' ORDER BY notification_id"
        ).fetchall()


def test_the_same_seed_gives_the_same_cases(server: Server, tmp_path: Path) -> None:
    found = []
    for place, seed in enumerate((3, 3, 9)):
        with server.database() as url:
            home = tmp_path / str(place)
            done = generate(url, home, cases="60", seed=str(seed), until=UNTIL)
            assert done.returncode == 0, done.stderr
            assert done.stdout.startswith("60 cases with ")
            assert "write cases" in done.stderr
            found.append(filed(url))
    assert found[0] == found[1]
    assert len(found[0]) == 60
    assert not set(found[0]) & set(found[2])


def test_what_could_not_be_true_is_refused(url: str, tmp_path: Path) -> None:
    assert generate(url, tmp_path, cases="20", until=UNTIL).returncode == 0
    again = generate(url, tmp_path, cases="20", until=UNTIL)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == (
        "redress: --seed: cases of 1 are there already; take another one, or an empty"
        " database\n"
    )
    early = generate(url, tmp_path, cases="20", seed="2", until="2026-01-20")
    assert early.returncode == 1
    assert "--until: cn-default/1 is in force since 2025-12-31" in early.stderr
    with psycopg.connect(url) as owner:
        owner.execute("SELECT pg_advisory_lock(7243004)")
        signing = generate(url, tmp_path, cases="20", seed="2", until=UNTIL)
        owner.execute("SELECT pg_advisory_unlock(7243004)")
        owner.execute(
            "INSERT INTO redress.log_checkpoints (kind, size, note, at)"
            " SELECT 'log', max(size), '', now() FROM redress.log_batches"
        )
    assert "the log of this database is being signed" in signing.stderr
    signed = generate(url, tmp_path, cases="20", seed="2", until=UNTIL)
    assert signed.returncode == 1
    assert "the log of this database is signed already" in signed.stderr
    assert len(filed(url)) == 20


def test_it_is_refused_in_production(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "interface", "generate"],
        env=os.environ | {"REDRESS_MODE": "production", "REDRESS_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert (
        done.stderr.startswith("redress: REDRESS_MODE: ") or "REDRESS_" in done.stderr
    )


MEASURED = """
import sys, tracemalloc
from datetime import UTC, datetime
from interface.bootstrap import build
from interface.generator import library, record_writer
from interface.settings.settings import read
from application.record.session import open_session
library.MOST, record_writer.BATCH = 30, 50
system = build(read())
with open_session(sys.argv[1], search_path="redress") as owner:
    until = datetime(2026, 10, 20, tzinfo=UTC)
    for seed, cases in ((1, 200), (2, 200), (3, 2000)):
        writer = record_writer.RecordWriter(system, owner, cases, seed, until)
        system.keys.forget()
        tracemalloc.start()
        writer.write(lambda _: None)
        print(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
system.close()
"""


@only_whole
def test_ten_times_the_cases_take_no_more_memory(url: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, url],
        env=os.environ | {"DATABASE_URL": url, "REDRESS_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    _, few, many = map(int, done.stdout.split())
    assert many < 1.5 * few, done.stdout
