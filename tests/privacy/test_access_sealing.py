"""Cutting off the access log's end is found: its length is sealed in the record."""

from __future__ import annotations

from typing import Any

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from application.access.access_log import AccessLog, columns, decode_entry
from application.access.seals import AccessSealJob
from application.log.fsck.access_chain import AccessWalk, check_access
from application.log.fsck.finding import Differs
from application.log.fsck.verdict import Verdict
from application.log.fsck.whole_record import check
from application.record.envelope import leaf
from domain.access_events import CaseViewed
from domain.identity import ACCESS_LOG
from domain.roles import Actor, Role
from interface.bootstrap import System
from interface.run.worker import Worker
from interface.trust_config import trust
from tests.http.conftest import People, file_for
from tests.log.owner_edits import owner_without_triggers
from tests.samples import NOW

AUDITOR = Actor(role=Role.AUDITOR, id="a-1")
READS = 9


def read(system: System, times: int) -> None:
    log = AccessLog(system.database)
    for number in range(times):
        viewed = CaseViewed(what="case", path=f"/{number}", purpose="Audit")
        log.record(AUDITOR, "shop", viewed, NOW)


def sealed(system: System) -> int:
    """Run a sealing of its own until nothing is left; return how many seals it made."""
    sealing = AccessSealJob(system.url, system.record, system.clock)
    made = 0
    while sealing.tick():
        made += 1
    sealing.close()
    return made


def verdict(system: System) -> Verdict:
    with psycopg.connect(system.url, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        return check(connection, trust(system.settings))


def found(system: System) -> str:
    with (
        system.database.get_connection() as connection,
        pytest.raises(Differs) as wrong,
    ):
        check_access(connection)
    return wrong.value.finding.said


@pytest.fixture
def sealing_worker(system: System, people: People, background: Worker) -> Worker:
    """Yield a worker that has sealed nine reads, with the seal in the signed log."""
    file_for(people)
    read(system, READS)
    background.catch_up()
    return background


def test_what_is_new_is_sealed_once(system: System) -> None:
    assert sealed(system) == 0
    read(system, 3)
    assert sealed(system) == 1
    assert sealed(system) == 0
    read(system, 1)
    assert sealed(system) == 1
    states = system.disputes.recorder.select_events(ACCESS_LOG)
    assert [one.originator_version for one in states] == [1, 2]
    with system.database.get_connection() as connection:
        assert check_access(connection) == 4


@pytest.mark.usefixtures("sealing_worker")
def test_seals_are_signed_and_disturb_no_view(system: System, people: People) -> None:
    whole = verdict(system)
    assert (whole.intact, whole.reads, whole.unsigned) == (True, READS, 0)
    assert people.mediator.get("/v1/queue").status_code == 200
    assert people.mediator.get(f"/v1/disputes/{ACCESS_LOG}").status_code == 404
    assert people.auditor.get(f"/v1/audit/disputes/{ACCESS_LOG}").status_code == 404
    with system.database.get_connection() as connection:
        parked = connection.execute("SELECT count(*) AS n FROM parked").fetchone()
    assert parked == {"n": 0}


def test_a_cut_off_end_is_named(sealing_worker: Worker, system: System) -> None:
    with owner_without_triggers(system.url) as owner:
        owner.execute("DELETE FROM access_log WHERE number > 7")
    said = found(system)
    assert "its end was cut off: it has 7 entries, and 9 were sealed at" in said
    whole = verdict(system)
    assert not whole.intact
    assert str(whole.finding) == f"access-log: {said}"
    sealing_worker.catch_up("auditor")
    with system.database.get_connection() as connection:
        row = connection.execute(
            "SELECT problem FROM log_reports WHERE part = 'auditor'"
        ).fetchone()
    assert row == {"problem": f"access-log: {said}"}


@pytest.mark.usefixtures("sealing_worker")
def test_an_emptied_log_is_named(system: System) -> None:
    with owner_without_triggers(system.url) as owner:
        owner.execute("DELETE FROM access_log")
    assert "it has 0 entries, and 9 were sealed" in found(system)
    assert sealed(system) == 0, "nothing is sealed over a gap"


@pytest.mark.usefixtures("sealing_worker")
def test_a_chain_made_anew_is_named(system: System) -> None:
    """Whoever changes an entry and hashes all later ones again contradicts a seal."""
    with owner_without_triggers(system.url) as owner:
        rechained(owner)
    assert "entry 9 is not the one that was sealed" in found(system)


def rechained(owner: psycopg.Connection[Any]) -> None:
    rows = owner.execute("SELECT entry FROM access_log ORDER BY number").fetchall()
    head = None
    owner.execute("DELETE FROM access_log")
    for (written,) in rows:
        entry = decode_entry(bytes(written))
        event = replace(entry.event, purpose="Another") if entry.number == 2 else None
        entry = replace(entry, prev=head, event=event or entry.event)
        anew = msgspec.json.encode(entry)
        head = leaf(anew)
        owner.execute(
            "INSERT INTO access_log (number, at, reader, role, platform, what,"
            " case_id, entry, hash) VALUES (%s, %s, %s, %s, %s, %s, %s, %b, %b)",
            columns(entry, anew),
        )


@pytest.mark.usefixtures("sealing_worker")
def test_whoever_takes_the_seal_away_too_is_found(system: System) -> None:
    with owner_without_triggers(system.url) as owner:
        owner.execute("DELETE FROM access_log WHERE number > 7")
        owner.execute("DELETE FROM events WHERE originator_id = %s", (ACCESS_LOG,))
    with system.database.get_connection() as connection:
        assert check_access(connection) == 7
    whole = verdict(system)
    assert not whole.intact
    assert whole.finding is not None
    assert whole.finding.case == ACCESS_LOG


def test_reads_while_it_is_checked_are_no_finding(system: System) -> None:
    read(system, 3)
    sealed(system)
    with system.database.get_connection() as connection:
        walk = AccessWalk(connection)
        assert walk.step() == 3
        read(system, 2)
        sealed(system)
        assert walk.step() == 2
        assert walk.step() == 0


@pytest.mark.usefixtures("sealing_worker")
def test_a_seal_that_is_none_is_named_before_it_has_a_position(
    system: System,
) -> None:
    with psycopg.connect(system.url) as owner:
        owner.execute(
            "INSERT INTO redress.events (originator_id, originator_version, topic,"
            " state) VALUES (%s, 2, 'access-sealed', '{}')",
            (ACCESS_LOG,),
        )
    finding = verdict(system).finding
    assert finding is not None
    assert "a seal of it cannot be read" in finding.said
