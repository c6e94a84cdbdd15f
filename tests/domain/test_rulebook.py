"""Which profile holds for a case: versions, transitions, profiles in a directory."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from importlib.resources import files
from pathlib import Path

import pytest

from application.rules.rulebook import ProfileWrong, Rulebooks
from tests.samples import NOW

GOOD = files("domain").joinpath("policy", "cn-default-1.toml").read_text("utf-8")
BEFORE = datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC)
"""A second before July in Shanghai."""
JULY = datetime(2026, 6, 30, 16, tzinfo=UTC)
AUGUST = datetime(2026, 7, 31, 16, tzinfo=UTC)


def profile(version: int, since: str, transition: str, name: str = "cn-default") -> str:
    text = GOOD.replace("version = 1\n", f"version = {version}\n", 1)
    text = text.replace('name = "cn-default"', f'name = "{name}"', 1)
    text = text.replace("2026-01-01", since, 1)
    return text.replace('"pending-keep-old"\nzone', f'"pending-{transition}"\nzone', 1)


def books(folder: Path, *profiles: str) -> Rulebooks:
    for number, text in enumerate(profiles):
        (folder / f"{number}.toml").write_text(text, "utf-8")
    return Rulebooks(folder)


@pytest.mark.standard("5 the transition rule is data")
def test_a_case_keeps_its_version_where_the_new_one_says_so(tmp_path: Path) -> None:
    all_ = books(tmp_path, profile(2, "2026-07-01", "keep-old"))
    assert all_.for_case("cn-default/1", AUGUST).policy.id == "cn-default/1"
    assert all_.for_case("cn-default/2", AUGUST).policy.id == "cn-default/2"


@pytest.mark.standard("5 the transition rule is data")
def test_a_case_takes_the_new_version_once_it_is_in_force(tmp_path: Path) -> None:
    all_ = books(tmp_path, profile(2, "2026-07-01", "take-new"))
    assert all_.for_case("cn-default/1", BEFORE).policy.id == "cn-default/1"
    assert all_.for_case("cn-default/1", JULY).policy.id == "cn-default/2"


def test_each_newer_version_says_what_older_cases_do(tmp_path: Path) -> None:
    all_ = books(
        tmp_path,
        profile(2, "2026-07-01", "take-new"),
        profile(3, "2026-08-01", "keep-old"),
    )
    assert all_.for_case("cn-default/1", AUGUST).policy.id == "cn-default/2"
    assert all_.for_case("cn-default/2", AUGUST).policy.id == "cn-default/2"
    more = books(tmp_path, profile(4, "2026-09-01", "take-new"))
    assert more.for_case("cn-default/1", AUGUST).policy.id == "cn-default/1"


def test_a_new_case_gets_the_newest_version_in_force(tmp_path: Path) -> None:
    all_ = books(tmp_path, profile(2, "2026-07-01", "keep-old"))
    assert all_.for_new("cn-default", BEFORE).policy.id == "cn-default/1"
    assert all_.for_new("cn-default", JULY).policy.id == "cn-default/2"
    assert all_.for_new("cn-default/1", JULY).policy.id == "cn-default/1"


def test_ten_is_newer_than_nine(tmp_path: Path) -> None:
    versions = (profile(n, "2026-07-01", "take-new") for n in (10, 9, 2))
    all_ = books(tmp_path, *versions)
    assert all_.for_new("cn-default", JULY).policy.id == "cn-default/10"
    assert all_.for_case("cn-default/9", JULY).policy.id == "cn-default/10"


@pytest.mark.parametrize("name", ["nobody", "cn-default/9", "soon", "cn", ""])
def test_without_a_version_in_force_there_is_none(tmp_path: Path, name: str) -> None:
    all_ = books(tmp_path, profile(1, "2027-01-01", "keep-old", "soon"))
    with pytest.raises(KeyError):
        all_.for_new(name, NOW)


def test_a_profile_that_cases_need_is_missed() -> None:
    with pytest.raises(ProfileWrong, match="cn-default/9: cases need this profile"):
        Rulebooks().for_case("cn-default/9", NOW)


def test_other_profiles_do_not_meddle(tmp_path: Path) -> None:
    all_ = books(tmp_path, profile(2, "2026-07-01", "take-new", "cn-default-x"))
    assert all_.for_case("cn-default/1", AUGUST).policy.id == "cn-default/1"
    assert all_.for_new("cn-default", AUGUST).policy.id == "cn-default/1"


def test_the_window_of_a_profile_is_the_calendars() -> None:
    calendar = Rulebooks()["wechat-like/1"].calendar
    assert (calendar.opens, calendar.closes) == (time(9), time(21))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (GOOD, "there is a cn-default/1 already; a change is a new version"),
        (
            profile(2, "2025-07-01", "keep-old"),
            "cn-default/2 would be in force before cn-default/1",
        ),
        (GOOD.replace('filing = "15 days"\n', ""), "limits.filing: missing"),
        (GOOD.replace("proof/1", "proof/9"), "proof: there is no 'proof/9'"),
        (GOOD.replace('"CN"', '"ZZ"'), "calendar: there is no 'ZZ'"),
    ],
)
def test_a_wrong_profile_is_named_with_its_file(
    tmp_path: Path, text: str, wrong: str
) -> None:
    with pytest.raises(ProfileWrong, match=rf"0\.toml: {re.escape(wrong)}"):
        books(tmp_path, text)


def test_an_id_twice_in_a_directory_is_refused(tmp_path: Path) -> None:
    twice = profile(2, "2026-07-01", "keep-old")
    with pytest.raises(ProfileWrong, match=r"1\.toml: there is a cn-default/2 already"):
        books(tmp_path, twice, twice)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ProfileWrong, match=r"x\.toml"):
        Rulebooks(tmp_path)


def test_what_is_no_profile_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Our profiles.")
    assert Rulebooks(tmp_path).ids == Rulebooks().ids
