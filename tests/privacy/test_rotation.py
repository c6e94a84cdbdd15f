"""Bucket keys: replaced while everything runs, killed in the middle, removed."""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from application.cases.disputes import Disputes
from application.cases.evidence_files import EvidenceFiles
from application.privacy import destruction, master_key
from application.privacy.data_keys import KeyStore
from application.privacy.destruction import (
    complete,
    destroy_wrapping,
    replace_bucket_keys,
)
from application.privacy.key_changes import destroy, uses
from application.privacy.key_file_replacement import old_name
from application.privacy.master_key import (
    BUCKETS,
    KeyFileUnusable,
    bucket_of,
)
from application.record.database import Database
from application.record.schema.migrations import KEYS
from domain.identity import person_key
from tests.conftest import Clock
from tests.loaded_program import WORDS, ProgramProcess, run
from tests.privacy.canaries import MARK, plant
from tests.processes import adopted
from tests.samples import BOOKS

MANY = 30


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "master.json"
    master_key.read_or_make(path)
    return path


@pytest.fixture
def path_of_before(tmp_path: Path) -> Path:
    """Return a key file as an earlier version has made it."""
    path = tmp_path / "keys" / "before.json"
    path.parent.mkdir(exist_ok=True)
    key = [base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2)]
    content = {"current": "1", "keys": {"1": key[0]}, "digest": key[1]}
    path.write_text(json.dumps(content))
    return path


def process(url: str, path: Path, clock: Clock) -> Disputes:
    """Return what another process would hold."""
    keys = KeyStore(Database(url, schema=KEYS.name), master_key.read(path), path)
    return Disputes(Database(url), keys, BOOKS, clock=clock)


def close(*processes: Disputes) -> None:
    for one in processes:
        one.keys.close()
        one.close()


def rows(url: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT wrapped, wrapped_by, key_id, subject FROM redress_keys.data_keys"
            " WHERE wrapped IS NOT NULL ORDER BY key_id"
        ).fetchall()


def planted(
    disputes: Disputes, tmp_path: Path, count: int, first: int = 0
) -> list[Any]:
    files = EvidenceFiles(tmp_path / "evidence")
    several = range(first, first + count)
    return [plant(disputes, files, n, f"b-{n}", bodies=False) for n in several]


def opens(reader: Disputes, cases: list[Any]) -> None:
    for case in cases:
        opened = reader.mapper.opened(reader.find(case).events)
        assert f"{MARK}B-{case.hex[:12]}" in str(opened)


def test_a_key_file_has_a_key_of_every_bucket(path: Path) -> None:
    keys = master_key.read(path)
    assert len(keys.keys) == len(set(keys.keys.values())) == BUCKETS
    assert keys.replaced == ()


def test_while_bucket_keys_are_replaced_every_process_opens_and_makes_keys(
    url: str, path: Path, clock: Clock, tmp_path: Path
) -> None:
    running, rotating = process(url, path, clock), process(url, path, clock)
    cases = planted(running, tmp_path, MANY)
    before = master_key.read(path)

    def meanwhile(_: int) -> None:
        if len(cases) > MANY + 3:
            return
        # Both bucket keys are in the file; this process remembers the earlier one.
        assert len(master_key.read(path).keys) == 2 * BUCKETS
        cases.extend(planted(running, tmp_path, 1, first=100 + len(cases)))
        opens(running, cases)

    names = replace_bucket_keys(rotating.keys, progress=meanwhile)
    assert len(cases) > MANY
    assert set(names) == {f"{bucket}.2" for bucket in range(BUCKETS)}
    after = master_key.read(path)
    assert set(after.keys) == set(names)
    assert not set(after.keys.values()) & set(before.keys.values())
    assert {by for _, by, *_ in rows(url)} <= set(names)
    late = process(url, path, clock)
    opens(running, cases)
    opens(late, cases)
    close(running, rotating, late)


