"""The documented diagram is what walking by the table meets, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.case.dispute import Phase
from domain.case.lifecycle import LIFECYCLE
from tests.domain.diagram import diagram, edges, name

PAGE = (Path(__file__).parents[2] / "docs/using-the-api.md").read_text("utf-8")


# One test, so that only one process has to walk.
@pytest.mark.long
def test_walking_meets_every_phase_as_table_and_page_say() -> None:
    assert f"```mermaid\n{diagram()}```" in PAGE
    found = edges()
    assert {end for _, end in found} == set(Phase) - {Phase.NONE}
    assert {start for start, _ in found} == set(Phase)
    rows = {name(kind): row for kind, row in LIFECYCLE.items()}
    for (start, _), names in found.items():
        for one in names - {"silence"}:
            assert start in rows[one].phases
