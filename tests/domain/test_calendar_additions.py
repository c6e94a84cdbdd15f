"""Days off and make-up working days that were announced late: files and editions."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import pytest

from application.rules.calendars import CalendarWrong, read_addition
from application.rules.rulebook import Rulebooks
from domain.deadlines.time_limits import due, parse_limit
from domain.policy.toml_decoder import Mistaken

LIBRARY = f"CN@holidays-{version('holidays')}"
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""Ten in the morning in Shanghai."""
FRIDAY = datetime(2026, 3, 6, 2, tzinfo=UTC)
ONE, TWO = parse_limit("1 working day"), parse_limit("2 working days")

FIRST = """
calendar = "CN"
version = 1

[[announcements]]
title = "国办发明电[2026]1号"
announced = 2026-03-01
days_off = [2026-03-03]
working_days = [2026-03-07]
"""

SECOND = """
calendar = "CN"
version = 2

[[announcements]]
title = "国办发明电[2026]2号"
announced = 2026-03-02
days_off = [2026-03-04, 2026-03-07]
"""


def books(folder: Path, *files: str) -> Rulebooks:
    for number, text in enumerate(files):
        (folder / f"{number}.toml").write_text(text, "utf-8")
    return Rulebooks(calendars=folder)


def test_a_day_off_is_not_counted_and_a_make_up_saturday_is(tmp_path: Path) -> None:
    before = Rulebooks()["cn-default/1"].calendar
    after = books(tmp_path, FIRST)["cn-default/1"].calendar
    assert before.day(due(MONDAY, ONE, before)) == date(2026, 3, 4)
    assert due(MONDAY, ONE, after) == due(MONDAY, TWO, before)
    assert due(FRIDAY, ONE, before) == datetime(2026, 3, 9, 16, tzinfo=UTC)
    assert due(FRIDAY, ONE, after) == datetime(2026, 3, 7, 16, tzinfo=UTC)
    assert (before.name, after.name) == (LIBRARY, f"{LIBRARY}+1")


def test_versions_build_on_each_other_and_the_later_one_decides(
    tmp_path: Path,
) -> None:
    # Files are taken by their version, whatever they are called.
    found = books(tmp_path, SECOND, FIRST)
    calendar = found["cn-default/1"].calendar
    assert calendar.name == f"{LIBRARY}+2"
    assert {date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 7)} <= calendar.days_off
    assert [one.id for one in found.additions("CN")] == ["CN+1", "CN+2"]
    assert found.additions("DE") == ()


def test_every_profile_counts_by_the_additions_in_its_own_window(
    tmp_path: Path,
) -> None:
    found = books(tmp_path, FIRST)
    assert {one.name for one in found.calendars} == {f"{LIBRARY}+1"}
    shipped = Rulebooks()["wechat-like/1"].calendar
    calendar = found["wechat-like/1"].calendar
    assert (calendar.opens, calendar.zone) == (shipped.opens, shipped.zone)


def test_additions_to_another_calendar_change_nothing(tmp_path: Path) -> None:
    found = books(tmp_path, FIRST.replace('"CN"', '"DE"'))
    assert found["cn-default/1"].calendar == Rulebooks()["cn-default/1"].calendar


@pytest.mark.parametrize(
    ("old", "new", "mistakes"),
    [
        ('calendar = "CN"\n', "", ["calendar: missing"]),
        ('"CN"', '"ZZ"', ["calendar: there is no 'ZZ'"]),
        ("version = 1\n", "version = 0\n", ["version: Expected `int` >= 1"]),
        ("version = 1", "versoin = 1", ["versoin: unknown", "version: missing"]),
        ("[[", "[[x", ["xannouncements: unknown", "announcements: missing"]),
        ("2026-03-01", "2026-03-01T00:00:00", ["announcements[0].announced: datetime"]),
        ("announced", "said", ["announcements[0].said: unknown", "announcements[0].a"]),
        ('"国办发明电[2026]1号"', '" "', ["announcements[0].title: ' ' names no"]),
        (
            "[2026-03-03]",
            '[2026-03-03, "2026-03-04", 5]',
            [
                "announcements[0].days_off[1]: '2026-03-04' is not a date, as 2026-09-",
                "announcements[0].days_off[2]: 5 is not a date",
            ],
        ),
        ("[2026-03-07]", "2026-03-07", ["announcements[0].working_days: not a list"]),
        (
            "[2026-03-07]",
            "[2026-03-03]",
            ["announcements[0].working_days[0]: 2026-03-03 stands in announcements[0]"],
        ),
        (
            "[2026-03-03]",
            "[2062-03-03]",
            ["announcements[0].days_off[0]: 2062-03-03 is not in the years 2000 to 20"],
        ),
        (
            "days_off = [2026-03-03]\nworking_days = [2026-03-07]",
            "",
            ["announcements[0]: names neither days_off nor working_days"],
        ),
        ("2026-03-03", "2026-02-30", ["not TOML: "]),
    ],
)
def test_every_mistake_is_named_with_its_entry(
    old: str, new: str, mistakes: list[str]
) -> None:
    with pytest.raises(Mistaken) as raised:
        read_addition(FIRST.replace(old, new))
    assert len(raised.value.mistakes) == len(mistakes)
    for said, begun in zip(raised.value.mistakes, mistakes, strict=True):
        assert said.startswith(begun)


def test_a_wrong_entry_leaves_the_places_of_the_others_right() -> None:
    text = FIRST.replace("2026-03-07", '"soon"') + SECOND.partition("2\n")[2]
    with pytest.raises(Mistaken) as raised:
        read_addition(text.replace("2026-03-04", "1"))
    assert [one.partition(":")[0] for one in raised.value.mistakes] == [
        "announcements[0].working_days[0]",
        "announcements[1].days_off[0]",
    ]


@pytest.mark.parametrize(
    ("files", "wrong"),
    [
        ([FIRST, FIRST], "1.toml: version: there is a CN+1 already; a change is a new"),
        ([SECOND], "0.toml: version: CN+2 needs CN+1, which is missing"),
        ([FIRST.replace("03-07", "03-03")], "0.toml: announcements[0].working_days[0]"),
    ],
)
def test_a_wrong_file_is_named_in_one_line(
    tmp_path: Path, files: list[str], wrong: str
) -> None:
    with pytest.raises(CalendarWrong, match=re.escape(wrong)) as raised:
        books(tmp_path, *files)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CalendarWrong, match=r"x\.toml"):
        Rulebooks(calendars=tmp_path)
