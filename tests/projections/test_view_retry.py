"""`redress views`: what stands in a view's way, and another chance for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner, Result

from application.access.access_log import AccessLog, Sought
from domain.access_events import ViewRetried
from interface.bootstrap import System, wire
from interface.cli import views
from interface.cli.main import redress
from interface.settings import settings
from projections.figures.transparency import TRANSPARENCY
from projections.following.view_job import ViewJob
from projections.queue.queue_view import QUEUE
from projections.read_model import View
from projections.rebuild.rebuild_run import rebuild
from projections.registry import VIEWS
from projections.tables.view_checksum import kept, summed
from tests.conftest import Clock, ManualWorker
from tests.projections.test_follower import dump
from tests.sample_cases import tell

pytestmark = pytest.mark.store


@pytest.fixture
def system(url: str, tmp_path: Path, clock: Clock) -> Iterator[System]:
    read = settings.read({"REDRESS_HOME": str(tmp_path), "DATABASE_URL": url})
    one = wire(read, url, url, clock)
    yield one
    one.close()


@pytest.fixture
def call(system: System, monkeypatch: pytest.MonkeyPatch) -> Any:
    def fresh(_: object) -> System:
        return wire(system.settings, system.url, system.url, system.clock)

    monkeypatch.setattr(views, "build", fresh)
    monkeypatch.setattr(views, "read", lambda: None)

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(redress, ["views", *arguments])

    return command


WHY = ("--reason", "The constraint is gone", "--by", "m-1")


def refusing(session: psycopg.Connection, view: View[Any]) -> None:
    """Have the table of a view refuse every row of the second case."""
    session.execute(
        f"ALTER TABLE {view.name} ADD CONSTRAINT never CHECK"
        " (case_id <> '{}')".format(second(session)).encode()
    )


def second(session: psycopg.Connection) -> UUID:
    row = session.execute(
        "SELECT originator_id FROM events WHERE topic = 'filed'"
        " ORDER BY notification_id OFFSET 1"
    ).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def follow(url: str) -> ViewJob:
    job = ViewJob(url, VIEWS)
    while job.tick():
        pass
    return job


def state(session: psycopg.Connection, view: View[Any]) -> tuple[int, str | None, int]:
    row = session.execute(
        "SELECT position, halted, (SELECT count(*) FROM parked WHERE follower = name)"
        " FROM followers WHERE name = %s",
        (view.name,),
    ).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def end(session: psycopg.Connection) -> int:
    row = session.execute("SELECT max(position) FROM ledger").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def told(system: System, clock: Clock, worker: ManualWorker) -> None:
    """Three cases, of which no view knows yet."""
    for n in range(3):
        tell(system.disputes, clock, "closed", f"o-{n}")
    worker.parts[0].tick()


@pytest.mark.usefixtures("told")
def test_a_case_is_taken_in_again_while_its_view_goes_on(
    system: System,
    clock: Clock,
    session: psycopg.Connection,
    url: str,
    call: Any,
    worker: ManualWorker,
) -> None:
    refusing(session, QUEUE)
    job = follow(url)
    case = second(session)
    at, halted, parked = state(session, QUEUE)
    assert (at, halted, parked) == (end(session), None, 1)
    still = call("retry", "queue", *WHY)
    assert still.exit_code == 1
    assert re.search(
        rf"queue still cannot take position \d+, case {case}, version 1:"
        " CheckViolation",
        still.output,
    )
    assert state(session, QUEUE)[2] == 1
    session.execute("ALTER TABLE queue DROP CONSTRAINT never")
    listed = [json.loads(line) for line in call("--json").output.splitlines()]
    (queue,) = (one for one in listed if one["place"]["name"] == "queue")
    assert [one["case"] for one in queue["parked"]] == [str(case)]
    assert "CheckViolation" in queue["parked"][0]["error"]
    assert "redress views retry queue" in call().output
    done = call("retry", "queue", "--case", str(case), *WHY)
    assert done.exit_code == 0, done.output
    assert state(session, QUEUE) == (end(session), None, 0)
    # Its later events go to its rows as they are now.
    tell(system.disputes, clock, "closed", "o-9")
    worker.parts[0].tick()
    while job.tick():
        pass
    job.close()
    assert kept(session, QUEUE, "redress") == summed(session, QUEUE, "redress")
    grown = dump(session, QUEUE)
    assert rebuild(url, QUEUE, lambda *_: None).rows == 4
    assert dump(session, QUEUE) == grown
    entries = AccessLog(system.database).found(Sought(), limit=9, before=None)
    assert {one.event for one in entries} == {
        ViewRetried(
            view="queue",
            position=queue["parked"][0]["position"],
            reason="The constraint is gone",
            case=case,
        )
    }
    assert len(entries) == 2


@pytest.mark.usefixtures("told")
def test_a_halted_view_goes_on_in_the_worker_that_runs(
    session: psycopg.Connection, url: str, call: Any
) -> None:
    refusing(session, TRANSPARENCY)
    job = follow(url)
    at, halted, _ = state(session, TRANSPARENCY)
    case = second(session)
    assert at < end(session)
    assert halted is not None
    assert f"position {at + 1}, case {case}, version 1: CheckViolation" in halted
    assert f"transparency halted at position {at + 1}" in call().output
    # Tried too early, it halts again and says the same.
    assert call("retry", "transparency", *WHY).exit_code == 0
    while job.tick():
        pass
    assert state(session, TRANSPARENCY)[:2] == (at, halted)
    session.execute("ALTER TABLE transparency DROP CONSTRAINT never")
    assert call("retry", "transparency", *WHY).exit_code == 0
    while job.tick():
        pass
    job.close()
    assert state(session, TRANSPARENCY) == (end(session), None, 0)
    grown = dump(session, TRANSPARENCY)
    rebuild(url, TRANSPARENCY, lambda *_: None)
    assert dump(session, TRANSPARENCY) == grown


@pytest.mark.usefixtures("told")
def test_what_needs_no_other_chance_is_refused(call: Any, url: str) -> None:
    follow(url).close()
    for arguments, said in (
        (("retry", "queue"), "queue is not halted"),
        (("retry", "nothing"), "there is no view 'nothing'"),
        (("retry", "queue", "--case", str(UUID(int=1))), "has not set case"),
        (("retry", "standing", "--case", str(UUID(int=1))), "sets no cases aside"),
    ):
        refused = call(*arguments, *WHY)
        assert refused.exit_code == 1
        assert said in str(refused.exception)


FULL = """
CREATE FUNCTION redress.full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON redress.queue
    FOR EACH STATEMENT EXECUTE FUNCTION redress.full();
