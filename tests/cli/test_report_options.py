"""`redress report`: two cuts, the period before, and what everyone may see."""

from __future__ import annotations

import json
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


def report(*arguments: str) -> Result:
    wide = {"COLUMNS": "200"}
    return CliRunner().invoke(redress, ["report", *arguments], env=wide)


@pytest.mark.usefixtures("ready")
def test_figures_stand_beside_the_period_before() -> None:
    done = report("2026-04", "--by", "seller,category", "--compare", "--csv")
    assert done.exit_code == 0, done.output
    heading, opened, *_ = done.output.splitlines()
    assert heading.endswith(",p90,mean,before,difference")
    assert opened == '2026-04,,"s-1,quality",opened,,cases,6,6,,,,1,+5'


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
def test_consistency_is_told_as_json() -> None:
    found = json.loads(report("consistency", "2026", "--json", "--least", "3").output)
    assert (found["least"], found["reversals"]["whole"]["decided"]) == (3, 0)
