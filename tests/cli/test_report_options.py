"""`redress report`: two cuts, the period before, and what everyone may see."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from interface.bootstrap import System
from interface.cli.main import redress
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People, background, file_for, http, people, system

__all__ = ["background", "http", "people", "system"]


@pytest.fixture
def ready(
    people: People,
    background: Worker,
    clock: Clock,
    system: System,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file_for(people, "o-1")
    clock.forward(days=31)
    for number in range(2, 8):
        file_for(people, f"o-{number}")
    background.catch_up()
    for module in ("report", "report_consistency"):
        monkeypatch.setattr(f"interface.cli.{module}.build", lambda _: system)
        monkeypatch.setattr(f"interface.cli.{module}.read", lambda: None)
    # A form may count twice, and would close what it counts by.
    monkeypatch.setattr(type(system), "close", lambda _: None)


def report(*arguments: str) -> Result:
    wide = {"COLUMNS": "200"}
    return CliRunner().invoke(redress, ["report", *arguments], env=wide)


@pytest.mark.usefixtures("ready")
def test_figures_stand_beside_the_period_before() -> None:
    done = report("2026-04", "--by", "seller,category", "--compare", "--csv")
    assert done.exit_code == 0, done.output
    heading, opened, *_ = done.stdout.splitlines()
    assert heading.endswith(",p90,mean,before,difference,record_from")
    assert opened == '2026-04,,"s-1,quality",opened,,cases,6,6,,,,1,+5,2026-03-02'


@pytest.mark.usefixtures("ready")
def test_a_table_names_the_period_before() -> None:
    done = report("2026-04", "--compare")
    assert done.exit_code == 0, done.output
    assert "2026-03" in done.output
    (opened,) = (x for x in done.output.splitlines() if "Disputes filed " in x)
    assert [part.strip() for part in opened.split("│")][-3:-1] == ["1", "+5"]


@pytest.mark.parametrize(("month", "shown"), [("2026-03", None), ("2026-04", 5)])
@pytest.mark.usefixtures("ready")
def test_what_everyone_may_see_holds_no_small_number(
    month: str, shown: int | None
) -> None:
    (group,) = json.loads(report(month, "--public").output)["groups"]
    assert group["figures"][0]["numerator"] == shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2026", "--by", "colour"), "'colour' is no cut"),
        (("2026", "--by", "seller", "--public"), "'seller' is not public"),
        (("all", "--compare"), "'all' has no period before it"),
        (("all", "--format", "dsa"), "'all' has no first and no last day"),
        (("2026", "--by", "month", "--format", "adr"), "'month' is no cut of a form"),
        (("consistency", "2026-13"), "'2026-13' is not a period"),
    ],
)
@pytest.mark.usefixtures("ready")
def test_what_cannot_be_asked_is_one_line(
    arguments: tuple[str, ...], said: str
) -> None:
    done = report(*arguments)
    assert done.exit_code != 0
    assert said in str(done.exception) + done.output


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("dsa", "Disputes"),
        ("adr", "shop,2026-04-01/2026-04-30,Art. 7(2)(a),Disputes received,total,6,"),
        ("p2b", "shop,2026-04-01/2026-04-30,Art. 11(4),"),
        ("cn12315", "shop,2026-04-01/2026-04-30,接收情况,接收投诉,合计,6,件,,1,5,"),
        ("csv", "2026-04,,all,opened,,cases,6,6,,,"),
        ("json", '"id":"opened","unit":"cases","value":6'),
    ],
)
@pytest.mark.usefixtures("ready")
def test_a_report_is_written_in_the_form_that_is_asked_for(
    form: str, told: str
) -> None:
    done = report("2026-04", "--format", form, "--platform", "shop")
    assert done.exit_code == 0, done.output
    assert told.casefold() in done.output.casefold()


@pytest.mark.usefixtures("ready")
def test_a_table_names_its_period() -> None:
    done = report("2026-04", "--platform", "shop")
    assert done.exit_code == 0, done.output
    assert "2026-04 \u00b7 all" in done.output


@pytest.mark.usefixtures("ready")
def test_a_workbook_is_written_into_a_file(tmp_path: Path) -> None:
    file = tmp_path / "april.xlsx"
    done = report("2026-04", "--format", "xlsx", "--output", str(file))
    assert done.exit_code == 0, done.output
    assert file.read_bytes().startswith(b"PK")


@pytest.mark.parametrize("form", ["csv", "dsa", "adr", "p2b", "cn12315", "xlsx"])
@pytest.mark.parametrize("narrowed", [(), ("--platform", "shop")])
@pytest.mark.usefixtures("ready")
def test_a_file_of_a_time_before_the_record_has_no_nought_and_a_note_beside_it(
    tmp_path: Path, form: str, narrowed: tuple[str, ...]
) -> None:
    file = tmp_path / "report"
    asked = ("2025", "--format", form, "--output", str(file), *narrowed)
    done = report(*asked)
    assert done.exit_code == 0, done.output
    # A platform of its own record where the form is by platforms.
    assert done.stderr == "all: the record begins on 2026-03-02\n"
    if form == "xlsx":
        with zipfile.ZipFile(file) as package:
            figures = package.read("xl/worksheets/sheet1.xml").decode()
        # All that is there are texts, by their numbers in a table of their own.
        assert set(re.findall(r"<c [^>]*>", figures)) != set()
        assert all('t="s"' in cell for cell in re.findall(r"<c [^>]*>", figures))
        return
    heading, *lines = csv.reader(file.read_text("utf-8").splitlines())
    assert lines
    where = {"Value", "value", "numerator", "denominator", "数值", "计算基数"}
    columns = [n for n, name in enumerate(heading) if name in where]
    assert columns
    assert {line[n] for line in lines for n in columns} == {""}
    assert any("2026-03-02" in cell for line in lines for cell in line)


@pytest.mark.usefixtures("ready")
def test_tables_of_a_time_before_the_record_have_no_nought() -> None:
    done = report("2025")
    assert done.exit_code == 0, done.output
    *table, last = done.output.splitlines()
    assert last == "all: the record begins on 2026-03-02"
    cells = {cell.strip() for line in table for cell in line.split("│")}
    assert "Disputes filed" in cells
    assert "0" not in cells
    # By months there is no group, and the day is told all the same.
    for form in ((), ("--csv",)):
        by_month = report("2025", "--by", "month", *form)
        assert "2025: the record begins on 2026-03-02\n" in by_month.output
    empty = json.loads(report("2025", "--by", "month", "--json").output)
    assert (empty["groups"], empty["record_from"]) == ([], "2026-03-02")


@pytest.mark.usefixtures("ready")
def test_consistency_is_told_in_tables() -> None:
    done = report("consistency", "2026")
    assert done.exit_code == 0, done.output
    for title in (
        "changed on appeal, by rule cited",
        "alike cases: 0 of 0 pairs decided differently",
        "sellers with repeated faults: 0",
        "too few",
    ):
        assert title in done.output


@pytest.mark.usefixtures("ready")
def test_consistency_of_a_time_before_the_record_is_not_nought() -> None:
    before = report("consistency", "2025")
    assert before.exit_code == 0, before.output
    begins = "the record begins on 2026-03-02"
    assert before.output == f"2025: nothing is known: {begins}\n"
    found = json.loads(report("consistency", "2025", "--json").output)
    assert (found["record_from"], found["alike"]) == ("2026-03-02", None)
    assert report("consistency", "2026").output.endswith(f"{begins}\n")


@pytest.mark.usefixtures("ready")
def test_consistency_is_told_as_json() -> None:
    found = json.loads(report("consistency", "2026", "--json", "--least", "3").output)
    assert (found["least"], found["reversals"]["whole"]["decided"]) == (3, 0)
