"""A rebuild in several processes equals what grew, whatever ends it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from application.cases.disputes import Disputes
from application.record.sequencer import Sequencer
from projections.figures.transparency import TRANSPARENCY
from projections.queue.queue_view import QUEUE
from projections.rebuild import ledger_spill
from projections.rebuild.bucket_rows import NEXT
from projections.rebuild.ledger_spill import BUCKETS
from projections.rebuild.rebuild_run import rebuild, rebuild_views
from projections.registry import VIEWS, check, make_missing
from projections.tables.view_checksum import kept, summed
from projections.tables.view_presence import ViewMissing
from tests.conftest import Clock, ManualWorker
from tests.projections.test_follower import add_poison, dump
from tests.sample_cases import tell, tell_all
from tests.sizes import sized

pytestmark = pytest.mark.store


@pytest.fixture
def grown(
    disputes: Disputes, clock: Clock, worker: ManualWorker, session: psycopg.Connection
) -> dict[str, bytes]:
    """Have cases in all views, grown event by event; return what the views hold."""
    for n in range(3):
        tell_all(disputes, clock) if n == 0 else tell(
            disputes, clock, "closed", f"x{n}"
        )
        worker.catch_up()
    return {view.name: dump(session, view) for view in VIEWS}


def nothing(_done: int, _total: int) -> None:
    pass


def test_two_processes_rebuild_all_views_in_one_pass(
    grown: dict[str, bytes], session: psycopg.Connection, url: str, tmp_path: Path
) -> None:
    passed: list[tuple[int, int]] = []
    done = rebuild_views(
        url, VIEWS, lambda *now: passed.append(now), jobs=2, folder=tmp_path
    )
    assert {view.name: dump(session, view) for view in VIEWS} == grown
    assert {name: held.rows for name, held in done.items()} == {
        name: rows.count(b"\n") for name, rows in grown.items()
    }
    assert passed[-1][0] == passed[-1][1] > 0
    # Nothing is left, neither of the files nor of what was replaced.
    assert [*tmp_path.iterdir()] == []
    assert session.execute("SELECT to_regnamespace('redress_old')").fetchone() == (
        None,
    )
    # Keys, indexes, rights, policies and triggers are those that a start asks for.
    check(url)


def test_a_bucket_that_is_too_large_is_folded_in_turns(
    grown: dict[str, bytes],
    session: psycopg.Connection,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledger_spill, "MOST_BYTES", 5_000)
    rebuild_views(url, VIEWS, nothing)
    assert {view.name: dump(session, view) for view in VIEWS} == grown


@pytest.mark.usefixtures("grown")
def test_the_sum_that_is_kept_is_that_of_the_rows(
    session: psycopg.Connection, url: str
) -> None:
    def held() -> list[bool]:
        return [
            kept(session, view, "redress") == summed(session, view, "redress")
            for view in VIEWS
        ]

    assert all(held())
    rebuild_views(url, VIEWS, nothing)
    assert all(held())
    # By hand as well, in whatever way.
    before = kept(session, QUEUE, "redress")
    session.execute("UPDATE queue SET category = 'invoice' WHERE phase = 'closed'")
    session.execute("DELETE FROM queue WHERE phase = 'ruling'")
    assert kept(session, QUEUE, "redress") != before
    assert all(held())
    session.execute("TRUNCATE notices")
    assert all(held())
    # What the worker notes of its tries is no row of the record.
    session.execute("UPDATE agenda SET tries = tries + 1")
    assert all(held())


@pytest.mark.usefixtures("grown")
def test_a_new_view_can_wait_beside_the_live_one(
    session: psycopg.Connection, url: str
) -> None:
    rebuild_views(url, [QUEUE], nothing, swapped=False)
    oid = "SELECT 'redress.queue'::regclass::oid, 'redress_next.queue'::regclass::oid"
    live, beside = session.execute(oid).fetchone() or (0, 0)
    assert live != beside
    begun: list[int] = []
    rebuild(url, QUEUE, lambda done, _: begun.append(done))
    # Nothing was folded again: the very table that waited is in place.
    assert begun == []
    now = session.execute("SELECT 'redress.queue'::regclass::oid").fetchone()
    assert now == (beside,)


def test_what_views_cannot_take_is_set_aside_or_halts_as_when_it_grew(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    url: str,
) -> None:
    tell(disputes, clock, "filed", "o-1")
    poison = add_poison(disputes)
    disputes.recorder.insert_events(
        [StoredEvent(poison.originator_id, 2, "filed", b"{}")]
    )
    tell(disputes, clock, "closed", "o-2")
    worker.catch_up()
    grown = {view.name: dump(session, view) for view in VIEWS}
    places = "SELECT name, position, halted FROM followers ORDER BY name"
    aside = "SELECT * FROM parked ORDER BY follower"
    before = [session.execute(query).fetchall() for query in (places, aside)]
    rebuild_views(url, VIEWS, nothing, jobs=2)
    assert {view.name: dump(session, view) for view in VIEWS} == grown
    assert [session.execute(query).fetchall() for query in (places, aside)] == before
    check(url)


def test_a_row_that_its_table_refuses_sets_its_case_aside(
    grown: dict[str, bytes],
    session: psycopg.Connection,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd = QUEUE.ddl.replace(
        "category      text NOT NULL",
        "category      text NOT NULL CHECK (version < 4)",
        1,
    )
    assert odd != QUEUE.ddl
    monkeypatch.setattr(QUEUE, "ddl", odd)
    for cached in ("_statements", "revision"):
        QUEUE.__dict__.pop(cached, None)
    try:
        rebuild_views(url, [QUEUE], nothing)
        longest = session.execute("SELECT max(version) FROM queue").fetchone()
        assert longest == (3,)
        parked = session.execute(
            "SELECT count(*), count(DISTINCT l.originator_version),"
            " min(l.originator_version) FROM parked p"
            " JOIN ledger l USING (position) WHERE follower = 'queue'"
        ).fetchone()
        cases = grown["queue"].count(b"\n")
        assert parked is not None
        assert 0 < parked[0] < cases
        assert parked[1:] == (1, 4)
    finally:
        for cached in ("_statements", "revision"):
            QUEUE.__dict__.pop(cached, None)


def _rebuild_for_ever(url: str, folder: Path) -> None:
    rebuild_views(url, VIEWS, nothing, folder=folder)


@pytest.mark.kill
@pytest.mark.usefixtures("grown")
def test_killed_again_and_again_it_goes_on_and_ends_equal(
    grown: dict[str, bytes], session: psycopg.Connection, url: str, tmp_path: Path
) -> None:
    context = multiprocessing.get_context("spawn")
    done: list[int] = []
    for n in range(sized(4, 10)):
        process = context.Process(target=_rebuild_for_ever, args=(url, tmp_path))
        process.start()
        goal = 20 * (n + 1)
        deadline = time.monotonic() + 60
        while process.is_alive() and time.monotonic() < deadline:
            if buckets(session) >= goal:
                os.kill(process.pid or 0, signal.SIGKILL)
            time.sleep(0.002)
        process.join()
        done.append(buckets(session))
    # Each went on where the one before it was killed; none began anew.
    assert done == sorted(done)
    assert len({n for n in done if 0 < n < BUCKETS}) == len(done)
    rebuild_views(url, VIEWS, nothing, folder=tmp_path)
    assert {view.name: dump(session, view) for view in VIEWS} == grown
    check(url)


def buckets(session: psycopg.Connection) -> int:
    if session.execute(f"SELECT to_regclass('{NEXT}.buckets')").fetchone() == (None,):
        return 0
    row = session.execute(f"SELECT count(DISTINCT bucket) FROM {NEXT}.buckets")
    return int((row.fetchone() or (0,))[0])


def test_readers_and_the_live_follower_hardly_wait(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    grown: dict[str, bytes],
    url: str,
) -> None:
    stop, waits, odd = Event(), [0.0], list[int]()
    cases = grown["queue"].count(b"\n")

    def read() -> None:
        with psycopg.connect(url, autocommit=True) as reader:
            while not stop.is_set():
                began = time.monotonic()
                query = "SELECT count(*) FROM redress.queue"
                (found,) = reader.execute(query).fetchone() or (0,)
                waits.append(time.monotonic() - began)
                if found < cases:
                    odd.append(found)

    def write() -> None:
        number = 0
        while not stop.is_set():
            tell(disputes, clock, "filed", f"w-{number}")
            worker.catch_up()
            number += 1

    threads = [Thread(target=read), Thread(target=read), Thread(target=write)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(4):
            rebuild_views(url, [QUEUE, TRANSPARENCY], nothing)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    worker.catch_up()
    assert odd == []
    # 100 ms is the aim on a machine of its own; here others work on both cores.
    assert max(waits) < 1.0


def test_an_empty_record_is_rebuilt_as_well(url: str) -> None:
    sequencer = Sequencer(url)
    sequencer.tick()
    sequencer.close()
    done = rebuild_views(url, VIEWS, nothing, jobs=2)
    assert {held.rows for held in done.values()} == {0}


@pytest.mark.usefixtures("grown")
def test_a_view_beside_the_live_one_keeps_no_process_from_starting(url: str) -> None:
    rebuild_views(url, VIEWS, nothing, swapped=False)
    check(url)
    rebuild_views(url, VIEWS, nothing)
    check(url)


def test_a_view_that_was_dropped_by_hand_comes_back_by_a_rebuild_alone(
    grown: dict[str, bytes],
    worker: ManualWorker,
    session: psycopg.Connection,
    url: str,
) -> None:
    session.execute("DROP TABLE queue")
    # As every start on the embedded database does: made empty, it would pass for whole.
    assert make_missing(url) == ()
    with pytest.raises(ViewMissing, match=r"queue is missing.*redress rebuild queue"):
        check(url)
    rebuild_views(url, [QUEUE], nothing)
    check(url)
    worker.catch_up()
    assert dump(session, QUEUE) == grown["queue"]
