"""`redress report`: two cuts, the period before, and what everyone may see."""

from __future__ import annotations

import json

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
    monkeypatch.setattr("interface.cli.report.build", lambda _: system)
    monkeypatch.setattr("interface.cli.report.read", lambda: None)


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
    ],
)
@pytest.mark.usefixtures("ready")
def test_what_cannot_be_asked_is_one_line(
    arguments: tuple[str, ...], said: str
) -> None:
    done = report(*arguments)
    assert done.exit_code != 0
    assert said in str(done.exception) + done.output
