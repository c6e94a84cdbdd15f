"""An event that cannot be read stops an export, until two people let figures go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from application.cases.disputes import Disputes
from application.exports.pseudonyms import Pseudonyms
from application.log.build.integrate import LogBuilder
from application.record.schema.migrations import STORE
from application.record.sequencer import Sequencer
from application.record.session import open_session
from projections.figures.transparency import TRANSPARENCY
from projections.lake.event_export import LakeHalted
from projections.lake.lake_export import LakeExport
from projections.lake.lake_query import opened_lake
from projections.lake.lake_report import lake_report
from projections.lake.lake_store import Lake
from projections.rebuild.rebuild_run import rebuild_views
from projections.reports.period import Question
from projections.reports.report import report
from projections.reports.report_edition import canonical
from tests.conftest import Clock
from tests.lake.written_record import KEY, told_nothing
from tests.sample_cases import tell
from tests.samples import BOOKS

POISON = b'{"case":"not a case","event":{"type":"ruled"}}'


@pytest.fixture
def session(url: str) -> Iterator[psycopg.Connection]:
    with open_session(url, search_path=STORE.name) as connection:
        yield connection


@pytest.fixture
def cases(
    url: str, disputes: Disputes, clock: Clock, session: psycopg.Connection
) -> tuple[UUID, UUID]:
    """Return a case whose last event cannot be read, and one that has no other."""
    real = tell(disputes, clock, "filed", "o-1")
    tell(disputes, clock, "filed", "o-2")
    other = uuid4()
    for case in (real, other):
        session.execute(
            "INSERT INTO events (originator_id, originator_version, topic, state)"
            " SELECT %s, 1 + (SELECT count(*) FROM events WHERE originator_id = %s),"
            " 'ruled', %s",
            (case, case, POISON),
        )
    for job in (Sequencer(url), LogBuilder(url)):
        while job.tick():
            pass
        job.close()
    return real, other


def skip_all(session: psycopg.Connection) -> None:
    """Let figures pass over whatever cannot be read, as two people would."""
    session.execute(
        "INSERT INTO view_skips SELECT %s, l.position, 'It is no ruling', 'm-1', now(),"
        " 'v-2', now() FROM ledger l JOIN events e USING (notification_id)"
        " WHERE e.topic = 'ruled'",
        (TRANSPARENCY.name,),
    )


@pytest.mark.parametrize("few", [0, 20_000], ids=["spilt", "one-by-one"])
def test_two_people_let_a_lake_go_on(
    url: str,
    session: psycopg.Connection,
    tmp_path: Path,
    cases: tuple[UUID, UUID],
    few: int,
) -> None:
    lake = Lake(str(tmp_path / "lake"))
    one = LakeExport(
        url=url, lake=lake, pseudonyms=Pseudonyms(KEY), books=BOOKS, few=few
    )
    with pytest.raises(LakeHalted, match="cannot be exported"):
        one.run(session, told_nothing, told_nothing)
    skip_all(session)
    one.run(session, told_nothing, told_nothing)
    one.run(session, told_nothing, told_nothing)

    ledger = session.execute(
        "SELECT position, encode(leaf, 'hex') FROM ledger ORDER BY position"
    ).fetchall()
    with opened_lake(lake) as (connection, position):
        assert position == len(ledger)
        events = connection.sql("SELECT position, leaf FROM events ORDER BY ALL")
        assert events.fetchall() == ledger
        unread = connection.sql("SELECT history FROM events WHERE month = 'unknown'")
        assert {name for (name,) in unread.fetchall()} == set(map(str, cases))
        aside = connection.sql('SELECT "case" FROM cases_aside').fetchall()
        assert aside == [(str(cases[1]),)]
        told = connection.sql('SELECT "case", phase FROM cases').fetchall()
        assert len(told) == 2
        assert (str(cases[0]), "filed") in told

    rebuild_views(url, [TRANSPARENCY], told_nothing)
    question = Question(period="all")
    counted = report(session, question)
    assert counted.groups[0]["opened"].value == 2
    assert canonical(lake_report(lake, question)) == canonical(counted)
