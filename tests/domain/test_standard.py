"""Every sentence of the standard is shown by tests, which say so by a marker."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from tests.domain.standard import SENTENCES

TESTS = Path(__file__).parents[1]
LEFT_OUT = {"skip", "skipif", "xfail"}


class Mark(Struct, frozen=True):
    """A marker in a file's text: its name, what it is given, and what carries it."""

    name: str
    given: str | None
    carrier: str | None


def marks_in(text: str) -> Iterator[Mark]:
    """Yield every marker of pytest in a file; those of no function have no carrier."""
    tree = ast.parse(text)
    carriers = {
        id(part): function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        for part in ast.walk(decorator)
    }
    given = {
        id(node.func): node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "pytest.mark":
            said = given.get(id(node))
            sentence = said if isinstance(said, str) else None
            yield Mark(node.attr, sentence, carriers.get(id(node)))


def shown_by(texts: dict[str, str]) -> dict[str, list[str]]:
    """Return the tests that show each sentence, of files by name; check their marks."""
    shown: dict[str, list[str]] = {}
    for file, text in texts.items():
        marks = [*marks_in(text)]
        left_out = {mark.carrier for mark in marks if mark.name in LEFT_OUT}
        for mark in marks:
            if mark.name != "standard":
                continue
            assert mark.given, f"{file}: {mark} names no sentence"
            assert mark.given in SENTENCES, f"{file}: no such sentence: {mark.given}"
            runs = (mark.carrier or "").startswith("test_")
            assert runs, f"{file}: {mark} is carried by no test"
            may_not = mark.carrier in left_out or None in left_out
            assert not may_not, f"{file}: {mark} is carried by a test that may not run"
            shown.setdefault(mark.given, []).append(f"{file}::{mark.carrier}")
    return shown


def test_every_sentence_is_shown_by_a_test() -> None:
    files = sorted(TESTS.rglob("test_*.py"))
    shown = shown_by(
        {str(path.relative_to(TESTS)): path.read_text("utf-8") for path in files}
    )
    missing = [sentence for sentence in SENTENCES if sentence not in shown]
    assert not missing, "\n".join(["no test shows:", *missing])


def test_every_section_is_told_and_no_sentence_twice() -> None:
    sections = {sentence.split()[0].split(".")[0] for sentence in SENTENCES}
    assert sections == {"3", "4", "5"}
    assert len({*SENTENCES}) == len(SENTENCES)


FIRST = SENTENCES[0]
MARKED = f"@pytest.mark.standard({FIRST!r})\ndef test_a(): ..."


def test_a_test_may_show_several_sentences() -> None:
    second = SENTENCES[1]
    text = (
        f"@pytest.mark.standard({FIRST!r})\n"
        f"@pytest.mark.standard({second!r})\n"
        "@pytest.mark.parametrize('one', [pytest.param(1, marks=pytest.mark.long)])\n"
        "def test_this() -> None: ...\n"
    )
    assert shown_by({"test_it.py": text}) == {
        FIRST: ["test_it.py::test_this"],
        second: ["test_it.py::test_this"],
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("@pytest.mark.standard('9 x')\ndef test_a(): ...", "no such sentence"),
        ("@pytest.mark.standard\ndef test_a(): ...", "names no sentence"),
        ("@pytest.mark.standard(FIRST)\ndef test_a(): ...", "names no sentence"),
        (f"@pytest.mark.standard({FIRST!r})\ndef a(): ...", "by no test"),
        (f"pytestmark = pytest.mark.standard({FIRST!r})", "by no test"),
        (f"@pytest.mark.skip\n{MARKED}", "may not run"),
        (
            f"pytestmark = pytest.mark.skipif(True)\n{MARKED}",
            "may not run",
        ),
    ],
)
def test_a_marker_that_shows_nothing_is_named(text: str, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        shown_by({"test_it.py": text})
