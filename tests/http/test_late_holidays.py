"""A holiday that is announced late moves what is counted from then on, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg.conninfo import make_conninfo

from application.rules.calendars import CalendarWrong
from interface.bootstrap import System, wire
from interface.cli import doctor
from interface.cli.main import redress
from interface.health import examined
from interface.run.worker import Worker
from interface.settings import settings
from interface.setup.production_checks import OK
from projections.health.health_finding import Part
from projections.rebuild.rebuild_run import rebuild
from projections.registry import VIEWS
from tests.conftest import Clock
from tests.domain.test_calendar_additions import FIRST, LIBRARY, SECOND
from tests.http.conftest import People, file_for
from tests.http.test_worker import within_seconds
from tests.http_app import serving


@contextmanager
def installation(
    url: str, home: Path, clock: Clock, *versions: str, edited: str = ""
) -> Iterator[tuple[System, People]]:
    """Yield a process that counts by these versions of the calendar."""
    folder = home / f"calendars-{len(versions)}{edited}"
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(versions, 1):
        (folder / f"cn-{number}.toml").write_text(text, "utf-8")
    environ = {"REDRESS_HOME": str(home), "REDRESS_CALENDARS": str(folder)}
    system = wire(settings.read(environ | {"DATABASE_URL": url}), url, url, clock)
    try:
        with serving(system) as http:
            yield system, People(http, system)
    finally:
        system.close()


def admission(people: People, case: str) -> dict[str, Any]:
    """Return when the case has to be admitted, and by which calendar."""
    ledger = people.mediator.get(f"/v1/disputes/{case}/deadlines").json()["deadlines"]
    (found,) = (one for one in ledger if one["awaited"] == "admission")
    return {"due": found["due"], "calendar": found["calendar"]}


def test_an_added_day_off_moves_the_due_day_of_cases_filed_after_it(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    before = {"due": "2026-03-03T16:00:00Z", "calendar": LIBRARY}
    after = {"due": "2026-03-04T16:00:00Z", "calendar": f"{LIBRARY}+1"}
    with installation(url, tmp_path, clock) as (_, people):
        old = file_for(people, "o-1")
        assert admission(people, old) == before
    with installation(url, tmp_path, clock, FIRST) as (system, people):
        new = file_for(people, "o-2")
        assert admission(people, new) == after
        # What was counted before stands as it was stored.
        assert admission(people, old) == before
        clock.forward(days=1, hours=15)
        worker = Worker(system)
        worker.catch_up()
        worker.close()
        case = people.mediator.get(f"/v1/disputes/{old}").json()
        assert case["phase"] == "filed"
        missed = people.mediator.get(f"/v1/disputes/{old}/deadlines").json()[
            "deadlines"
        ]
        assert [one["calendar"] for one in missed] == [LIBRARY]


def test_a_make_up_saturday_counts(url: str, tmp_path: Path, clock: Clock) -> None:
    clock.forward(days=4)
    with installation(url, tmp_path, clock, FIRST) as (_, people):
        assert admission(people, file_for(people))["due"] == "2026-03-07T16:00:00Z"
    # A later version decides: that Saturday is off after all.
    with installation(url, tmp_path, clock, FIRST, SECOND) as (_, people):
        again = admission(people, file_for(people, "o-2"))
        assert again == {"due": "2026-03-09T16:00:00Z", "calendar": f"{LIBRARY}+2"}


def test_views_rebuilt_by_another_edition_equal_those_that_grew(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    with installation(url, tmp_path, clock) as (_, people):
        file_for(people, "o-1")
    with installation(url, tmp_path, clock, FIRST) as (system, people):
        case = file_for(people, "o-2")
        worker = Worker(system)
        worker.catch_up()
        worker.close()
        replayed = people.auditor.get(f"/v1/audit/disputes/{case}/replay")
        assert f'"calendar":"{LIBRARY}+1"' in replayed.text
    with installation(url, tmp_path, clock, FIRST, SECOND):
        for view in VIEWS:
            # Raises RebuildDiffers unless it equals the view that grew.
            rebuild(url, view, lambda *_: None)
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT due FROM redress.agenda ORDER BY due")
        days = [f"{due:%m-%d}" for (due,) in rows]
    assert {"03-03", "03-04"} <= {*days}


def test_everybody_reads_what_was_added(url: str, tmp_path: Path, clock: Clock) -> None:
    with installation(url, tmp_path, clock, FIRST, SECOND) as (_, people):
        policy = people.buyer.get("/v1/policies/cn-default/1").json()
    assert policy["calendar"] == "CN"
    assert policy["calendar_edition"] == f"{LIBRARY}+2"
    assert policy["calendar_additions"] == [
        {
            "version": 1,
            "title": "国办发明电[2026]1号",
            "announced": "2026-03-01",
            "days_off": ["2026-03-03"],
            "working_days": ["2026-03-07"],
        },
        {
            "version": 2,
            "title": "国办发明电[2026]2号",
            "announced": "2026-03-02",
            "days_off": ["2026-03-04", "2026-03-07"],
            "working_days": [],
        },
    ]


def test_a_mistake_stops_the_start_and_is_named(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    wrong = FIRST.replace("2026-03-07", "2026-03-03")
    with (
        pytest.raises(
            CalendarWrong, match=r"cn-1\.toml: announcements\[0\]\.working_d"
        ),
        installation(url, tmp_path, clock, wrong),
    ):
        pass


def calendar_line(system: System) -> str:
    """Return what the doctor's line of the calendar says."""
    return examined(system).said_of(Part.CALENDAR) or OK


