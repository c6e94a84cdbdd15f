"""A soak: writers that commit late, roll back, are killed or prepared."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from contextlib import suppress
from uuid import UUID, uuid4

import psycopg
import pytest

from application.record.database import Database
from application.record.recorder import LockFreeRecorder
from application.record.sequencer import Sequencer

pytestmark = pytest.mark.store

WRITERS = 16
SECONDS = 6.0
INSERT = (
    "INSERT INTO redress.events (originator_id, originator_version, topic, state)"
    " VALUES (%s, %s, 'test', '')"
)


class Writer(threading.Thread):
    """Appends to cases of its own and notes what it knows to be committed."""

    def __init__(self, url: str, seed: int, until: float, *, prepare: bool) -> None:
        super().__init__()
        self.url, self.until, self.prepare = url, until, prepare
        self.random = random.Random(seed)
        self.committed: set[tuple[UUID, int]] = set()
        self.in_doubt: set[tuple[UUID, int]] = set()
        self.versions: dict[UUID, int] = defaultdict(int)

    def run(self) -> None:
        while time.monotonic() < self.until:
            with (
                suppress(psycopg.OperationalError),
                psycopg.connect(self.url) as session,
            ):
                self._write(session)

    def _write(self, session: psycopg.Connection) -> None:
        cases = [uuid4() for _ in range(3)]
        while time.monotonic() < self.until:
            case = self.random.choice(cases)
            recorded = (case, self.versions[case] + 1)
            session.execute(INSERT, recorded)
            if self.random.random() < 0.2:
                time.sleep(self.random.random() * 0.05)
            if self.random.random() < 0.2:
                session.rollback()
                continue
            self.in_doubt.add(recorded)
            self._commit(session)
            self.in_doubt.discard(recorded)
            self.committed.add(recorded)
            self.versions[case] += 1

    def _commit(self, session: psycopg.Connection) -> None:
        if self.prepare and self.random.random() < 0.2:
            name = f"redress-{uuid4()}"
            session.execute(f"PREPARE TRANSACTION '{name}'".encode())
            session.autocommit = True
            time.sleep(self.random.random() * 0.05)
            session.execute(f"COMMIT PREPARED '{name}'".encode())
            session.autocommit = False
        else:
            session.commit()


def kill_some_writers(url: str, until: float) -> int:
    """Terminate a random writing backend now and then; return how many."""
    killed = 0
    with psycopg.connect(url, autocommit=True) as session:
        while time.monotonic() < until:
            time.sleep(0.3)
            row = session.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'INSERT%'"
                " AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
            ).fetchone()
            killed += row is not None
    return killed


def resolve_prepared(url: str) -> None:
    """Commit what a killed writer left prepared, as an operator would."""
    with psycopg.connect(url, autocommit=True) as session:
        left = session.execute(
            "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()"
        ).fetchall()
        for (name,) in left:
            session.execute(f"COMMIT PREPARED '{name}'".encode())


class Follower(threading.Thread):
    """Reads by position, or naively by id, until told that nothing more comes."""

    def __init__(self, url: str, query: str) -> None:
        super().__init__()
        self.url, self.query = url, query
        self.seen: list[tuple[int, UUID, int]] = []
        self.done = threading.Event()

    def run(self) -> None:
        last = 0
        with psycopg.connect(self.url, autocommit=True) as session:
            while True:
                finishing = self.done.is_set()
                rows = session.execute(self.query.encode(), (last,)).fetchall()
                self.seen += rows
                last = rows[-1][0] if rows else last
                if finishing and not rows:
                    return
                time.sleep(0.005)


BY_POSITION = (
    "SELECT position, originator_id, originator_version FROM redress.ledger"
    " WHERE position > %s ORDER BY position"
)
BY_ID = (
    "SELECT notification_id, originator_id, originator_version FROM redress.events"
    " WHERE notification_id > %s ORDER BY notification_id"
)


def test_everything_committed_is_delivered_once_and_in_order(
    url: str, database: Database
) -> None:
    with psycopg.connect(url) as session:
        prepared = session.execute("SHOW max_prepared_transactions").fetchone()
    stop, until = threading.Event(), time.monotonic() + SECONDS
    sequencer = Sequencer(url)
    leading = threading.Thread(target=sequencer.run, args=(stop,))
    ours, naive = Follower(url, BY_POSITION), Follower(url, BY_ID)
    writers = [
        Writer(url, seed, until, prepare=prepared != ("0",)) for seed in range(WRITERS)
    ]
    for thread in (leading, ours, naive, *writers):
        thread.start()
    killed = kill_some_writers(url, until)
    for writer in writers:
        writer.join()
    resolve_prepared(url)
    with psycopg.connect(url) as session:
        stored = set(
            session.execute(
                "SELECT originator_id, originator_version FROM redress.events"
            ).fetchall()
        )
    try:
        wait_for(lambda: len(ours.seen) >= len(stored))
    finally:
        for follower in (ours, naive):
            follower.done.set()
            follower.join()
        stop.set()
        leading.join()

    committed = set().union(*(writer.committed for writer in writers))
    in_doubt = set().union(*(writer.in_doubt for writer in writers))
    delivered = [(case, version) for _, case, version in ours.seen]
    assert killed > 0
    assert len(committed) > 1_000
    assert committed <= stored <= committed | in_doubt
    assert set(delivered) == stored
    assert [position for position, _, _ in ours.seen] == [*range(1, len(stored) + 1)]
    assert_versions_ascend(delivered)
    # The same minutes, read by id: if nothing were missed so, this proved nothing.
    assert {(case, version) for _, case, version in naive.seen} < stored
    recorder = LockFreeRecorder(database, events_table_name="events")
    assert recorder.max_notification_id() == len(stored)


def assert_versions_ascend(delivered: list[tuple[UUID, int]]) -> None:
    last: dict[UUID, int] = defaultdict(int)
    for case, version in delivered:
        assert version == last[case] + 1
        last[case] = version


def wait_for(condition: object, seconds: float = 20.0) -> None:
    assert callable(condition)
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)
