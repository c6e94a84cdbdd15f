"""`redress simulate`, as somebody who drafts a profile calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lake.test_lake_commands import redress
from tests.lake.written_record import WrittenRecord
from tests.samples import BOOKS

Call = Callable[..., str]
TEXT = BOOKS.texts["cn-default/1"]
DRAFT = TEXT.replace('response = "1 working day"', 'response = "1 hours"')


@pytest.fixture
def said(written: WrittenRecord, tmp_path: Path) -> Call:
    """Return what calls the command with a draft, and gives what it prints."""

    def call(text: str, *more: str) -> str:
        draft = tmp_path / "draft.toml"
        draft.write_text(text, "utf-8")
        done = redress(
            *("simulate", "--policy", str(draft), "--period", "2026", *more),
            home=written.system.settings.home,
            url=written.system.url,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


def test_under_the_same_profile_nothing_changes(said: Call) -> None:
    found = json.loads(said(TEXT, "--json"))
    assert found["groups"][0]["cases"] > 50
    assert len(found["groups"]) > 5
    for group in found["groups"]:
        for one in group["counts"]:
            assert one["recorded"] == one["draft"], one
            assert one["ran"] == one["draft_ran"], one
            assert one["more"] == one["fewer"] == 0, one
        for one in group["stages"]:
            assert one["recorded"] == one["draft"], one


def test_a_draft_is_counted_and_the_cases_are_named(said: Call) -> None:
    figure = "missed/response/seller"
    whole, *categories = json.loads(said(DRAFT, "--json"))["groups"]

    def of(group: dict[str, Any]) -> dict[str, int]:
        found = {one["figure"]: one for one in group["counts"]}
        none = dict.fromkeys(("draft", "more"), 0)
        counts: dict[str, int] = found.get(figure, none)
        return counts

    assert of(whole)["more"] > 0
    assert of(whole)["draft"] == sum(of(one)["draft"] for one in categories)
    behind = json.loads(said(DRAFT, "--cases", figure, "--json"))
    assert sum(one["draft"] is True for one in behind) == of(whole)["draft"]
    assert sum(not one["recorded"] for one in behind) == of(whole)["more"]

    table = said(DRAFT)
    assert table.startswith("cn-default/1 instead of cn-default, 2026: ")
    assert "What people would have done" in table
    assert behind[0]["case"] in said(DRAFT, "--cases", figure)


def test_of_a_time_before_the_record_nothing_is_simulated(said: Call) -> None:
    before = ("--period", "1999")
    found = json.loads(said(DRAFT, *before, "--json"))
    # 0 of 0 would say that nobody missed a limit.
    assert found["groups"] == []
    assert found["record_from"].startswith("202")
    heading, begins, *_ = said(DRAFT, *before).splitlines()
    assert heading.endswith(", 1999: nothing is known")
    assert begins == f"1999: the record begins on {found['record_from']}"


@pytest.mark.parametrize(
    ("text", "more", "why"),
    [
        ("name = 1", [], "draft.toml: "),
        (TEXT, ["--instead-of", "nobody"], "there is no profile nobody; --instead-of"),
        (TEXT, ["--category", "qualty"], "is no category of a case here: there are "),
        (TEXT, ["--cases", "missed/x"], "missed/x is no figure; there are missed/"),
    ],
)
def test_what_cannot_be_simulated_is_said(
    written: WrittenRecord, tmp_path: Path, text: str, more: list[str], why: str
) -> None:
    draft = tmp_path / "draft.toml"
    draft.write_text(text, "utf-8")
    done = redress(
        *("simulate", "--policy", str(draft), "--period", "2026", *more),
        home=written.system.settings.home,
        url=written.system.url,
    )
    assert done.returncode == 1
    assert why in done.stderr
