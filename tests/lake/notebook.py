"""Runs a notebook's cells in turn, as its reader does, and keeps what each shows."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def shown(path: Path, values: Mapping[str, Any]) -> list[Any]:
    """Run all cells; return the last value of each. `values` replace what it sets."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {"__name__": "__main__"}
    found = []
    for cell in cells:
        if cell["cell_type"] == "code":
            found.append(_run("".join(cell["source"]), names))
            # After the first cell, which has the values that a reader changes.
            names |= values
    return found


def _run(source: str, names: dict[str, Any]) -> Any:
    statements = ast.parse(source).body
    last = statements.pop() if isinstance(statements[-1], ast.Expr) else None
    exec(compile(ast.Module(statements, []), "cell", "exec"), names)  # noqa: S102 - ours
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307
