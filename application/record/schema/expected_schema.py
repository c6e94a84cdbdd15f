"""What a schema has to be: the listings that ship with the program, and differences.

The database is judged by these files and not by what it says of itself. Whoever changes
the schema writes them anew: `LISTING=write pytest tests/store/test_expected_schema.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files

MOST_SHOWN = 120
"""Characters of a definition that a message shows."""

_WORST_FIRST = (
    "table",
    "policy",
    "rule",
    "function",
    "trigger",
    "role",
    "constraint",
    "foreign key",
)
"""A message names few of many differences: those that change what all others mean."""

_STATES = ("always", "disabled", "not always on", "on replicas only")


def shipped(package: str, name: str) -> tuple[str, ...]:
    """Return the lines of a package's listing."""
    text = files(package).joinpath(f"{name}.listing").read_text("utf-8")
    return tuple(text.splitlines())


def in_words(expected: Iterable[str], present: Iterable[str]) -> Iterator[str]:
    """Yield a line for each difference, the worst first, then in the order of names.

    A function with another body is one difference, not a missing function and an
    unexpected one.
    """
    there, wanted = set(present), set(expected)
    missing = dict(map(_parts, sorted(wanted - there)))
    unexpected = dict(map(_parts, sorted(there - wanted)))
    for name in sorted({*missing, *unexpected}, key=_order):
        if name not in unexpected:
            yield f"missing {name}"
        elif name not in missing:
            yield _unexpected(name, unexpected[name])
        else:
            yield _changed(name, missing[name], unexpected[name])


def _order(name: str) -> tuple[int, str]:
    ranks = (rank for rank, kind in enumerate(_WORST_FIRST) if name.startswith(kind))
    return next(ranks, len(_WORST_FIRST)), name


def _parts(line: str) -> tuple[str, str]:
    name, _, definition = line.partition(":")
    return name, definition.strip()


def _unexpected(name: str, definition: str) -> str:
    if name.startswith("foreign key "):
        return f"{name} is {definition}"
    return f"unexpected {name}{': ' + _short(definition) if definition else ''}"


def _changed(name: str, expected: str, got: str) -> str:
    if name.startswith("trigger "):
        state = next(one for one in _STATES if got.startswith(one))
        if got.removeprefix(state) == expected.removeprefix("always"):
            return f"{name} is {state}"
    if name.startswith("function "):
        return f"{name} was replaced"
    return f"{name} is {_short(got)}, not {_short(expected)}"


def _short(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
