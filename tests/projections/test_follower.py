"""Following the ledger: exactly once, poison set aside or halting, rebuilt as grown."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from application.cases.disputes import Disputes
from projections.figures.transparency import TRANSPARENCY
from projections.following.follower import Following, Overtaken
from projections.following.view_job import ViewJob
from projections.queue.queue_view import QUEUE
from projections.read_model import View
from projections.rebuild.rebuild_run import rebuild
from projections.rebuild.swap import RebuildDiffers
from projections.registry import VIEWS
from tests.conftest import Clock, ManualWorker
from tests.projections.test_figure_cube import named
from tests.sample_cases import tell, tell_all

pytestmark = pytest.mark.store


def dump(session: psycopg.Connection, view: View[Any]) -> bytes:
    columns = ", ".join(view.row.__struct_fields__)
    query = f"SELECT {columns} FROM {view.name} ORDER BY {', '.join(view.key)}"
    with session.cursor().copy(f"COPY ({query}) TO STDOUT".encode()) as copy:
        return b"".join(bytes(part) for part in copy)


def sums(session: psycopg.Connection, view: View[Any]) -> list[list[str]]:
    # Cuts of figures have numbers, which are given as they come.
    queries = [
        named(one) if one.startswith("figure_") else f"SELECT t::text FROM {one} t"
        for one in view.tables[1:]
        if one != "figure_cuts"
    ]
    return [
        sorted(row[0] for row in session.execute(query.encode()).fetchall())
        for query in queries
    ]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_rebuilt_equals_grown_byte_for_byte(
    view: View[Any],
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    url: str,
) -> None:
    for n in range(3):
        tell_all(disputes, clock) if n == 0 else tell(
            disputes, clock, "closed", f"x{n}"
        )
        worker.catch_up()
    grown, added_up = dump(session, view), sums(session, view)
    passed: list[tuple[int, int]] = []
    rebuilt = rebuild(url, view, lambda done, total: passed.append((done, total)))
    assert rebuilt.rows == grown.count(b"\n") > 0
    assert dump(session, view) == grown
    assert sums(session, view) == added_up
    assert passed[-1][0] == passed[-1][1] > 0


def test_one_event_at_a_time_gives_the_same_as_a_batch(
    disputes: Disputes, clock: Clock, worker: ManualWorker, session: psycopg.Connection
) -> None:
    tell_all(disputes, clock)
    worker.parts[0].tick()
    for view in VIEWS:
        following = Following(view, session)
        while following.advance(following.position + 1):
            pass
    one_by_one = [(dump(session, view), sums(session, view)) for view in VIEWS]
    for table in (one for view in VIEWS for one in view.tables):
        session.execute(f"DELETE FROM {table}".encode())
    session.execute("UPDATE followers SET position = 0")
    worker.catch_up()
    again = [(dump(session, view), sums(session, view)) for view in VIEWS]
    assert again == one_by_one


def test_two_followers_never_apply_a_batch_twice(
    disputes: Disputes, clock: Clock, worker: ManualWorker, session: psycopg.Connection
) -> None:
    tell(disputes, clock, "closed", "o-1")
    worker.parts[0].tick()
    first, second = Following(QUEUE, session), Following(QUEUE, session)
    assert first.advance(5) == 5
    with pytest.raises(Overtaken):
        second.advance(5)
    assert Following(QUEUE, session).position == 5


def add_poison(disputes: Disputes) -> StoredEvent:
    """Append an event of a kind that this code does not know."""
    poison = StoredEvent(uuid4(), 1, "from-the-future", b'{"type":"from-the-future"}')
    disputes.recorder.insert_events([poison])
    return poison


def test_a_halting_view_stops_at_the_very_fact(
    disputes: Disputes, clock: Clock, worker: ManualWorker, session: psycopg.Connection
) -> None:
    tell(disputes, clock, "filed", "o-1")
    add_poison(disputes)
    tell(disputes, clock, "filed", "o-2")
    worker.catch_up()
    row = session.execute(
        "SELECT position, halted FROM followers WHERE name = 'transparency'"
    ).fetchone()
    assert row is not None
    # The rules are adopted first, at position 1.
    assert row[0] == 2
    assert "position 3" in row[1]
    following = Following(TRANSPARENCY, session)
    following.retry()
    assert following.advance() == 0
    assert following.halted is not None


def test_a_parking_view_sets_the_case_aside_and_goes_on(
    disputes: Disputes, clock: Clock, worker: ManualWorker, session: psycopg.Connection
) -> None:
    tell(disputes, clock, "filed", "o-1")
    poison = add_poison(disputes)
    later = StoredEvent(poison.originator_id, 2, "filed", b"{}")
    disputes.recorder.insert_events([later])
    tell(disputes, clock, "filed", "o-2")
    worker.catch_up()
    parked = session.execute(
        "SELECT originator_id, position FROM parked WHERE follower = 'queue'"
    ).fetchall()
    assert parked == [(poison.originator_id, 3)]
    assert session.execute("SELECT count(*) FROM queue").fetchone() == (2,)
    position = session.execute("SELECT position FROM followers WHERE name = 'queue'")
    assert position.fetchone() == (5,)


def test_a_view_that_was_changed_by_hand_is_not_replaced_silently(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    url: str,
) -> None:
    tell_all(disputes, clock)
    worker.catch_up()
    session.execute("UPDATE queue SET category = 'invoice' WHERE phase = 'closed'")
    with pytest.raises(RebuildDiffers, match="queue at position"):
        rebuild(url, QUEUE, lambda *_: None)
    assert session.execute("SELECT count(*) FROM queue").fetchone() == (14,)


def test_a_view_of_an_older_form_is_replaced(
    disputes: Disputes,
    clock: Clock,
    worker: ManualWorker,
    session: psycopg.Connection,
    url: str,
) -> None:
    tell(disputes, clock, "closed", "o-1")
    worker.catch_up()
    session.execute("UPDATE followers SET revision = 'old' WHERE name = 'queue'")
    session.execute("ALTER TABLE queue DROP COLUMN assignee")
    assert rebuild(url, QUEUE, lambda *_: None).rows == 1
    row = session.execute("SELECT revision FROM followers WHERE name = 'queue'")
    assert row.fetchone() == (QUEUE.revision,)


def test_a_rebuild_goes_on_where_it_stopped(
    disputes: Disputes, clock: Clock, worker: ManualWorker, url: str
) -> None:
    tell(disputes, clock, "closed", "o-1")
    worker.catch_up()

    def interrupt(done: int, _: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(url, QUEUE, interrupt)
    begun: list[int] = []
    rebuild(url, QUEUE, lambda done, _: begun.append(done))
    assert begun[0] > 0


def test_a_follower_takes_up_again_after_its_connection_broke(
    disputes: Disputes, clock: Clock, url: str, worker: ManualWorker
) -> None:
    tell(disputes, clock, "filed", "o-1")
    worker.parts[0].tick()
    follower = ViewJob(url, [QUEUE])
    assert follower.tick() == 2
    follower.connection.close()
    with pytest.raises(psycopg.OperationalError):
        follower.tick()
    follower.close()
    tell(disputes, clock, "filed", "o-2")
    worker.parts[0].tick()
    assert follower.tick() == 1
    follower.close()
