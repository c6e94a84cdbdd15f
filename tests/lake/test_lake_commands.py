"""`redress lake` and `redress sql`, as analysts call them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from projections.lake.lake_store import Lake
from projections.reports.period import Question
from projections.reports.report import report
from projections.reports.report_edition import canonical, digest
from tests.lake.written_record import KEY, WrittenRecord

GROUPED = "SELECT outcome, count(*) AS n FROM cases GROUP BY ALL ORDER BY n DESC, 1"


def redress(
    *arguments: str, home: Path, url: str = ""
) -> subprocess.CompletedProcess[str]:
    """Call the program; without an address of a database it has none."""
    return subprocess.run(
        [sys.executable, "-m", "interface", *arguments],
        env=os.environ
        | {"REDRESS_HOME": str(home), "DATABASE_URL": url or "postgresql:///none"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_lake_is_exported_checked_and_asked(
    written: WrittenRecord, tmp_path: Path
) -> None:
    home, place = written.system.settings.home, str(tmp_path / "lake")
    exported = redress("lake", "export", place, home=home, url=written.system.url)
    assert exported.returncode == 0, exported.stderr
    with written.session() as connection:
        counted = report(connection, Question(period="2026-Q3"))
        (count,) = connection.execute(
            "SELECT max(position) FROM ledger"
        ).fetchone() or (0,)
    assert exported.stdout == f"{place}: {count:,} events\n"
    again = redress("lake", "export", place, home=home, url=written.system.url)
    assert again.stdout == exported.stdout

    vkey = written.keys.verifiers[0].vkey
    checked = redress("lake", "verify", place, "--key", vkey, home=home)
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.startswith(f"intact: {count:,} events, their leaves give")

    printed = redress("report", "2026-Q3", "--from", place, "--digest", home=home)
    assert f"{digest(canonical(counted))}  report" in printed.stdout
    shown = redress("report", "2026-Q3", "--from", place, home=home)
    assert "Disputes filed" in shown.stdout


def test_a_key_of_pseudonyms_can_be_given(
    written: WrittenRecord, lake: Lake, tmp_path: Path
) -> None:
    key = tmp_path / "shared.key"
    key.write_text(KEY.hex(), encoding="ascii")
    done = redress(
        *("lake", "export", lake.place, "--pseudonyms", str(key)),
        home=written.system.settings.home,
        url=written.system.url,
    )
    assert done.returncode == 0, done.stderr
    home = written.system.settings.home
    other = redress("lake", "export", lake.place, home=home, url=written.system.url)
    assert other.returncode == 1
    assert "was made under another key of pseudonyms" in other.stderr


def test_what_is_no_lake_is_named(tmp_path: Path) -> None:
    vkey = "x"
    wrong = redress("lake", "verify", "nowhere", "--key", vkey, home=tmp_path)
    assert wrong.returncode == 1
    assert "--key: not a verifier key" in wrong.stderr
    none = redress("sql", "SELECT 1", "--lake", str(tmp_path / "no"), home=tmp_path)
    assert none.returncode == 1
    assert none.stderr.endswith("no: there is no such folder\n")


def test_an_answer_comes_as_table_csv_json_or_parquet(
    lake: Lake, tmp_path: Path
) -> None:
    def asked(*more: str) -> str:
        done = redress("sql", GROUPED, "--lake", lake.place, *more, home=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout

    rows = [json.loads(line) for line in asked("--format", "json").splitlines()]
    assert sum(one["n"] for one in rows) == 150
    first, *lines = asked("--format", "csv").splitlines()
    assert first == "outcome,n"
    assert [line.split(",") for line in lines] == [
        [one["outcome"] or "", str(one["n"])] for one in rows
    ]
    # For programs: what begins as a formula does stays as it is.
    formula = "SELECT '=1+1' AS word, -5 AS number"
    told = redress(
        *("sql", formula, "--lake", lake.place, "--format", "csv"), home=tmp_path
    )
    assert told.stdout == "word,number\n=1+1,-5\n"
    assert str(rows[0]["n"]) in asked()
    file = tmp_path / "found.parquet"
    asked("--format", "parquet", "--output", str(file))
    assert pq.read_table(file).to_pylist() == rows


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM nothing", "nothing does not exist"),
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled by configuration"),
        ("COPY cases TO '{place}/stolen.csv'", "ask by SELECT"),
        ("INSTALL httpfs", "ask by SELECT"),
        ("SET enable_external_access = true", "ask by SELECT"),
    ],
)
def test_a_query_reads_the_lake_and_nothing_else(
    lake: Lake, tmp_path: Path, query: str, said: str
) -> None:
    asked = query.replace("{place}", lake.place)
    done = redress("sql", asked, "--lake", lake.place, home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("redress sql: ")
    assert said in done.stderr.replace("\n", " ")
    assert not (Path(lake.place) / "stolen.csv").exists()


def test_the_prompt_answers_and_remembers(lake: Lake, tmp_path: Path) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "interface", "sql", "--lake", lake.place],
        env=os.environ | {"REDRESS_HOME": str(tmp_path), "TERM": "dumb"},
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(slave)
    os.write(master, b"SELECT count(*)\nAS n FROM cases;\nSELEC;\n\x04")
    out, err = process.communicate(timeout=60)
    os.close(master)
    assert process.returncode == 0, err
    assert "150" in out
    assert "syntax error" in err
    assert "SELECT count(*) AS n FROM cases;" in (tmp_path / "sql-history").read_text()


def test_the_dictionary_is_printed(tmp_path: Path) -> None:
    printed = redress("lake", "dictionary", home=tmp_path).stdout
    assert "| `late_seller_net` | double | seconds | Less what stood still |" in printed
    tables = json.loads(redress("lake", "dictionary", "--json", home=tmp_path).stdout)
    assert {"events", "cases", "money", "calendar"} <= {one["name"] for one in tables}
