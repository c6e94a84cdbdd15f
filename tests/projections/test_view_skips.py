"""An event that no view can take: two people let a view go on, and it is recorded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from click.testing import CliRunner, Result

from application.access.access_log import AccessLog, Sought
from application.jobs.seller_standing import StandingJob
from domain.access_events import PositionSkipped
from interface.bootstrap import System, wire
from interface.cli import views
from interface.cli.doctor import examined
from interface.cli.main import redress
from interface.health import health
from interface.settings import settings
from projections.figures.transparency import TRANSPARENCY
from projections.queue.queue_view import QUEUE
from projections.rebuild.rebuild_run import rebuild
from tests.conftest import Clock, ManualWorker
from tests.projections.test_follower import dump
from tests.sample_cases import tell

pytestmark = pytest.mark.store

POISON = b'{"case":"not a case","event":{"type":"ruled"}}'


@pytest.fixture
def system(url: str, tmp_path: Path, clock: Clock) -> Iterator[System]:
    read = settings.read({"REDRESS_HOME": str(tmp_path), "DATABASE_URL": url})
    one = wire(read, url, url, clock)
    yield one
    one.close()


@pytest.fixture
def poisoned(
    system: System, clock: Clock, session: psycopg.Connection, worker: ManualWorker
) -> UUID:
    """An event under a topic that it does not fit, put in by SQL, as event 2 of 3."""
    poison = uuid4()
    tell(system.disputes, clock, "filed", "o-1")
    session.execute(
        "INSERT INTO events (originator_id, originator_version, topic, state)"
        " VALUES (%s, 1, 'ruled', %s)",
        (poison, POISON),
    )
    tell(system.disputes, clock, "filed", "o-2")
    worker.catch_up()
    return poison


class Command:
    """`redress views skip`, given on the system of the test."""

    def __init__(self, system: System, monkeypatch: pytest.MonkeyPatch) -> None:
        def fresh(_: object) -> System:
            return wire(system.settings, system.url, system.url, system.clock)

        monkeypatch.setattr(views, "build", fresh)
        monkeypatch.setattr(views, "read", lambda: None)

    def __call__(self, position: int, view: str, by: str, reason: str = "") -> Result:
        asked = ["--view", view, "--by", by, "--reason", reason]
        return CliRunner().invoke(redress, ["views", "skip", str(position), *asked])


@pytest.fixture
def skip(system: System, monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(system, monkeypatch)


STAND = ("sanctions", "deliveries")


def halted(session: psycopg.Connection) -> set[str]:
    rows = session.execute("SELECT name FROM followers WHERE halted IS NOT NULL")
    return {name for (name,) in rows}


def position(session: psycopg.Connection, view: str) -> int:
    row = session.execute(
        "SELECT position FROM followers WHERE name = %s", (view,)
    ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.usefixtures("poisoned")
def test_two_people_let_one_view_go_on(
    skip: Command,
    session: psycopg.Connection,
    worker: ManualWorker,
    url: str,
) -> None:
    assert halted(session) == {"audit_trail", "transparency", *STAND}
    proposed = skip(3, "transparency", "m-1", "It is no ruling")
    assert proposed.exit_code == 0, proposed.output
    assert "another person" in proposed.output
    worker.catch_up()
    assert position(session, "transparency") == 2
    approved = skip(3, "transparency", "v-2")
    assert approved.exit_code == 0, approved.output
    worker.catch_up()
    assert position(session, "transparency") == 4
    assert halted(session) == {"audit_trail", *STAND}
    grown = dump(session, TRANSPARENCY)
    assert grown.count(b"\n") == 2
    rebuilt = rebuild(url, TRANSPARENCY, lambda *_: None)
    assert rebuilt.rows == 2
    assert dump(session, TRANSPARENCY) == grown
    assert position(session, "transparency") == 4


@pytest.mark.usefixtures("poisoned")
def test_two_people_let_the_dispatch_of_deliveries_go_on(
    skip: Command, session: psycopg.Connection, worker: ManualWorker
) -> None:
    for by in ("m-1", "v-2"):
        done = skip(3, "deliveries", by, "Nobody has to be told of it")
        assert done.exit_code == 0, done.output
    worker.catch_up()
    assert position(session, "deliveries") == 4
    assert "deliveries" not in halted(session)


@pytest.mark.usefixtures("poisoned")
@pytest.mark.parametrize("again", ["m-1", " M-1 "])
def test_one_person_alone_cannot(
    skip: Command, session: psycopg.Connection, worker: ManualWorker, again: str
) -> None:
    for by in ("m-1", again):
        skip(3, "transparency", by, "It is no ruling")
    worker.catch_up()
    assert position(session, "transparency") == 2
    assert "transparency" in halted(session)


@pytest.mark.usefixtures("poisoned")
def test_only_the_event_that_a_view_stands_at_is_passed_over(
    skip: Command, session: psycopg.Connection
) -> None:
    for place, view, by, said in (
        (2, "transparency", "m-1", "halted at position 3"),
        (4, "transparency", "m-1", "halted at position 3"),
        (3, "notices_of_all", "m-1", "there is no view"),
        (3, "transparency", "m-1\u200b", "invisible character U+200B"),
        (3, "transparency", " ", "visible characters"),
        (1, "queue", "m-1", "is not halted"),
    ):
        refused = skip(place, view, by, "Why not")
        assert refused.exit_code == 1
        assert said in str(refused.exception)
    unsaid = skip(3, "transparency", "m-1")
    assert "--reason" in str(unsaid.exception)
    assert session.execute("SELECT count(*) FROM view_skips").fetchone() == (0,)


@pytest.mark.usefixtures("poisoned")
def test_health_doctor_and_access_log_say_so(skip: Command, system: System) -> None:
    skip(3, "transparency", "m-1", "It is no ruling")
    asked = "asked by m-1 to pass over position 3: It is no ruling"
    assert asked in dict(examined(system.settings))["view transparency"]
    skip(3, "transparency", "v-2")
    (view,) = (one for one in health(system).views if one.name == "transparency")
    assert view.skipped == 1
    entries = AccessLog(system.database).found(Sought(), limit=5, before=None)
    assert [one.event for one in entries] == [
        PositionSkipped(
            view="transparency",
            position=3,
            reason="It is no ruling",
            proposed_by="m-1",
            approved_by="v-2",
        )
    ]


@pytest.mark.usefixtures("poisoned")
def test_a_view_that_goes_on_is_well_and_says_what_it_lacks(
    skip: Command, system: System, worker: ManualWorker
) -> None:
    for by in ("m-1", "v-2"):
        skip(3, "transparency", by, "It is no ruling")
    worker.catch_up()
    assert dict(examined(system.settings))["view transparency"] == (
        "ok; transparency passes over position 3: It is no ruling (m-1, v-2)"
    )


@pytest.mark.usefixtures("poisoned")
def test_what_was_approved_stays(skip: Command, session: psycopg.Connection) -> None:
    for by in ("m-1", "v-2"):
        skip(3, "transparency", by, "It is no ruling")
    for statement in (
        "UPDATE view_skips SET reason = 'other'",
        "UPDATE view_skips SET approved_by = NULL, approved_at = NULL",
        "DELETE FROM view_skips",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="two people"):
            session.execute(statement.encode())
    with pytest.raises(psycopg.errors.CheckViolation):
        session.execute(
            "INSERT INTO view_skips VALUES ('queue', 1, 'x', 'm', now(), 'm', now())"
        )


def test_a_case_that_was_set_aside_comes_back_without_the_event(
    poisoned: UUID, skip: Command, session: psycopg.Connection, url: str
) -> None:
    parked = "SELECT originator_id FROM parked WHERE follower = 'queue'"
    assert session.execute(parked).fetchall() == [(poisoned,)]
    for by in ("m-1", "v-2"):
        done = skip(3, "queue", by, "It is no ruling")
        assert done.exit_code == 0, done.exception
    # The second word has taken it in again; a rebuild comes to the same.
    assert session.execute(parked).fetchall() == []
    grown = dump(session, QUEUE)
    assert rebuild(url, QUEUE, lambda *_: None).rows == 2
    assert dump(session, QUEUE) == grown


@pytest.mark.usefixtures("poisoned")
def test_the_standings_halt_at_the_same_event_and_their_thread_lives(
    skip: Command, system: System, session: psycopg.Connection
) -> None:
    job = StandingJob(system.url, system.record, system.rulebooks, system.clock)
    stop = threading.Event()
    thread = threading.Thread(target=job.run, args=(stop,))
    thread.start()
    try:
        until(lambda: "standing" in halted(session))
        assert thread.is_alive()
        assert any(
            "standing halted at position 3" in one for one in health(system).wrong
        )
        for by in ("m-1", "v-2"):
            skip(3, "standing", by, "It is no ruling")
        until(lambda: position(session, "standing") == 4)
        assert "standing" not in halted(session)
    finally:
        stop.set()
        thread.join()


def until(holds: Callable[[], bool]) -> None:
    """Wait, ten seconds at most, until something holds."""
    waiting = threading.Event()
    for _ in range(200):
        if holds():
            return
        waiting.wait(0.05)
    assert holds()
