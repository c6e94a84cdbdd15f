"""The version stands in pyproject.toml, and is read from there wherever it is told."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient

from interface.api.openapi.document import API_VERSION
from interface.cli.main import redress
from interface.run.worker import Worker
from tests.http.conftest import People

ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "version"
]


def test_what_is_installed_is_of_this_version() -> None:
    assert version("redress") == VERSION


def test_the_command_line_tells_it() -> None:
    done = CliRunner().invoke(redress, ["--version"])
    assert (done.exit_code, done.output) == (0, f"redress, version {VERSION}\n")


def test_the_api_has_a_version_of_its_own(http: TestClient[Any]) -> None:
    document = http.get("/schema/openapi.json").json()
    assert document["info"]["version"] == API_VERSION


def test_reports_tell_it(people: People, background: Worker) -> None:
    people.buyer.file()
    background.catch_up()
    report = people.analyst.get("/v1/transparency/reports/all").json()
    assert report["code_version"] == VERSION


@pytest.mark.parametrize("layer", ["domain", "application", "projections", "interface"])
def test_no_module_repeats_it(layer: str) -> None:
    stated = re.compile(rf"['\"]{re.escape(VERSION)}['\"]")
    found = [
        path
        for path in (ROOT / layer).rglob("*.py")
        if stated.search(path.read_text("utf-8"))
    ]
    assert found == []
