"""The page on ASVS 5.0 names every requirement once, and nothing that there is not."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from interface.settings.settings import documented
from tests.docs.markdown import ROOT

PAGE = (ROOT / "docs" / "asvs.md").read_text("utf-8")
REQUIREMENTS = dict(
    line.split()
    for line in (Path(__file__).parent / "data" / "asvs-5.0.0.txt")
    .read_text("utf-8")
    .splitlines()
)
"""The level of each requirement of levels 1 and 2, by its number."""

ROW = re.compile(
    r"^\| (?P<number>\d+\.\d+\.\d+) (?P<words>[^|]+)"
    r" \| (?P<level>\d) \| (?P<how>.+) \|$",
    re.MULTILINE,
)
ROWS = [*ROW.finditer(PAGE)]
KINDS = {
    "operator": "Operator: ",
    "issuer": "Issuer: ",
    "does not apply": "Does not apply: ",
    "not met": "**Not met**: ",
}
SPAN = re.compile(r"`([^`]+)`")
TEST = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")
FILE = re.compile(
    r"(?:[\w-]+/)+(?:[\w.-]+\.\w+)?|[\w-]+\.(?:lock|toml|yaml)|Dockerfile"
)
TARGET = re.compile(r"make (\w+)")
LONGEST_WORDS = 60


def kind_of(how: str) -> str:
    return next((kind for kind, word in KINDS.items() if how.startswith(word)), "holds")


@cache
def defined_tests(file: str) -> frozenset[str]:
    """Return the names of the tests that a file defines and does not leave out."""
    return frozenset(
        one.name
        for one in ast.parse((ROOT / file).read_text("utf-8")).body
        if isinstance(one, ast.FunctionDef)
        and not any("skip" in ast.unparse(mark) for mark in one.decorator_list)
    )


def test_every_requirement_is_there_once_with_its_level() -> None:
    assert len(REQUIREMENTS) == 253
    found = Counter(row["number"] for row in ROWS)
    assert found == Counter(REQUIREMENTS.keys())
    assert {row["number"]: row["level"] for row in ROWS} == REQUIREMENTS
    # No line that looks like a row and is not read as one.
    assert len(re.findall(r"^\| \d", PAGE, re.MULTILINE)) == len(ROWS) + 1


def test_requirements_stand_in_their_chapters_and_in_order() -> None:
    for chapter in re.split(r"^## ", PAGE, flags=re.MULTILINE)[2:]:
        numbers = [
            [int(part) for part in row["number"].split(".")]
            for row in ROW.finditer(chapter)
        ]
        assert numbers == sorted(numbers)
        assert {one[0] for one in numbers} == {int(chapter.split()[0])}


def test_the_count_at_the_top_is_that_of_the_rows() -> None:
    found = Counter(kind_of(row["how"]) for row in ROWS)
    head, _, counts = (
        PAGE[: PAGE.index("## Not met")].rpartition("\n| holds ")[2].split("\n", 2)
    )
    names = [one.strip() for one in f"holds {head}".strip("| ").split("|")]
    numbers = [int(one) for one in counts.strip().strip("|").split("|")]
    assert dict(zip(names, numbers, strict=True)) == {**found, "all": len(ROWS)}


def test_what_is_not_met_is_said_at_the_top() -> None:
    section = PAGE[PAGE.index("## Not met") : PAGE.index("## 1 ")]
    said = re.findall(r"^- \*\*([\d.]+)\*\*, (?:.+\n)+?", section, re.MULTILINE)
    missed = [row["number"] for row in ROWS if kind_of(row["how"]) == "not met"]
    assert said == missed
    assert section.replace("\n  ", " ").count(" It would take ") == len(missed)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["number"])
def test_what_a_row_names_exists(row: re.Match[str]) -> None:
    how = row["how"]
    assert len(row["words"]) <= LONGEST_WORDS
    settings = {name for name, _, _ in documented()}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = []
    for span in SPAN.findall(how):
        if test := TEST.fullmatch(span):
            assert test[2] in defined_tests(test[1]), span
        elif span.startswith(("REDRESS_", "DATABASE_URL")):
            assert span in settings, span
        elif FILE.fullmatch(span):
            assert (ROOT / span).exists(), span
        elif target := TARGET.fullmatch(span):
            assert f"\n{target[1]}:" in makefile, span
        else:
            assert "tests/" not in span, span
            continue
        named.append(span)
    # A claim that something holds is worth what it can be looked up by.
    if kind_of(how) == "holds":
        assert named or "](" in how, how
