"""Every halt and every case set aside names case, version, position and the error."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from uuid import UUID

import msgspec
import psycopg
import pytest
from click.testing import CliRunner

from application.jobs.seller_standing import StandingJob
from interface.bootstrap import System, wire
from interface.cli import doctor, views
from interface.cli.main import redress
from interface.health import health
from projections.health.health_finding import Kind
from tests.conftest import Clock, ManualWorker
from tests.projections.audited_views import findings_of
from tests.projections.test_view_skips import poisoned, system

__all__ = ["poisoned", "system"]

pytestmark = pytest.mark.store

HALTING = ("audit_trail", "deliveries", "sanctions", "standing", "transparency")
PARKING = ("agenda", "notices", "queue")


@pytest.fixture
def place(
    poisoned: UUID, system: System, caplog: pytest.LogCaptureFixture
) -> Callable[[str], None]:
    """Return a check of a line: where the event stands, and why it is in the way."""
    caplog.set_level(logging.ERROR)
    job = StandingJob(system.url, system.record, system.rulebooks, system.clock)
    while job.tick():
        pass
    job.close()
    told = rf"position 3, case {poisoned}, version 1: [A-Z]\w+: \S"

    def check(line: str) -> None:
        assert re.search(told, line), line

    return check


def test_health_and_doctor_name_it(
    place: Callable[[str], None], system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = health(system).wrong
    for name in HALTING:
        (line,) = (one for one in wrong if one.startswith(f"{name} halted at "))
        place(line)
    for name in PARKING:
        (line,) = (one for one in wrong if one.startswith(f"{name} set 1 case aside "))
        place(line)
    monkeypatch.setattr(doctor, "build", lambda _: system)
    monkeypatch.setattr(type(system), "close", lambda _: None)
    found = dict(doctor.examined(system.settings))
    for name in (*HALTING, *PARKING):
        place(found[f"view {name}"])


def test_the_list_of_views_names_it(
    place: Callable[[str], None], system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh(_: object) -> System:
        return wire(system.settings, system.url, system.url, system.clock)

    monkeypatch.setattr(views, "build", fresh)
    monkeypatch.setattr(views, "read", lambda: None)
    shown = CliRunner().invoke(redress, ["views"]).output.splitlines()
    for name in HALTING:
        (line,) = (one for one in shown if one.startswith(f"{name} halted at "))
        place(line)
    for name in PARKING:
        (line,) = (one for one in shown if one.startswith(f"{name} set a case aside "))
        place(line)
    lines = CliRunner().invoke(redress, ["views", "list", "--json"]).output
    listed = {one["place"]["name"]: one for one in map(json.loads, lines.splitlines())}
    (aside,) = listed["queue"]["parked"]
    assert (aside["position"], aside["version"]) == (3, 1)
    place(listed["standing"]["place"]["halted"])


def test_the_log_names_it(
    place: Callable[[str], None], worker: ManualWorker, caplog: pytest.LogCaptureFixture
) -> None:
    del worker
    lines = [*caplog.text.splitlines(), *_setup(caplog)]
    for name in (*HALTING, *PARKING):
        (line,) = {one for one in lines if f"{name} cannot take " in one}
        place(line)


def _setup(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.get_records("setup")]


@pytest.mark.usefixtures("poisoned")
def test_of_many_cases_set_aside_the_first_are_named(
    session: psycopg.Connection, clock: Clock
) -> None:
    session.execute(
        "INSERT INTO parked SELECT 'queue', gen_random_uuid(), n, 'ValueError: x'"
        " FROM generate_series(1, 2) AS n"
    )
    session.execute(
        "INSERT INTO parked SELECT 'queue', originator_id, position, 'ValueError: x'"
        " FROM ledger WHERE position = 4"
    )
    (found,) = (
        one for one in findings_of(session, clock, Kind.PARKED) if one.part == "queue"
    )
    assert found.said.startswith("queue set 4 cases aside at position 1, case ")
    # A case of another position than the record has it at has no version there.
    assert found.said.count("position ") == 3
    assert found.said.count("version ") == 1
    assert found.said.endswith("; … (redress views)")
    assert msgspec.json.encode(found)
