"""Redocly and Spectral find nothing in the OpenAPI document."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.clients.tools import HERE, NODE, needs_node, run, write_document

pytestmark = [pytest.mark.long, needs_node]

WRONG = "/v1/disputes/eligibility"

QUIET = {"REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "REDOCLY_TELEMETRY": "off"}


def test_redocly_finds_nothing(tmp_path: Path) -> None:
    document = write_document(tmp_path)
    said = run(
        *(NODE / "redocly", "lint", document),
        *("--config", HERE / "redocly.yaml"),
        cwd=tmp_path,
        **QUIET,
    )
    assert "Your API description is valid" in said
    assert "warning" not in said.split("validating")[1]


def test_spectral_finds_nothing(tmp_path: Path) -> None:
    document = write_document(tmp_path)
    said = run(
        *(NODE / "spectral", "lint", document),
        *("--ruleset", HERE / "spectral.yaml", "--fail-severity", "hint"),
        cwd=tmp_path,
    )
    assert "No results" in said


def test_they_find_what_is_wrong(tmp_path: Path) -> None:
    document = write_document(tmp_path)
    content = msgspec.json.decode(document.read_bytes())
    # Of one path: to read all of them takes these tools half a minute.
    broken = content | {"paths": {WRONG: content["paths"][WRONG]}}
    sound = msgspec.json.encode(broken)
    document.write_bytes(sound.replace(b'"decided_by":"rule"', b'"decided_by":"dice"'))
    assert document.read_bytes() != sound
    for command in (
        (NODE / "redocly", "lint", document, "--config", HERE / "redocly.yaml"),
        (NODE / "spectral", "lint", document, "--ruleset", HERE / "spectral.yaml"),
    ):
        with pytest.raises(AssertionError, match="decided_by"):
            run(*command, cwd=tmp_path, **QUIET)
