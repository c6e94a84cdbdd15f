"""A key file that is replaced, and killed at any step: nothing is lost or left."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.privacy import destruction, key_file_replacement, master_key
from application.privacy.data_keys import KeyStore
from application.privacy.destruction import complete, destroy_wrapping
from application.privacy.key_changes import destroy
from application.privacy.key_file_replacement import old_name, remains
from application.privacy.master_key import BUCKETS, KeyFileUnusable
from application.record.database import Database
from application.record.schema.migrations import KEYS
from tests.privacy.disk_search import keys_in, on_disk, opens, wrapped_rows
from tests.processes import adopted
from tests.simulated_kill import Killed

SUBJECTS = [f"subject {number}" for number in range(40)]

# Where a process can be killed, by what it is about to do: the first and the second
# time that the file is replaced, and between the two.
STEPS = (
    *(
        (key_file_replacement, name, time)
        for time in (1, 2)
        for name in ("create", "put_in_place", "_overwrite")
    ),
    *((os, "link", time) for time in (1, 2)),
    *((Path, "unlink", time) for time in (1, 2)),
    *((destruction, "announce", time) for time in (1, 2)),
    (destruction, "rewrap", 1),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "master.json"
    master_key.read_or_make(path)
    return path


@pytest.fixture
def store(url: str, path: Path) -> Iterator[KeyStore]:
    one = opened(url, path)
    yield one
    one.close()


def opened(url: str, path: Path) -> KeyStore:
    return KeyStore(Database(url, schema=KEYS.name), master_key.read(path), path)


def killed_at(
    where: Any, name: str, nth: int, patch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Make the n-th call of a function end as if the process were killed."""
    real, calls = getattr(where, name), iter(range(1, 100))

    def call(*args: Any, **named: Any) -> Any:
        if next(calls) == nth:
            raise Killed
        return real(*args, **named)

    patch.setattr(where, name, call)
    return call


@pytest.mark.parametrize(("where", "name", "nth"), STEPS, ids=lambda one: str(one)[:40])
def test_killed_at_any_step_the_next_one_completes_it(
    url: str, path: Path, store: KeyStore, where: Any, name: str, nth: int
) -> None:
    sealed = {one: store.cipher(key) for one, key in store.current(SUBJECTS).items()}
    gone, *_ = (row for row in wrapped_rows(url) if row[-1] == SUBJECTS[0])
    destroy(store.database, [gone[2]])
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        killed_at(where, name, nth, patch)
        destroy_wrapping(store, [gone[2]])
    later = opened(url, path)
    # Whatever step it was: all that lives opens, and new keys can be made.
    assert_living(later, sealed)
    later.current(["somebody new"])
    complete(later)
    destroy_wrapping(later, [gone[2]])
    assert remains(path) == ()
    assert len(master_key.read(path).keys) == BUCKETS
    assert not [key for key in keys_in(on_disk(path.parent)) if opens(gone, key)]
    assert_living(later, sealed)
    later.close()


def assert_living(store: KeyStore, before: dict[str, AESGCM | None]) -> None:
    """Check that each living key is the one that it was."""
    ids = store.current(SUBJECTS[1:])
    for subject, key in ids.items():
        cipher, known = store.cipher(key), before[subject]
        assert cipher is not None
        assert known is not None
        nonce = bytes(12)
        assert cipher.encrypt(nonce, b"x", b"") == known.encrypt(nonce, b"x", b"")


LOOP = """
import sys
from pathlib import Path
from application.privacy import master_key
from application.privacy.data_keys import KeyStore
from application.privacy.destruction import replace_bucket_keys
from application.record.database import Database
from application.record.schema.migrations import KEYS
url, path = sys.argv[1], Path(sys.argv[2])
keys = KeyStore(Database(url, schema=KEYS.name), master_key.read(path), path)
print("ready", flush=True)
number = 0
while True:
    number += 1
    replace_bucket_keys(keys, [number % 1024])
    keys.current([f"{sys.argv[3]} {number}"])
"""


@pytest.mark.kill
def test_processes_that_are_killed_again_and_again_lose_no_key(
    url: str, path: Path, store: KeyStore
) -> None:
    """Two at a time replace and make keys; SIGKILL takes them whenever it comes."""
    sealed = {one: store.cipher(key) for one, key in store.current(SUBJECTS).items()}
    rng = random.Random(12)
    for turn in range(6):
        pair = [looping(url, path, f"{turn}/{name}") for name in "ab"]
        time.sleep(rng.uniform(0.05, 0.5))
        for one in pair:
            one.send_signal(signal.SIGKILL)
            one.communicate()
    complete(store)
    assert remains(path) == ()
    now = master_key.read(path)
    assert len(now.keys) == BUCKETS
    rows = wrapped_rows(url)
    assert len(rows) > len(SUBJECTS) + 6
    for row in rows:
        assert opens(row, now.keys[row[1]])
    assert_living(store, sealed)


def looping(url: str, path: Path, name: str) -> subprocess.Popen[bytes]:
    process = adopted(
        subprocess.Popen(
            [sys.executable, "-c", LOOP, url, str(path), name], stdout=subprocess.PIPE
        )
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def test_nothing_is_made_under_a_key_that_goes(url: str, path: Path) -> None:
    """A process that was stopped with an old key in its hands makes nothing by it."""
    slow, quick = opened(url, path), opened(url, path)
    known = slow.fresh()
    destruction.replace_bucket_keys(quick)
    slow._make(["slow"], known)
    assert not wrapped_rows(url)
    key = slow.current(["slow"])["slow"]
    assert quick.cipher(key) is not None
    (row,) = wrapped_rows(url)
    assert row[1] in master_key.read(path).keys
    slow.close()
    quick.close()


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[1]", b"\xff\xfe", None])
def test_a_file_that_is_half_written_is_named_and_left_as_it_is(
    path: Path, content: bytes | None
) -> None:
    half = path.read_bytes()[:20_000] if content is None else content
    path.write_bytes(half)
    with pytest.raises(KeyFileUnusable):
        master_key.read(path)
    assert path.read_bytes() == half


def test_a_bucket_key_that_is_lost_is_named(path: Path) -> None:
    keys = master_key.read(path)
    path.write_bytes(master_key.encoded(keys.without(["17.1"])))
    with pytest.raises(KeyFileUnusable, match="no key of bucket 17"):
        master_key.read(path)


def test_a_folder_that_cannot_be_written_leaves_the_file_as_it_was(
    url: str, path: Path, store: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def refused(*_: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    with pytest.raises(PermissionError):
        destruction.replace_bucket_keys(store, [3])
    assert path.read_bytes() == before
    assert remains(path) == ()
    assert not old_name(path).exists()
    assert not wrapped_rows(url)
