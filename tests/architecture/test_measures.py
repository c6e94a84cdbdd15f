"""The measures of the tree: what is reached stays so, and each counts what it says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg
import pytest

from tests.architecture import command_commit, measures, names
from tests.architecture.bundle_loads import bundle_loads, statements
from tests.architecture.concepts import classes_of, commands, files_naming, spread
from tests.architecture.source_tree import PRODUCT, SourceTree

HELD = {
    "product files that name one command (no demo)",
    "modules in -ing",
    "file names for different things",
    "loose files in application/",
    "comments per 100 lines of code in domain/",
    "comments per 100 lines of code in application/",
    "comments per 100 lines of code in projections/",
    "README lines",
}
"""The measures whose target is reached, and that may not be lost again."""


def test_what_is_reached_stays_reached_and_the_rest_has_a_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # In one test: to measure the tree takes seconds.
    product = tuple(measures.measured(PRODUCT))
    found = {one.name: one for one in product}
    assert found.keys() >= HELD
    lost = {name: found[name].counted for name in HELD if not found[name].reached}
    assert lost == {}
    missed = {one.name for one in product if one.reached is False}
    assert missed == measures.REASONS.keys()
    measures.show(product)
    shown = capsys.readouterr().out
    for one in product:
        assert one.name in shown
        if one.reached is False:
            assert f"no, {one.missing:,g} off" in shown
            assert f"\n{one.name}:\n" in shown


def test_every_name_that_is_excused_is_shared() -> None:
    assert [*names.unused_reasons(PRODUCT)] == []


FILES = {
    "domain/__init__.py": '"""What a dispute is."""\n',
    "domain/loose.py": "# Why.\n# And so.\nONE = 1  # noqa: X\n\nTWO = 2  # because\n",
    "domain/filing/commands.py": (
        "class Command: ...\n"
        "class Base(Command):\n    remedies: int\n    reasons: int\n"
        "class File(Base):\n    liability: int\n    automation: int\n"
        "class Drop(commands.Command):\n    sha256: str\n"
    ),
    "domain/filing/decide.py": "from domain.filing.commands import File as F\n",
    "application/__init__.py": '"""Remembers."""\n',
    "application/asking.py": 'HINTS = {"File": "file it", "Drop it": 1}\n',
    "application/ruling.py": "def decide(x): return x.Drop\n",
    "interface/api/loose.py": "x = 1\n" * 7,
    "interface/api/decide.py": "x = 1\n",
    "interface/demo/play.py": "x = 1\n" * 100,
    "interface/verifier/check.py": "x = 1\n" * 100,
    "README.md": "# One\n\nTwo\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return SourceTree(tmp_path)


def test_a_command_is_named_where_its_name_stands_alone(tree: SourceTree) -> None:
    assert commands(tree) == ("Drop", "File")
    naming = files_naming(tree)
    assert naming == {
        "Drop": ["domain/filing/commands.py", "application/ruling.py"],
        "File": [
            "domain/filing/commands.py",
            "domain/filing/decide.py",
            "application/asking.py",
        ],
    }
    assert spread(naming) == "2.5 (2-3)"


def test_a_class_is_of_a_concept_by_its_fields_and_those_it_inherits(
    tree: SourceTree,
) -> None:
    assert classes_of(tree, "a ruling") == ["File (domain/filing/commands.py)"]
    assert classes_of(tree, "a file") == []


def test_names_and_places_are_counted(tree: SourceTree) -> None:
    assert names.participles(tree) == ["application/asking.py"]
    assert names.double(tree) == ["loose: domain/loose.py, interface/api/loose.py"]
    assert names.shared(tree).keys() == {"loose", "decide"}
    assert names.loose(tree, "domain") == ["domain/loose.py"]


def test_comments_and_lines_are_counted(tree: SourceTree) -> None:
    (loose,) = [file for file in tree.files if str(file) == "domain/loose.py"]
    assert (loose.comments, loose.code_lines) == (2, 2)
    (packaged,) = [file for file in tree.files if str(file) == "domain/__init__.py"]
    assert (packaged.comments, packaged.code_lines) == (0, 0)
    lines = measures.interface_lines(tree)
    assert (lines.value, lines.counted) == (8, ["8 api"])


def test_a_measure_says_how_far_it_is_from_its_target() -> None:
    most = measures.Measure(name="m", value=6, target=4)
    least = measures.Measure(name="l", value=0.5, target=2, least=True)
    assert [(one.reached, one.missing) for one in (most, least)] == [
        (False, 2),
        (False, 1.5),
    ]
    good = measures.Measure(name="g", value=4, target=4)
    assert (good.reached, good.missing) == (True, 0)
    unknown = measures.Measure(name="u", value=None, target=4)
    assert (unknown.reached, unknown.missing) == (None, 0)


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    command = ["git", "-C", str(folder), *who, *arguments]
    subprocess.run(command, check=True, capture_output=True)


def test_the_files_of_a_new_command_are_those_of_its_commit(tree: SourceTree) -> None:
    assert command_commit.revisions(tree.root) is None
    git(tree.root, "init", "--quiet")
    git(tree.root, "add", ".")
    git(tree.root, "commit", "--quiet", "-m", "Begin")
    assert measures.added_command(tree.root, None).value is None
    (tree.root / "domain/note.py").write_text("x = 1\n")
    (tree.root / "README.md").write_text("x\n")
    git(tree.root, "add", ".")
    git(tree.root, "commit", "--quiet", "-m", "Add AddNote, an internal note")
    (tree.root / "domain/later.py").write_text("x = 1\n")
    git(tree.root, "add", ".")
    git(tree.root, "commit", "--quiet", "-m", "Go on")
    added = measures.added_command(tree.root, None)
    assert (added.value, added.counted) == (1, ["domain/note.py", "README.md"])
    later = measures.added_command(tree.root, "HEAD~1..HEAD")
    assert later.counted == ["domain/later.py"]


def test_statements_are_noted_as_they_are_sent(url: str) -> None:
    with psycopg.connect(url) as connection:
        with statements() as sent:
            connection.execute("SELECT 1")
            connection.cursor().execute(b"SELECT 2")
        connection.execute("SELECT 3")
    assert sent == [("SELECT 1", None), ("SELECT 2", None)]


def test_the_loads_of_a_bundle_are_its_reads_of_the_cases_events(
    url: str, tmp_path: Path
) -> None:
    reads = bundle_loads(url, tmp_path)
    assert (tmp_path / "case.zip").exists()
    assert all("state" in one and "events" in one for one in reads)
    loads = measures.loads(lambda: reads)
    assert loads.value == 1
    assert loads.reached
