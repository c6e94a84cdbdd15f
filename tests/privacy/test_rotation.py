"""Master keys: rotated while everything runs, killed in the middle, removed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from application.cases.disputes import Disputes
from application.cases.evidence_files import EvidenceFiles
from application.privacy import master_key
from application.privacy.data_keys import FRESH_SECONDS, KeyStore
from application.privacy.key_changes import announce, destroy, rewrap, uses
from application.privacy.master_key import KeyFileUnusable
from application.record.database import Database
from application.record.schema.migrations import KEYS
from domain.identity import person_key
from tests.conftest import Clock
from tests.privacy.canaries import MARK, plant
from tests.samples import BOOKS

MANY = 30


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "master.json"
    master_key.read_or_make(path)
    return path


def process(url: str, path: Path, clock: Clock) -> Disputes:
    """Return what another process would hold."""
    keys = KeyStore(
        Database(url, schema=KEYS.name),
        master_key.read(path),
        lambda: master_key.read(path),
    )
    return Disputes(Database(url), keys, BOOKS, clock=clock)


def close(*processes: Disputes) -> None:
    for one in processes:
        one.keys.close()
        one.close()


def test_after_a_rotation_every_process_opens_and_wraps(
    url: str, path: Path, clock: Clock, tmp_path: Path
) -> None:
    running = process(url, path, clock)
    files = EvidenceFiles(tmp_path / "evidence")
    cases = [plant(running, files, n, f"b-{n}", bodies=False) for n in range(MANY)]
    rotating = process(url, path, clock)
    fresh = master_key.rotated(path, rotating.keys.master)
    announce(rotating.keys.database)
    assert rewrap(rotating.keys.database, fresh, 7) == 7
    # Killed here: some keys are wrapped by the one, some by the other.
    halfway = {one.name: one.wraps for one in uses(rotating.keys.database, fresh)}
    assert halfway == {"1": MANY + 1 - 7, "2": 7}
    late = process(url, path, clock)
    for case in cases:
        for reader in (running, late):
            opened = reader.mapper.opened(reader.find(case).events)
            assert f"{MARK}B-{case.hex[:12]}" in str(opened)
    while rewrap(rotating.keys.database, fresh):
        pass
    time.sleep(FRESH_SECONDS)
    plant(running, files, MANY, "b-new", bodies=False)
    done = {one.name: one.wraps for one in uses(rotating.keys.database, fresh)}
    assert done == {"1": 0, "2": MANY + 2}
    close(running, rotating, late)


def test_a_copy_of_a_destroyed_key_opens_nothing_once_its_master_is_gone(
    url: str, path: Path, clock: Clock, tmp_path: Path
) -> None:
    running = process(url, path, clock)
    plant(running, EvidenceFiles(tmp_path / "evidence"), 1, "b-1", bodies=False)
    with psycopg.connect(url) as connection:
        copied = connection.execute(
            "SELECT key_id, wrapped, wrapped_by FROM redress_keys.data_keys"
        ).fetchall()
    destroy(running.keys.database, [key for key, _, _ in copied])
    old = master_key.read(path)
    assert old.unwrap(copied[0][1], copied[0][2])
    fresh = master_key.rotated(path, old)
    kept = master_key.without(path, fresh, "1")
    assert master_key.read(path) == kept
    for _, wrapped, by in copied:
        with pytest.raises(KeyFileUnusable):
            kept.unwrap(wrapped, by)
    close(running)


def test_a_destroyed_key_never_comes_back(url: str, disputes: Disputes) -> None:
    subject = person_key("shop", "buyer", "b-1")
    key = disputes.keys.current([subject])[subject]
    destroy(disputes.keys.database, [key])
    with (
        psycopg.connect(url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("UPDATE redress_keys.data_keys SET wrapped = '\\x00'")


def redress(environ: dict[str, str], *arguments: str) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "interface", *arguments],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.kill
def test_the_commands_rotate_list_and_remove(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    home = tmp_path / "home"
    path = home / "keys" / "master.json"
    environ = {"DATABASE_URL": url, "REDRESS_HOME": str(home)}
    master_key.read_or_make(path)
    running = process(url, path, clock)
    case = plant(running, EvidenceFiles(tmp_path / "e"), 1, "b-1", bodies=False)
    killed = subprocess.Popen(
        [sys.executable, "-m", "interface", "keys", "rotate"],
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    while "2" not in master_key.read(path).keys:
        time.sleep(0.02)
    killed.kill()
    killed.communicate()
    refused = redress(environ, "keys", "remove", "1")
    assert refused.returncode == 1
    assert "master key 1 still wraps 2 data keys" in refused.stderr
    again = redress(environ, "keys", "rotate")
    assert "going on with master key 2" in again.stdout
    assert "2 data keys are wrapped by it now" in again.stdout
    listed = redress(environ, "keys", "list", "--json")
    assert '"name":"1","wraps":0,"current":false' in listed.stdout
    assert redress(environ, "keys", "remove", "1").returncode == 0
    assert list(master_key.read(path).keys) == ["2"]
    assert "is the current one" in redress(environ, "keys", "remove", "2").stderr
    opened = running.mapper.opened(running.find(case).events)
    assert f"{MARK}B" in str(opened)
    close(running)
