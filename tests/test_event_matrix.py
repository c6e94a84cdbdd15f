"""Every fold over events names each of them, or passes it over on purpose."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import get_args

from domain.case.events import DisputeEvent

PAGE = Path(__file__).parents[1] / "docs" / "events.md"
FOLDS = {
    "deadlines": "domain.deadlines.effects",
    "notices": "domain.notices.notice",
    "money": "domain.enforcement.money_movements",
    "standing": "domain.standing",
    "rules": "projections.audit.case_facts",
    "figures": "projections.figures.milestones",
    "inbox": "projections.notices",
}
"""The columns of the page, and the module whose fold each is about."""


def named(module: ModuleType) -> set[str]:
    """Find the events that a module matches, alone or in a tuple of kinds."""
    tree = ast.parse(Path(module.__file__ or "").read_text("utf-8"))
    found = {
        pattern.cls.id
        for pattern in ast.walk(tree)
        if isinstance(pattern, ast.MatchClass) and isinstance(pattern.cls, ast.Name)
    }
    kinds = [value for value in vars(module).values() if isinstance(value, tuple)]
    return found | {
        one.__name__ for kind in kinds for one in kind if isinstance(one, type)
    }


def matrix() -> list[str]:
    """Write the rows of the page, as the code has them."""
    folds = {column: named(import_module(name)) for column, name in FOLDS.items()}
    rows = []
    for kind in get_args(DisputeEvent):
        step, name = kind.__module__.split(".")[1], kind.__name__
        marks = ["●" if name in events else "" for events in folds.values()]
        tag = kind.__struct_config__.tag
        rows.append(f"| {' | '.join([step, name, f'`{tag}`', *marks])} |")
    return rows


def test_the_page_says_of_every_event_which_folds_read_it() -> None:
    rows = [
        line
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("| ") and "`" in line
    ]
    assert rows == matrix()
