"""What an analyst mistypes is told, and what is there is not replaced unasked."""

from __future__ import annotations

import os
import pty
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from application.rules.rulebook import Rulebooks
from interface.cli.main import redress
from interface.cli.report_output import write
from projections.lake.lake_report import lake_report
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import TABLES
from projections.reports.period import BadQuestion, Question


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"REDRESS_HOME": str(tmp_path), "DATABASE_URL": "postgresql:///none"}


def called(home: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(redress, arguments, env=home)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--category", "qualty", "is no category of a case here: there are delivery, "),
        ("--platform", "shops", "is no platform of a case here: there are market, "),
        ("--source", "old", "is no source of a case here: there are none"),
    ],
)
@pytest.mark.parametrize("command", ["report", "report consistency"])
def test_a_value_that_no_case_has_is_refused_with_those_that_there_are(
    lake: Lake, home: dict[str, str], command: str, option: str, value: str, said: str
) -> None:
    asked = [*command.split(), "2026-Q3", "--from", lake.place]
    done = called(home, *asked, option, value)
    assert isinstance(done.exception, BadQuestion), done.output
    assert said in str(done.exception)
    assert done.stdout == ""
    assert done.exception.allowed == tuple(sorted(done.exception.allowed))
    if done.exception.allowed:
        known = done.exception.allowed[0]
        assert called(home, *asked, option, known).exit_code == 0


def test_a_report_that_is_piped_is_as_wide_as_a_page(
    lake: Lake, home: dict[str, str]
) -> None:
    done = called(home, "report", "2026-Q3", "--from", lake.place)
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) == 100
    # Nothing is cut off: what is too long goes on below.
    assert "…" not in done.stdout
    assert done.stdout.count("delivery/lost-parcel") >= 1


def test_an_answer_replaces_no_file_unasked(
    lake: Lake, home: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("mine", encoding="ascii")
    of_lake = "--lake", lake.place, "--format", "csv", "--output", str(file)
    for asked in (
        ("sql", "SELECT 1 AS one", *of_lake),
        ("report", "2026-Q3", "--from", lake.place, "--csv", "--output", str(file)),
    ):
        done = called(home, *asked)
        assert done.exit_code == 1
        assert "--force replaces it" in str(done.exception)
        assert file.read_text("ascii") == "mine"
        assert called(home, *asked, "--force").exit_code == 0
        assert file.read_text("utf-8") != "mine"
        file.write_text("mine", encoding="ascii")
    prompted = called(home, "sql", *of_lake)
    assert prompted.exit_code == 2
    assert "give the query, too" in prompted.stderr


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT 1; SELECT 2", "one statement is taken at a time, and not 2"),
        ("", "one statement is taken at a time, and not 0"),
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("SELECT paids FROM cases", 'Referenced column "paids" not found'),
    ],
)
def test_what_is_wrong_with_a_query_is_one_line(
    lake: Lake, home: dict[str, str], query: str, said: str
) -> None:
    done = called(home, "sql", query, "--lake", lake.place)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"redress sql: {said}")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("csv", "a,a_1,b\n1,2,3\n"),
        ("json", '{"a":1,"a_1":2,"b":3}\n'),
    ],
)
def test_columns_of_one_name_are_told_apart(
    lake: Lake, home: dict[str, str], form: str, said: str
) -> None:
    query = "SELECT 1 AS a, 2 AS a, 3 AS b"
    done = called(home, "sql", query, "--lake", lake.place, "--format", form)
    assert (done.exit_code, done.stdout) == (0, said)


def test_the_help_names_all_tables(home: dict[str, str]) -> None:
    told = re.findall(r"\w+", called(home, "sql", "--help").stdout)
    assert {one.name for one in TABLES} <= {*told}


def test_a_workbook_is_not_written_to_a_terminal(lake: Lake) -> None:
    question = Question(period="2026-Q3")
    counted = lake_report(lake, question)
    master, slave = pty.openpty()
    with (
        os.fdopen(master, "rb"),
        os.fdopen(slave, "wb") as terminal,
        pytest.raises(click.UsageError, match="--output FILE"),
    ):
        write(counted, "xlsx", question, Rulebooks().codes, terminal)