"""


@pytest.mark.usefixtures("told")
def test_a_full_disk_skips_nothing_and_the_views_go_on_after_it(
    session: psycopg.Connection, url: str
) -> None:
    session.execute(FULL)
    job = ViewJob(url, VIEWS)
    with pytest.raises(psycopg.errors.DiskFull, match="no space left"):
        while job.work() if job.tick() is not None else False:
            pass
    job.close()
    assert state(session, QUEUE) == (0, None, 0)
    session.execute("DROP TRIGGER full_disk ON redress.queue")
    follow(url).close()
    assert state(session, QUEUE) == (end(session), None, 0)


@pytest.mark.usefixtures("told")
def test_of_two_workers_one_follows_and_the_other_takes_over(
    session: psycopg.Connection,
    url: str,
    system: System,
    clock: Clock,
    worker: ManualWorker,
) -> None:
    first = follow(url)
    second_one = ViewJob(url, VIEWS)
    second_one.tick()
    assert second_one.together == ()
    tell(system.disputes, clock, "closed", "o-8")
    worker.parts[0].tick()
    session.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND application_name LIKE '%views%'"
    )
    while second_one.tick():
        pass
    assert len(second_one.together) == len(VIEWS)
    assert state(session, QUEUE) == (end(session), None, 0)
    first.close()
    second_one.close()
    grown = dump(session, QUEUE)
    rebuild(url, QUEUE, lambda *_: None)
    assert dump(session, QUEUE) == grown
