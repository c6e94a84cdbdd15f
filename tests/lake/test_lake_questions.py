"""What an analyst mistypes is told, and what is there is not replaced unasked."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from application.rules.rulebook import Rulebooks
from interface.cli.main import redress
from interface.cli.report_output import write
from projections.lake.lake_report import lake_report
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import TABLES
from projections.reports.period import BadQuestion, Question

ENDLESS = "SELECT count(*) FROM range(1000000000) a, range(1000000000) b"
SECONDS_OF_START = 5
"""What a program has surely taken of a processor when its query has begun."""


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
        ("", "there is no query"),
        ("SELEC 1", 'line 1, column 1: syntax error at or near "SELEC"'),
        (
            "SELECT 1,\n  paids FROM cases",
            'line 2, column 3: Referenced column "paids" not found',
        ),
        ("SELECT 1\nFROM nope", "line 2, column 6: Table with name nope does not"),
        ("EXPLAIN ANALYZE COPY cases TO 'x.csv'", "COPY: ask by SELECT"),
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


TYPES = {
    "sum(n)": "3",
    "max(n)::HUGEINT << 100": '"2535301200456458802993406410752"',
    "1.10::DECIMAL(9, 2)": '"1.10"',
    "1.5::DOUBLE": "1.5",
    "'nan'::DOUBLE": "null",
    "TIMESTAMPTZ '2026-01-02 03:04:05.5+08'": '"2026-01-01T19:04:05.500000Z"',
    "DATE '2026-01-02'": '"2026-01-02"',
    "['a', NULL]": '["a",null]',
    "{'a': true}": '{"a":true}',
    "NULL": "null",
}
"""What the page says of each type in JSON."""


def test_values_in_json_are_what_the_page_says(
    lake: Lake, home: dict[str, str]
) -> None:
    columns = ", ".join(f"{one} AS v{n}" for n, one in enumerate(TYPES))
    query = f"SELECT {columns} FROM range(3) AS t(n)"
    done = called(home, "sql", query, "--lake", lake.place, "--format", "json")
    values = (f'"v{n}":{value}' for n, value in enumerate(TYPES.values()))
    assert done.stdout == f"{{{','.join(values)}}}\n"


def test_the_tables_that_are_listed_are_those_of_the_lake(
    lake: Lake, home: dict[str, str]
) -> None:
    of_lake = "--lake", lake.place, "--format", "json"
    listed = called(home, "sql", "SHOW TABLES", *of_lake).stdout.splitlines()
    assert {json.loads(one)["name"] for one in listed} == {one.name for one in TABLES}
    told = called(home, "sql", "DESCRIBE", *of_lake).stdout.splitlines()
    assert {json.loads(one)["name"] for one in told} == {one.name for one in TABLES}


def test_a_plan_can_be_asked_for(lake: Lake, home: dict[str, str]) -> None:
    asked = "EXPLAIN SELECT count(*) FROM cases"
    done = called(home, "sql", asked, "--lake", lake.place, "--format", "json")
    assert done.exit_code == 0, done.output
    assert "physical_plan" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_query_at_once(
    lake: Lake, home: dict[str, str], number: signal.Signals
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "interface", "sql", ENDLESS, "--lake", lake.place],
        env=os.environ | home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # Until it counts: it takes a processor then, and did not before it has begun.
    statistics = Path(f"/proc/{process.pid}/stat")
    while int(statistics.read_text().split()[13]) < SECONDS_OF_START * 100:
        time.sleep(0.1)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (128 + number, "")
    assert err == "redress sql: the query was interrupted\n"


def test_a_table_in_a_pipe_or_a_file_is_whole(
    lake: Lake, home: dict[str, str], tmp_path: Path
) -> None:
    query = "SELECT * FROM events ORDER BY position LIMIT 300"
    file = tmp_path / "found.txt"
    asked = ["sql", query, "--lake", lake.place]
    # Narrow, and with colours, as what runs it may ask for.
    piped = called(home | {"COLUMNS": "80", "FORCE_COLOR": "1"}, *asked)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", piped.stdout).splitlines()
    # Three lines above the rows, and one below them.
    assert len(plain) == 3 + 300 + 1
    assert len({len(line) for line in plain}) == 1
    done = called(home, *asked, "--output", str(file))
    assert (done.exit_code, done.output) == (0, "")
    assert file.read_text("utf-8").splitlines() == plain


@pytest.mark.parametrize("form", ["csv", "table", "parquet"])
def test_an_answer_without_rows_has_its_columns(
    lake: Lake, home: dict[str, str], tmp_path: Path, form: str
) -> None:
    query = 'SELECT "case", outcome FROM cases WHERE false'
    file = tmp_path / "found"
    to = ("--output", str(file)) if form == "parquet" else ()
    done = called(home, "sql", query, "--lake", lake.place, "--format", form, *to)
    assert done.exit_code == 0, done.output
    if form == "parquet":
        assert pq.read_schema(file).names == ["case", "outcome"]
    else:
        assert re.findall(r"\w+", done.stdout) == ["case", "outcome"]


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE x AS SELECT 1", "CREATE OR REPLACE VIEW cases AS SELECT 1"],
)
def test_nothing_is_made_in_a_lake(
    lake: Lake, home: dict[str, str], statement: str
) -> None:
    done = called(home, "sql", statement, "--lake", lake.place)
    assert done.exit_code == 1
    assert done.stderr == "redress sql: CREATE: ask by SELECT\n"


def test_queries_that_are_piped_are_answered_and_nothing_else_is_said(
    lake: Lake, home: dict[str, str]
) -> None:
    done = CliRunner().invoke(
        redress,
        ["sql", "--lake", lake.place, "--format", "csv"],
        env=home,
        # The last one needs no semicolon.
        input="SELECT 1 AS a;\nSELECT 2\n  AS b",
    )
    assert (done.exit_code, done.stdout) == (0, "a\n1\nb\n2\n")


def test_an_interrupt_drops_what_is_typed_and_the_prompt_stays(
    lake: Lake, home: dict[str, str]
) -> None:
    # With a terminal of its own, whose Ctrl+C is a signal.
    process, terminal = pty.fork()
    if process == 0:
        words = ["-m", "interface", "sql", "--lake", lake.place]
        program = sys.executable
        os.execve(program, [program, *words], os.environ | home)  # noqa: S606 - forked
    try:
        _until(terminal, "redress> ")
        os.write(terminal, b"half a que")
        time.sleep(0.2)
        os.write(terminal, b"\x03")
        _until(terminal, "redress> ")
        os.write(terminal, b"SELECT 6 * 7 AS answer;\n")
        assert "42" in _until(terminal, "redress> ")
        for interrupts in (1, 3):
            os.write(terminal, f"{ENDLESS};\n".encode())
            time.sleep(1)
            for _ in range(interrupts):
                os.write(terminal, b"\x03")
                time.sleep(0.01)
            said = _until(terminal, "redress> ")
            assert said.count("redress sql: the query was interrupted\r\n") == 1
            assert not re.search("[Ee]rror|INTERRUPT|Traceback", said)
        os.write(terminal, b"\x04")
        _, status = os.waitpid(process, 0)
        assert status == 0
    finally:
        os.close(terminal)


def _until(terminal: int, words: str) -> str:
    """Return what a terminal shows until it shows some words."""
    said, end = "", time.monotonic() + 60
    while words not in said:
        assert time.monotonic() < end, said
        if select.select([terminal], [], [], 1)[0]:
            said += os.read(terminal, 1024).decode()
    return said


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
