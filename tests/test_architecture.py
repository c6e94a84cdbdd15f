"""Promises about shape, checked once instead of remembered always."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from application.jobs import locks

ROOT = Path(__file__).parents[1]
LAYERS = ["domain", "application", "projections", "interface"]
INWARD = {layer: set(LAYERS[: n + 1]) for n, layer in enumerate(LAYERS)}
OUTSIDE = {
    "domain": {"msgspec"},
    "application": {
        "cryptography",
        "eventsourcing",
        "holidays",
        "jinja2",
        "msgspec",
        "psycopg",
        "rfc3161_client",
    },
    "projections": {"msgspec", "psycopg"},
}
API = {
    "openapi": set[str](),
    "responses": set[str](),
    "commands": {"openapi", "responses"},
    "actions": {"commands", "responses"},
    "routes": {"openapi", "commands", "responses", "actions"},
}
"""What each room of the API may import of the others; loose files stand between."""
SAYS_NOTHING = {"utils", "helpers", "common", "base", "manager", "services", "misc"}
ONE_FILE = ROOT / "interface/verifier/redress_verify.py"
"""Who checks a bundle takes this one file and nothing else, so it is a hall."""

FILES = [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module.partition(".")[0]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.partition(".")[0]


def imported_from_api(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom | ast.Import):
            continue
        within = ""
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno} imports from a dot"
            within = f"{node.module}."
        for alias in node.names:
            name = within + alias.name
            if f"{name}.".startswith("interface.api."):
                yield node.lineno, ".".join(name.split(".")[2:3])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_layers_look_inward(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0]
    for line, name in imported(path):
        if name in LAYERS or name == "tests":
            assert name in INWARD[layer], f"{path}:{line} imports {name}"
        elif layer in OUTSIDE and name not in sys.stdlib_module_names:
            assert name in OUTSIDE[layer], f"{path}:{line} imports {name}"


def test_every_package_of_the_api_has_its_place() -> None:
    packages = {path.parent.name for path in (ROOT / "interface/api").glob("*/*.py")}
    assert packages == set(API)
    order = list(API)
    for package, allowed in API.items():
        assert allowed <= set(order[: order.index(package)])


@pytest.mark.parametrize("package", API)
def test_packages_of_the_api_look_one_way(package: str) -> None:
    for path in (ROOT / "interface/api" / package).rglob("*.py"):
        for line, name in imported_from_api(path):
            if name in API:
                assert name in API[package] | {package}, f"{path}:{line} imports {name}"
            assert name != "app", f"{path}:{line} imports the application"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_rooms_not_halls(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 250 or path == ONE_FILE
    assert path.stem not in SAYS_NOTHING


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_are_short(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.body[0].lineno + 1
            assert length <= 40, f"{path}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize("layer", LAYERS)
def test_every_package_says_what_it_is(layer: str) -> None:
    for path in (ROOT / layer).rglob("__init__.py"):
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), path
        assert len(tree.body) == 1, f"{path} does more than say what it is"


def test_the_domain_reads_no_clock_and_no_files() -> None:
    forbidden = re.compile(r"\b(datetime\.now|time\.time|open\(|random|uuid4)\b")
    for path in (ROOT / "domain").rglob("*.py"):
        found = forbidden.search(path.read_text("utf-8"))
        assert found is None, f"{path}: {found}"


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for line in text.splitlines():
        if re.match(r'    "[a-z0-9-]+(\[[a-z,]+\])?>=', line):
            assert "#" in line, line


def test_lock_files_name_no_host() -> None:
    for path in ROOT.glob("requirements*.lock"):
        assert "://" not in path.read_text("utf-8")
        assert "--hash=sha256:" in path.read_text("utf-8")


def test_each_advisory_lock_is_for_one_thing() -> None:
    named = [value for name, value in vars(locks).items() if name.isupper()]
    assert len(named) == len(set(named)) > 1
    for path in FILES:
        if path != Path(locks.__file__):
            assert not re.search(r"\b7_?243_?\d{3}\b", path.read_text("utf-8")), path