def test_a_copy_of_a_destroyed_key_opens_with_no_key_of_the_file(
    url: str, path: Path, clock: Clock, tmp_path: Path
) -> None:
    running = process(url, path, clock)
    planted(running, tmp_path, 1)
    copied, old = rows(url), master_key.read(path)
    gone = [key for *_, key, _ in copied]
    destroy(running.keys.database, gone)
    for wrapped, by, key_id, subject in copied:
        assert old.unwrap(wrapped, by, key_id, subject)
    names = destroy_wrapping(running.keys, gone)
    kept = master_key.read(path)
    assert set(names) == {f"{bucket_of(key)}.2" for key in gone}
    for wrapped, by, key_id, subject in copied:
        with pytest.raises(KeyFileUnusable):
            kept.unwrap(wrapped, by, key_id, subject)
    changed = {bucket_of(key) for key in gone}
    untouched = {by for b, by in old.newest.items() if b not in changed}
    assert untouched <= set(kept.keys)
    assert not old_name(path).exists()
    close(running)


def test_two_erasures_one_after_the_other_never_share_a_new_key(
    url: str, path: Path, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed once its new key is in the file, the next one takes a newer one still."""
    running = process(url, path, clock)
    planted(running, tmp_path, 1)
    key = rows(url)[0][2]
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(destruction, "rewrap", _die)
        destroy_wrapping(running.keys, [key])
    # Made under the new key, and destroyed before the next replacement.
    copied = {by: wrapped for wrapped, by, *_ in rows(url)}
    destroy(running.keys.database, [key])
    assert destroy_wrapping(running.keys, [key]) == (f"{bucket_of(key)}.3",)
    assert not set(copied) & {f"{bucket_of(key)}.2"} & set(master_key.read(path).keys)
    close(running)


def _die(*_: Any) -> int:
    raise RuntimeError


def test_a_file_of_an_earlier_version_gets_buckets_and_loses_its_key(
    url: str, path_of_before: Path, clock: Clock, tmp_path: Path
) -> None:
    path = path_of_before
    running, worker = process(url, path, clock), process(url, path, clock)
    cases = planted(running, tmp_path, MANY)
    assert {by for _, by, *_ in rows(url)} == {"1"}
    complete(worker.keys)
    assert "1" not in master_key.read(path).keys
    assert not {by for _, by, *_ in rows(url)} & {"1"}
    opens(running, cases)
    cases += planted(running, tmp_path, 1, first=500)
    late = process(url, path, clock)
    opens(late, cases)
    (buckets,) = uses(late.keys.database, late.keys.master)
    assert (buckets.wraps, buckets.name) == (MANY + 2, "buckets")
    close(running, worker, late)


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
    return run(*arguments, env=os.environ | environ)


@pytest.mark.kill
def test_the_commands_rotate_list_and_remove(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    home = tmp_path / "home"
    path = home / "keys" / "master.json"
    environ = {"DATABASE_URL": url, "REDRESS_HOME": str(home)}
    master_key.read_or_make(path)
    running = process(url, path, clock)
    cases = planted(running, tmp_path, 3)
    killed = adopted(
        ProgramProcess[bytes](
            [*WORDS, "keys", "rotate"],
            env=os.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    )
    while len(master_key.read(path).keys) == BUCKETS:
        time.sleep(0.001)
    killed.kill()
    killed.communicate()
    again = redress(environ, "keys", "rotate")
    assert "1024 buckets have new keys" in again.stdout, again.stderr
    assert "4 data keys are wrapped by them now" in again.stdout
    listed = json.loads(redress(environ, "keys", "list", "--json").stdout)
    wanted = {"name": "buckets", "wraps": 4, "current": True, "present": True}
    assert listed == [wanted]
    assert "is current" in redress(environ, "keys", "remove", "buckets").stderr
    assert "there is no key" in redress(environ, "keys", "remove", "7").stderr
    opens(running, cases)
    close(running)
