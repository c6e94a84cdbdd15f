"""Many cases full of canaries: the subject is erased, and none is left."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from msgspec import Struct
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import TextLoader

from application.privacy.erasure import Eraser
from application.privacy.erasure_requests import ErasureRequest, Subject
from application.record.codec import ERASED
from domain.case.events import DisputeEvent
from domain.evidence.events import EvidenceSubmitted
from domain.negotiation.events import MessagePosted
from domain.personal import map_personal
from domain.privacy.data_subjects import data_subject
from domain.roles import Party
from interface.bootstrap import System, migrate, wire
from interface.run.due_commands import BATCH, Agenda
from interface.run.embedded_postgres import EmbeddedServer
from interface.run.erasure_job import eraser
from interface.settings import settings
from projections.rebuild.rebuild_run import rebuild
from projections.registry import VIEWS
from tests.conftest import Clock, ManualWorker
from tests.http.conftest import People
from tests.http_app import serving
from tests.postgres import embedded
from tests.privacy.canaries import (
    KINDS,
    MARK,
    found_in,
    found_under,
    personal_fields,
    plant,
    samples,
    share,
)
from tests.samples import NOW
from tests.sizes import sized

CASES = sized(60, 1_000)
BODIES = 60
SHARES = 4
"""Beyond the first, which hold everything, so many cases share the kinds of events."""
BUYER = Subject(platform="shop", party=Party.BUYER, id="b-1")


class Place(Struct):
    """A system on a database cluster of its own, and where both keep their files."""

    system: System
    cluster: EmbeddedServer
    home: Path
    url: str
    clock: Clock


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with embedded() as (url, cluster):
        home = tmp_path / "home"
        environ = {"REDRESS_HOME": str(home), "DATABASE_URL": url}
        read = settings.read(environ)
        migrate(read)
        clock = Clock(NOW)
        system = wire(read, url, url, clock)
        yield Place(system, cluster, home, url, clock)
        system.close()


def approved(worker: Eraser, clock: Clock) -> ErasureRequest:
    wanted = ErasureRequest(
        erasure_id=UUID(int=7),
        platform="shop",
        party=Party.BUYER,
        subject="b-1",
        basis="Request 2026-12",
        requested_by="v-1",
        requested_at=clock(),
    )
    worker.approvals.request(wanted)
    return worker.approvals.approve(wanted, "v-2", clock())


def texts_of(event: DisputeEvent) -> list[str]:
    texts: list[str] = []

    def note(_: str, text: str) -> str:
        texts.append(text)
        return text

    map_personal(event, note)
    return texts


def dumped(place: Place) -> bytes:
    """Return everything that the database would hand out: tables, also as COPY."""
    parts = conninfo_to_dict(place.url)
    dump = subprocess.run(
        [
            place.cluster.programs / "pg_dump",
            *("-h", str(parts["host"]), "-U", str(parts["user"])),
            str(parts["dbname"]),
        ],
        check=True,
        capture_output=True,
    )
    return dump.stdout


def columns(place: Place) -> Iterator[bytes]:
    """Yield every row of every table as text, bytes unescaped."""
    with psycopg.connect(place.url) as connection:
        # Python has no time for "infinity", which some tables know.
        connection.adapters.register_loader("timestamptz", TextLoader)
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname IN ('redress', 'redress_keys')"
        ).fetchall()
        for schema, table in tables:
            query = f'SELECT * FROM "{schema}"."{table}"'
            for row in connection.execute(query.encode()):
                for value in row:
                    yield value if isinstance(value, bytes) else str(value).encode()


def checkpoint(place: Place) -> None:
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")


def test_the_samples_fill_every_personal_field() -> None:
    assert {name for name, _ in personal_fields()} == {one.__name__ for one in KINDS}
    assert ("Attachment", "name") not in personal_fields()
    assert ("MessagePosted", "name") in personal_fields()


def test_cases_that_share_the_kinds_of_events_hold_them_all_between_them() -> None:
    shared = [share(number, SHARES) for number in range(BODIES, BODIES + SHARES)]
    assert {type(event) for events in shared for event in events} == set(KINDS)
    assert sum(map(len, shared)) == len(samples()) + 2 * (SHARES - 1)


def test_the_search_finds_a_canary_in_every_place(place: Place) -> None:
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO redress.imports VALUES ('\\x00', %s, 0, 0, 0, 0, 0, true)",
            (f"{MARK}left",),
        )
    (place.home / "left").write_bytes(f"{MARK}left".encode().hex().encode())
    checkpoint(place)
    assert found_in(dumped(place))
    assert any(map(found_in, columns(place)))
    assert found_under(place.cluster.folder)
    assert found_under(place.home) == [place.home / "left"]


@pytest.mark.long
def test_nothing_of_many_cases_is_left(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    system = place.system
    cases = [
        plant(
            system.disputes,
            system.evidence,
            n,
            "b-1",
            bodies=n < BODIES,
            shares=1 if n < BODIES else SHARES,
        )
        for n in range(CASES)
    ]
    other = plant(system.disputes, system.evidence, CASES, "b-2", bodies=True)
    background = ManualWorker(place.url)
    background.catch_up()
    before = [system.disputes.find(case) for case in (cases[0], cases[-1], other)]
    assert MARK in str(system.record.opened(before[0].events))
    files = sum(1 for path in system.evidence.folder.rglob("*") if path.is_file())
    place.clock.now += timedelta(days=3 * 366)

    worker = eraser(system)
    done = worker.carry_out(approved(worker, place.clock))

    assert done.state == "done"
    assert set(done.case_ids or ()) == set(cases)
    left = [path for path in system.evidence.folder.rglob("*") if path.is_file()]
    of_each = files // (BODIES + 1)
    assert of_each >= len([EvidenceSubmitted, MessagePosted])
    assert (done.files, len(left)) == (of_each * BODIES, of_each)
    sellers: list[bool] = []
    for case in (cases[0], *cases[-SHARES:]):
        after = system.disputes.find(case)
        assert after.dispute.erased == (Party.BUYER,)
        for recorded in system.record.opened(after.events):
            if data_subject(recorded.event) is Party.BUYER:
                assert set(texts_of(recorded.event)) <= {ERASED}
        sellers.append(f"{MARK}S" in str(system.record.opened(after.events)))
    # The last cases hold every kind of event between them, so the seller's too.
    assert sellers[0]
    assert any(sellers[1:])
    assert f"{MARK}B" in str(system.record.opened(system.disputes.find(other).events))

    served(place, cases[0])
    # What is due in erased cases is done as ever; one batch shows it.
    assert Agenda(system).tick() == BATCH
    background.catch_up()
    for view in VIEWS:
        rebuild(place.url, view, lambda *_: None)
    background.close()
    checkpoint(place)
    assert found_in(dumped(place)) == []
    assert not any(map(found_in, columns(place)))
    assert found_under(place.cluster.folder, place.home) == []
    assert MARK not in caplog.text
    chain_holds(place, [cases[0], cases[-1], other])


def served(place: Place, case: object) -> None:
    """Every way to read an erased case still works, and shows a tombstone."""
    system = wire(place.system.settings, place.url, place.url, place.clock)
    with serving(system) as http:
        people = People(http, system)
        for person in (people.buyer, people.mediator, people.auditor):
            shown = person.get(f"/v1/disputes/{case}")
            assert shown.status_code == 200
            assert shown.json()["facts"] == ERASED
            assert shown.json()["erased"] == ["buyer"]
            assert f"{MARK}B" not in shown.text
        auditor = people.named("auditor", "a-1", platform=None)
        for path in ("", "/replay"):
            answer = auditor.get(f"/v1/audit/disputes/{case}{path}")
            assert answer.status_code == 200
            assert f"{MARK}B" not in answer.text
        number = people.mediator.get(f"/v1/disputes/{case}").json()["evidence"][0]
        gone = people.mediator.get(f"/v1/disputes/{case}/evidence/{number['number']}")
        assert gone.status_code == 410


def chain_holds(place: Place, cases: list[object]) -> None:
    """Hashes cover what is stored, and that did not change."""
    with psycopg.connect(place.url) as connection:
        for case in cases:
            rows = connection.execute(
                "SELECT l.leaf, e.state, sha256('\\x00'::bytea || e.state),"
                " (convert_from(e.state, 'UTF8')::jsonb ->> 'prev')"
                " FROM redress.events e JOIN redress.ledger l USING (notification_id)"
                " WHERE e.originator_id = %s ORDER BY e.originator_version",
                (case,),
            ).fetchall()
            head = None
            for leaf, _, counted, prev in rows:
                assert leaf == counted
                kept = base64.b64decode(prev) if prev else None
                assert kept == head
                head = leaf
