"""`redress verify --views`, and as whom `redress verify` looks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from projections.following.view_job import ViewJob
from projections.registry import VIEWS
from tests.log.signed_record import LONG, SignedRecord
from tests.log.verify_process import run

Environ = Mapping[str, str]


@pytest.fixture
def environ(record: SignedRecord, tmp_path: Path) -> Environ:
    """Have the record in every view, and what the command needs."""
    views = ViewJob(record.log.url, VIEWS)
    while views.tick():
        pass
    views.close()
    return {
        "DATABASE_URL": record.log.url,
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_LOG_KEY": str(tmp_path / "log.json"),
        "REDRESS_LOG_STATE": str(record.signer.path),
    }


def as_owner(record: SignedRecord, *statements: str) -> None:
    with psycopg.connect(record.log.url) as owner:
        owner.execute("SET search_path TO redress")
        for statement in statements:
            owner.execute(statement.encode())


def as_app(record: SignedRecord, *statements: str) -> None:
    as_owner(record, "SET ROLE redress_app", *statements)


def test_every_view_is_held_against_the_record(
    record: SignedRecord, environ: Environ
) -> None:
    done = run("--views", **environ)
    assert done.returncode == 0, done.stderr
    assert "views" in done.stderr
    first, *views = done.stdout.splitlines()
    assert first.startswith("intact: ")
    assert [line.split(":")[0] for line in views] == [
        f"view {view.name}" for view in VIEWS
    ]
    events = 16 * LONG
    assert views[1] == (
        f"view audit_trail: {events:,} rows as the record says up to {events:,}"
    )

    case = record.cases[1]
    as_owner(record, f"DELETE FROM audit_trail WHERE case_id = '{case}'")
    done = run("--views", **environ)
    assert done.returncode == 1
    (said,) = [line for line in done.stdout.splitlines() if "redress verify" in line]
    assert said.startswith(
        f"redress verify: view audit_trail: case {case}, row position"
    )
    assert said.endswith(": a row of the record is missing")
    told = json.loads(run("--views", "--json", **environ).stdout)
    (wrong,) = [one for one in told["views"] if one["difference"]]
    assert (wrong["view"], wrong["difference"]["case"]) == ("audit_trail", str(case))
    # The record itself is what was signed.
    assert told["intact"]
    assert run(**environ).returncode == 0
    assert run(str(case), "--views", **environ).returncode == 2


@pytest.mark.parametrize(
    ("view", "why"),
    [
        ("queue", "whose event it can take"),
        ("audit_trail", "and is a view that sets no case aside"),
    ],
)
def test_a_case_that_is_hidden_as_set_aside_is_named(
    record: SignedRecord, environ: Environ, view: str, why: str
) -> None:
    case = record.cases[1]
    as_app(
        record,
        f"INSERT INTO parked SELECT '{view}', originator_id, min(position), 'x'"
        f" FROM ledger WHERE originator_id = '{case}' GROUP BY originator_id",
        f"DELETE FROM {view} WHERE case_id = '{case}'",
    )
    done = run("--views", **environ)
    assert done.returncode == 1
    (said,) = [line for line in done.stdout.splitlines() if "redress verify" in line]
    assert said.startswith(f"redress verify: view {view}: case {case}: it has set the")
    assert said.endswith(why)


def test_views_that_were_moved_beyond_the_record_are_named(
    record: SignedRecord, environ: Environ
) -> None:
    as_app(record, "UPDATE followers SET position = position + 100")
    done = run("--views", **environ)
    assert done.returncode == 1
    end = 16 * LONG
    for view in VIEWS:
        assert (
            f"redress verify: view {view.name}: it stands at position {end + 100},"
            f" beyond the end of the record at {end}\n"
        ) in done.stdout


def test_it_says_as_whom_it_looked(record: SignedRecord, environ: Environ) -> None:
    told = json.loads(run("--json", **environ).stdout)
    with psycopg.connect(record.log.url) as connection:
        login = connection.info.user
    assert told["read_as"] == {
        "role": "redress_app",
        "login": login,
        "superuser": False,
        "bypasses_row_security": False,
        "owner": False,
    }
    done = run(**environ)
    assert done.stdout.endswith(f"; read as redress_app (logged in as {login})\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            (
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger"
                " LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
            ),
            "function refuse_change() was replaced",
        ),
        (
            "DROP TRIGGER append_only ON events -- UPDATE migrations SET listing = ''",
            "missing trigger append_only on events",
        ),
        (
            "ALTER TABLE events DROP CONSTRAINT events_originator_version_check",
            "missing constraint events_originator_version_check on events",
        ),
        ("DROP INDEX queue_buyer", "missing index queue_buyer on queue"),
    ],
)
def test_a_changed_schema_is_no_success(
    record: SignedRecord, environ: Environ, change: str, said: str
) -> None:
    as_owner(record, *change.split(" -- "))
    done = run(**environ)
    assert (done.returncode, done.stdout[:6]) == (5, "intact")
    assert said in done.stderr


def test_row_security_hides_nothing_from_it(
    record: SignedRecord, environ: Environ
) -> None:
    as_owner(
        record,
        "CREATE POLICY hides ON events AS RESTRICTIVE USING (originator_version <> 3)",
    )
    done = run(**environ)
    assert done.returncode == 2
    assert "row-level security policy" in done.stderr
    assert "policy hides on events" in done.stderr
