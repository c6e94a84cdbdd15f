"""Who imports whom: layers look inward, and the API's rooms one way."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source_tree import CLIENT, LAYERS, PRODUCT, ROOT, SourceFile

INWARD = {layer: set(LAYERS[: n + 1]) for n, layer in enumerate(LAYERS)}
OUTSIDE = {
    "domain": {"msgspec"},
    "application": {
        "cryptography",
        "eventsourcing",
        "holidays",
        "aiosmtplib",
        "httpcore",
        "jinja2",
        *("backports", "duckdb", "pyarrow", "python_calamine"),
        "msgspec",
        "nats",
        "procrastinate",
        "psycopg",
        "rfc3161_client",
    },
    "projections": {
        *("deltalake", "duckdb", "msgspec", "psycopg", "pyarrow", "pyspark"),
        "xlsxwriter",
    },
}
API = {
    "openapi": set[str](),
    "responses": set[str](),
    "commands": {"openapi", "responses"},
    "actions": {"commands", "responses"},
    "routes": {"openapi", "commands", "responses", "actions"},
}
"""What each room of the API may import of the others; loose files stand between."""


def imported(file: SourceFile) -> Iterator[tuple[int, str]]:
    """Yield every module that is imported, or the name within it, with its line."""
    for node in ast.walk(file.tree):
        match node:
            case ast.ImportFrom(level=0, module=str() as module, names=names):
                for alias in names:
                    yield node.lineno, f"{module}.{alias.name}"
            case ast.ImportFrom():
                yield node.lineno, "."
            case ast.Import(names=names):
                for alias in names:
                    yield node.lineno, alias.name


def test_no_import_is_relative() -> None:
    # The client's own imports have to hold under the name that its wheel has, too.
    relative = [
        f"{file}:{line}"
        for file in PRODUCT.files
        if CLIENT not in file.path.parents
        for line, name in imported(file)
        if name == "."
    ]
    assert relative == []


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_look_inward(layer: str) -> None:
    assert len(PRODUCT.of(layer)) > 10
    rooms = {*LAYERS, "tests"}
    outward = [
        f"{file}:{line} imports {name}"
        for file in PRODUCT.of(layer)
        for line, name in imported(file)
        if (room := name.partition(".")[0]) in rooms and room not in INWARD[layer]
    ]
    assert outward == []


@pytest.mark.parametrize("layer", OUTSIDE)
def test_inner_layers_use_only_the_libraries_that_are_said(layer: str) -> None:
    known = OUTSIDE[layer] | {*LAYERS} | sys.stdlib_module_names
    foreign = [
        f"{file}:{line} imports {name}"
        for file in PRODUCT.of(layer)
        for line, name in imported(file)
        if name.partition(".")[0] not in known
    ]
    assert foreign == []


def test_every_package_of_the_api_has_its_place() -> None:
    packages = {path.parent.name for path in (ROOT / "interface/api").glob("*/*.py")}
    assert packages == set(API)
    order = list(API)
    for package, allowed in API.items():
        assert allowed <= set(order[: order.index(package)])


@pytest.mark.parametrize("package", API)
def test_packages_of_the_api_look_one_way(package: str) -> None:
    files = [
        file
        for file in PRODUCT.of("interface")
        if file.path.parts[:3] == ("interface", "api", package)
    ]
    assert files
    barred = {*API, "app"} - API[package] - {package}
    wrong = [
        f"{file}:{line} imports {name}"
        for file in files
        for line, name in imported(file)
        if name.split(".")[:2] == ["interface", "api"] and name.split(".")[2] in barred
    ]
    assert wrong == []
