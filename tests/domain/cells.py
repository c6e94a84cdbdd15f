"""Cells of a table that one test checks, naming every cell that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest


def check_cells(
    check: Callable[..., None], cells: Iterable[tuple[object, ...]]
) -> None:
    """Check every cell, at least one; fail with the names of all that do not hold."""
    checked, failing = 0, []
    for cell in cells:
        checked += 1
        try:
            check(*cell)
        except Exception as error:  # noqa: BLE001 - an error fails its own cell only
            failing.append(f"{_name(cell)}: {_message(error)}")
    assert checked, "there are no cells to check"
    if failing:
        failing.insert(0, f"{len(failing)} of {checked} cells fail:")
        pytest.fail("\n".join(failing), pytrace=False)


def _name(cell: tuple[object, ...]) -> str:
    """Return what a cell is of, such as "Admit, filed, mediator"."""
    return ", ".join(getattr(part, "__name__", str(part)) for part in cell)


def _message(error: Exception) -> str:
    """Return an assertion's message, or an error's with its kind, as one line."""
    message = " ".join(str(error).split())
    if isinstance(error, AssertionError):
        return message
    return f"{type(error).__name__} {message}"
