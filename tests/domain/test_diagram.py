"""The README's diagram is the lifecycle table's, and every phase is on the way."""

from __future__ import annotations

from pathlib import Path

from domain.dispute import Phase
from tests.domain.diagram import diagram, edges

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_the_readme_shows_the_diagram_of_the_table() -> None:
    assert f"```mermaid\n{diagram()}```" in README


def test_every_phase_is_entered_and_left() -> None:
    found = edges()
    assert {end for _, end in found} == set(Phase) - {Phase.NONE}
    assert {start for start, _ in found} == set(Phase)
