"""Marks on fields, said in the type: which fields a mark is on, and changing them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from msgspec import Struct
from msgspec.structs import replace

S = TypeVar("S", bound=Struct)


def map_marked(
    record: S, mark: type, change: Callable[[str, str], str], path: str = ""
) -> S:
    """Return `record` with each marked text replaced by `change(path, text)`.

    Paths are dotted (`reasons.0.finding`). Absent texts (None) stay absent.
    """
    updates: dict[str, Any] = {}
    for name, is_marked in _fields(type(record), mark):
        value = getattr(record, name)
        here = f"{path}{name}"
        if is_marked and value is not None:
            updates[name] = change(here, value)
        elif isinstance(value, Struct):
            updates[name] = map_marked(value, mark, change, f"{here}.")
        elif isinstance(value, tuple):
            updates[name] = tuple(
                map_marked(item, mark, change, f"{here}.{number}.")
                for number, item in enumerate(value)
            )
    return replace(record, **updates) if updates else record


def holds_marked(kind: type[Struct], mark: type) -> bool:
    """Tell whether a record of this kind can hold a marked text at all."""
    return bool(_fields(kind, mark))


# Every event passes here when it is written and when it is read; resolving type hints
# takes far longer than visiting the fields.
@cache
def _fields(kind: type[Struct], mark: type) -> tuple[tuple[str, bool], ...]:
    """List the fields to visit: (name, is marked itself)."""
    return tuple(
        (name, marked)
        for name, hint in get_type_hints(kind, include_extras=True).items()
        if name in kind.__struct_fields__
        and ((marked := is_marked(hint, mark)) or _leads_to_marked(hint, mark))
    )


def is_marked(hint: Any, mark: type) -> bool:
    """Tell whether a field with this type hint is itself marked."""
    return any(
        mark in part.__metadata__
        for part in _parts(hint)
        if get_origin(part) is Annotated
    )


def _leads_to_marked(hint: Any, mark: type) -> bool:
    return any(
        isinstance(part, type) and issubclass(part, Struct) and holds_marked(part, mark)
        for part in _parts(hint)
    )


def _parts(hint: Any) -> Iterator[Any]:
    """Yield a type and everything it is made of, unions and tuples opened."""
    yield hint
    # What is marked is a text itself: there is nothing below it to visit.
    if get_origin(hint) is not Annotated:
        for part in get_args(hint):
            yield from _parts(part)
