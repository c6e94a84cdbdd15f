"""Files are rooms, not halls; functions are short; packages say what they are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.source_tree import CLIENT, LAYERS, PRODUCT

SAYS_NOTHING = {"utils", "helpers", "common", "base", "manager", "services", "misc"}
ONE_FILE = Path("interface/verifier/redress_verify.py")
"""Who checks a bundle takes this one file and nothing else, so it is a hall."""
MOST_LINES, LONGEST_FUNCTION = 250, 40


def test_files_are_rooms_not_halls() -> None:
    halls = [
        f"{file} has {file.lines} lines"
        for file in PRODUCT.files
        if file.lines > MOST_LINES and file.path != ONE_FILE
    ]
    assert halls == []


def test_a_files_name_says_something() -> None:
    assert [str(file) for file in PRODUCT.files if file.stem in SAYS_NOTHING] == []


def test_functions_are_short() -> None:
    lengths = {
        f"{file}:{node.lineno} {node.name}": (node.end_lineno or 0)
        - node.body[0].lineno
        + 1
        for file in PRODUCT.files
        for node in ast.walk(file.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert len(lengths) > 1_000
    assert {k: n for k, n in lengths.items() if n > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("layer", LAYERS)
def test_every_package_says_what_it_is_and_does_nothing_else(layer: str) -> None:
    packages = [file for file in PRODUCT.of(layer) if file.stem == "__init__"]
    assert packages
    folders = {file.path.parent for file in PRODUCT.of(layer)} - {ONE_FILE.parent}
    assert {file.path.parent for file in packages} == folders
    silent = [str(file) for file in packages if not ast.get_docstring(file.tree)]
    # A library is imported by its name, so the client's says what there is.
    busy = [
        str(file)
        for file in packages
        if len(file.tree.body) != 1 and file.path.parent != CLIENT
    ]
    assert (silent, busy) == ([], [])
