"""A case with an event that somebody has put in by SQL, and that cannot be read."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner

from application.cases.case import UnreadableCase
from application.record.envelope import topic
from interface.bootstrap import System, wire
from interface.cli import replay
from interface.cli.main import redress
from interface.health import examined
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People, file_for
from tests.http.conftest import whole_worker as background
from tests.http.test_history_from_record import POISON

__all__ = ["background"]

READS = (
    *("/v1/disputes/{}", "/v1/disputes/{}/deadlines", "/v1/audit/disputes/{}"),
    *(f"/v1/audit/disputes/{{}}/{part}" for part in ("replay", "case", "proof")),
    *("/v1/audit/disputes/{}/bundle", "/v1/audit/disputes/{}/difference?from=1&to=2"),
)


def put(url: str, case: str, kind: str, state: bytes) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO redress.events (originator_id, originator_version, topic,"
            " state) VALUES (%s, 2, %s, %s)",
            (case, kind, state),
        )


def state_of(system: System, case: str) -> bytes:
    return system.disputes.find(UUID(case)).states[0]


@pytest.fixture(params=["no event", "another kind", "another case", "a standing"])
def case(
    people: People, background: Worker, system: System, request: pytest.FixtureRequest
) -> str:
    """A case whose second event is not what its row says."""
    one, other = file_for(people, "o-1"), file_for(people, "o-2")
    background.catch_up()
    own = state_of(system, one).replace(b'"version":1', b'"version":2', 1)
    kind, state = {
        "no event": ("ruled", POISON),
        "another kind": ("ruled", own),
        "another case": ("filed", state_of(system, other)),
        "a standing": ("standing-changed", b"{}"),
    }[request.param]
    put(system.url, one, kind, state)
    return one


def test_it_has_a_problem_of_its_own_and_a_warning(
    people: People, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    for path in READS:
        caplog.clear()
        answer = people.regulator.get(path.format(case))
        assert answer.status_code == 503, (path, answer.text)
        assert answer.json()["type"] == "urn:redress:problem:case-unreadable"
        (line,) = caplog.records
        assert line.levelname == "WARNING"
        assert f"case {case}, version 2: the bytes" in line.getMessage()
        assert "version 2" not in answer.text
    sent = people.mediator.post(f"/v1/disputes/{case}/admission", {})
    assert sent.json()["type"] == "urn:redress:problem:case-unreadable"


def test_the_worker_goes_on_and_the_doctor_names_it(
    people: People, background: Worker, clock: Clock, case: str, system: System
) -> None:
    other = file_for(people, "o-3")
    clock.forward(days=9)
    background.catch_up()
    said = examined(system).said_of("auditor")
    assert f"case {case}, version 2, position 4" in said
    # The deadlines of other cases are acted on all the same.
    missed = system.disputes.find(UUID(other)).events[1:]
    assert [topic(one.event) for one in missed] == ["deadline-missed"]


def test_the_command_line_says_it_in_one_line(
    case: str, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(_: Any) -> System:
        return wire(system.settings, system.url, system.url, system.clock)

    monkeypatch.setattr(replay, "build", again)
    monkeypatch.setattr(replay, "read", lambda: None)
    with pytest.raises(UnreadableCase, match=f"case {case}, version 2: the bytes"):
        CliRunner().invoke(redress, ["replay", case], catch_exceptions=False)