@pytest.mark.parametrize("name", [None, "ours"])
def test_processes_that_count_by_other_days_are_told(
    url: str, tmp_path: Path, clock: Clock, name: str | None
) -> None:
    if name is not None:
        url = make_conninfo(url, application_name=name)
    with installation(url, tmp_path, clock, FIRST) as (old, people):
        file_for(people)
        assert calendar_line(old) == "ok"
        with installation(url, tmp_path, clock, FIRST, SECOND) as (new, _):
            said = f"this process counts working days by {LIBRARY}+2, another one by"
            told = f"{said} {LIBRARY}+1: restart them with the same REDRESS_CALENDARS"
            assert calendar_line(new) == told
            assert f"{LIBRARY}+2" in calendar_line(old)
            # The doctor is a process as well, and counts by what it is told.
            assert told in dict(doctor.examined(new.settings))["calendar"]
            # Worth a look, but nothing that has to take a server out of service.
            assert not examined(new).unready
        # The server ends its sessions a moment after it has let go of them.
        assert within_seconds(5, lambda: calendar_line(old) == "ok")


def test_a_version_that_was_edited_in_one_place_is_told(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    edited = FIRST.replace("2026-03-03", "2026-03-04")
    with (
        installation(url, tmp_path, clock, FIRST) as (old, _),
        installation(url, tmp_path, clock, edited, edited="-too") as (new, _),
    ):
        calendar_line(old)
        said = f"by {LIBRARY}+1, another one by {LIBRARY}+1"
        assert said in calendar_line(new)


@pytest.mark.store
def test_another_role_finds_the_editions_too(
    url: str, app_login: str, tmp_path: Path, clock: Clock
) -> None:
    with installation(url, tmp_path, clock, FIRST) as (old, _):
        calendar_line(old)
        as_app = make_conninfo(url, user=app_login)
        with installation(as_app, tmp_path, clock) as (other, _):
            assert f"another one by {LIBRARY}+1" in calendar_line(other)


def test_another_database_is_not_looked_at(
    url: str, tmp_path: Path, clock: Clock, server: Any
) -> None:
    with (
        server.database() as elsewhere,
        installation(elsewhere, tmp_path, clock, FIRST) as (there, _),
        installation(url, tmp_path, clock) as (here, _),
    ):
        assert calendar_line(there) == calendar_line(here) == "ok"


def check(path: Path, *options: str) -> Result:
    return CliRunner().invoke(redress, ["calendar", "check", str(path), *options])


def test_a_right_file_says_what_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "cn-1.toml"
    path.write_text(FIRST.replace("2026-03-03", "2026-03-03, 2026-03-08"), "utf-8")
    result = check(path)
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [
            f"ok   CN+1, added to {LIBRARY}",
            "ok   国办发明电[2026]1号, announced on 2026-03-01",
            "ok   2026-03-03 Tuesday is off",
            "ok   2026-03-08 Sunday is off, as it was before",
            "ok   2026-03-07 Saturday is worked",
        ],
    )
    told = msgspec.json.decode(check(path, "--json").output)
    assert (told["mistakes"], told["addition"]["version"]) == ([], 1)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"version = 1"])
def test_a_wrong_file_ends_with_every_mistake(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cn-1.toml"
    path.write_bytes(content)
    result = check(path)
    first, *mistakes = result.output.splitlines()
    assert (result.exit_code, first) == (1, f"{path}: {len(mistakes)} to mend")
    assert all(one.startswith("BAD  ") for one in mistakes)
    told = msgspec.json.decode(check(path, "--json").output)
    assert (told["addition"], len(told["mistakes"])) == (None, len(mistakes))
