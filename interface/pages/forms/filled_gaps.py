"""What could stand where a form says nothing, or nothing that can be read.

The rules of a case are held against a form with such values in its faulty places: a
rule that is broken whatever stands there is broken by the rest of the form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import product
from math import prod
from typing import Any

from domain.money import LARGEST
from domain.refusals import Problem
from interface.api.responses.case_parts import Field

MOST_FORMS = 200
"""So many forms are tried; with more faults than that takes, the rules come later."""

UNKNOWN = ("x",)
"""What stands for a text of which no codes are known."""

_VALUES: Mapping[str, tuple[Any, ...]] = {
    "boolean": (True, False),
    "number": (0, LARGEST),
    "datetime": ("1970-01-01T00:00:00Z", "2200-01-01T00:00:00Z"),
    "decimal": ("0", str(LARGEST)),
    "array": ([],),
    "string": UNKNOWN,
}
_MOST_WHOLE = 1_000_000

Gaps = dict[str, tuple[Any, ...]]
"""What could stand at each faulty place, by its JSON pointer."""


def values_at(fields: tuple[Field, ...], pointer: str) -> tuple[Any, ...]:
    """Return what could stand at a place of a body; nothing if none is known.

    Of numbers and times it is the least and the most: rules are about limits.
    """
    found, is_item = None, False
    for step in _steps(pointer):
        is_item = isinstance(step, int)
        if not is_item:
            found = next((one for one in fields if one.name == step), None)
            if found is None:
                return ()
            fields = found.fields
    if found is None:
        return ()
    kind = found.items if is_item else found.type
    if found.codes and kind != "array":
        return found.codes
    if kind == "integer":
        most = found.max if isinstance(found.max, int) else _MOST_WHOLE
        return found.min or 0, most
    return _VALUES.get(kind or "", ())


def filled_in(sent: Mapping[str, Any], gaps: Gaps) -> list[dict[str, Any]]:
    """Return a body once for each way to fill its gaps; none if there are too many."""
    if prod(map(len, gaps.values())) > MOST_FORMS:
        return []
    return [
        with_values(sent, dict(zip(gaps, values, strict=True)))
        for values in product(*gaps.values())
    ]


def with_values(sent: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body with other values at some places."""
    body: dict[str, Any] = deepcopy(dict(sent))
    for pointer, value in values.items():
        inside: Any = body
        *above, last = _steps(pointer)
        for step in above:
            is_there = isinstance(step, int) or step in inside
            inside = inside[step] if is_there else inside.setdefault(step, {})
        inside[last] = value
    return body


def broken_in_all(
    found: Sequence[tuple[Problem, ...]], gaps: Gaps
) -> tuple[Problem, ...]:
    """Return the problems that each way to fill the gaps has, but those of gaps."""
    first, *others = found or [()]
    return tuple(
        one
        for one in first
        if all(one in other for other in others)
        and not any(f"{one.pointer}/".startswith(f"{gap}/") for gap in gaps)
    )


def _steps(pointer: str) -> list[int | str]:
    steps = pointer.removeprefix("/").split("/")
    return [int(one) if one.isdecimal() else one for one in steps]
