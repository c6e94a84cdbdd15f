"""The order of events: nothing is skipped, whatever commits late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import Notification, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from application.record.database import Database
from application.record.envelope import leaf
from application.record.recorder import LockFreeRecorder
from application.record.sequencer import Sequencer

pytestmark = pytest.mark.store


def event(case: UUID, version: int = 1) -> StoredEvent:
    return StoredEvent(case, version, "test", f"{case}/{version}".encode())


@pytest.fixture
def recorder(database: Database) -> LockFreeRecorder:
    return LockFreeRecorder(database, events_table_name="events")


@pytest.fixture
def sequencer(url: str) -> Iterator[Sequencer]:
    one = Sequencer(url)
    yield one
    one.close()


@pytest.fixture
def stock(url: str) -> Iterator[PostgresApplicationRecorder]:
    """The library's recorder in its lock-free mode, in a schema of its own."""
    parts = conninfo_to_dict(url)
    datastore = PostgresDatastore(
        dbname=str(parts["dbname"]),
        host=str(parts["host"]),
        port=str(parts.get("port") or 5432),
        user=str(parts.get("user") or "postgres"),
        password=str(parts.get("password") or ""),
        enable_db_functions=True,
    )
    one = PostgresApplicationRecorder(datastore, events_table_name="stock_events")
    one.create_table()
    yield one
    datastore.close()


def follow(recorder: PostgresApplicationRecorder, after: int) -> Sequence[Notification]:
    """Poll as every follower does: what comes after the last one seen."""
    seen: Sequence[Notification] = recorder.select_notifications(
        after, 100, inclusive_of_start=False
    )
    return seen


def test_the_stock_function_mode_skips_what_commits_late(
    url: str, stock: PostgresApplicationRecorder
) -> None:
    slow, fast = uuid4(), uuid4()
    with psycopg.connect(url) as session:
        session.execute(
            "INSERT INTO stock_events (originator_id, originator_version, topic, state)"
            " VALUES (%s, 1, 'test', '')",
            (slow,),
        )
        stock.insert_events([event(fast)])
        seen = follow(stock, 0)
        assert [one.originator_id for one in seen] == [fast]
        session.commit()
    assert follow(stock, seen[-1].id) == []
    assert [one.originator_id for one in follow(stock, 0)] == [slow, fast]


def test_ours_waits_for_what_commits_late(
    url: str, recorder: LockFreeRecorder, sequencer: Sequencer
) -> None:
    slow, fast = uuid4(), uuid4()
    with psycopg.connect(url) as session:
        session.execute(
            "INSERT INTO redress.events"
            " (originator_id, originator_version, topic, state)"
            " VALUES (%s, 1, 'test', '')",
            (slow,),
        )
        recorder.insert_events([event(fast)])
        assert sequencer.tick() == 0
        assert follow(recorder, 0) == []
        session.commit()
    assert sequencer.tick() == 2
    seen = follow(recorder, 0)
    assert [(one.id, one.originator_id) for one in seen] == [(1, slow), (2, fast)]


def test_a_rollback_leaves_no_gap(
    url: str, recorder: LockFreeRecorder, sequencer: Sequencer
) -> None:
    with psycopg.connect(url) as session:
        session.execute(
            "INSERT INTO redress.events"
            " (originator_id, originator_version, topic, state)"
            " VALUES (%s, 1, 'test', '')",
            (uuid4(),),
        )
        recorder.insert_events([event(uuid4())])
        session.rollback()
    recorder.insert_events([event(uuid4())])
    while sequencer.tick():
        pass
    assert [one.id for one in follow(recorder, 0)] == [1, 2]


def test_a_prepared_transaction_is_waited_for(
    url: str, recorder: LockFreeRecorder, sequencer: Sequencer
) -> None:
    with psycopg.connect(url, autocommit=True) as session:
        if session.execute("SHOW max_prepared_transactions").fetchone() == ("0",):
            pytest.skip("this server allows no prepared transactions")
        session.execute("BEGIN")
        session.execute(
            "INSERT INTO redress.events"
            " (originator_id, originator_version, topic, state)"
            " VALUES (%s, 1, 'test', '')",
            (uuid4(),),
        )
        recorder.insert_events([event(uuid4())])
        assert sequencer.tick() == 0
        session.execute("PREPARE TRANSACTION 'redress-test'")
        assert sequencer.tick() == 0
        session.execute("COMMIT PREPARED 'redress-test'")
    assert sequencer.tick() == 2


def test_an_open_transaction_elsewhere_stalls_nothing(
    url: str, recorder: LockFreeRecorder, sequencer: Sequencer
) -> None:
    with psycopg.connect(url) as session:
        session.execute("CREATE TABLE elsewhere (n int)")
        session.execute("INSERT INTO elsewhere VALUES (1)")
        recorder.insert_events([event(uuid4())])
        assert sequencer.tick() == 1


def test_only_one_sequencer_leads_and_the_next_takes_over(
    url: str, recorder: LockFreeRecorder, sequencer: Sequencer
) -> None:
    second = Sequencer(url)
    recorder.insert_events([event(uuid4())])
    assert sequencer.tick() == 1
    recorder.insert_events([event(uuid4())])
    assert second.tick() == 0
    sequencer.close()
    assert second.tick() == 1
    assert [one.id for one in follow(recorder, 0)] == [1, 2]
    second.close()


def test_the_ledger_holds_the_leaf_hash(
    url: str, recorder: LockFreeRecorder, sequencer: Sequencer
) -> None:
    case = uuid4()
    recorder.insert_events([event(case, version) for version in range(1, 40)])
    assert sequencer.tick() == 39
    with psycopg.connect(url) as session:
        rows = session.execute(
            "SELECT originator_version, leaf FROM redress.ledger ORDER BY position"
        ).fetchall()
    assert rows == [
        (version, leaf(event(case, version).state)) for version in range(1, 40)
    ]
