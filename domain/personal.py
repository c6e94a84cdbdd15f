"""Which fields may hold personal data, said in the type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import (
    Annotated,
    Any,
    TypeAlias,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from msgspec import Struct
from msgspec.structs import replace

T = TypeVar("T")
S = TypeVar("S", bound=Struct)


class PersonalData:
    """Marks a text that is stored encrypted under its data subject's key."""


Personal: TypeAlias = Annotated[T, PersonalData]


def map_personal(record: S, change: Callable[[str, str], str], path: str = "") -> S:
    """Return `record` with each personal text replaced by `change(path, text)`.

    Paths are dotted (`reasons.0.finding`). Absent texts (None) stay absent.
    """
    updates: dict[str, Any] = {}
    for name, is_marked in _fields(type(record)):
        value = getattr(record, name)
        here = f"{path}{name}"
        if is_marked and value is not None:
            updates[name] = change(here, value)
        elif isinstance(value, Struct):
            updates[name] = map_personal(value, change, f"{here}.")
        elif isinstance(value, tuple):
            updates[name] = tuple(
                map_personal(item, change, f"{here}.{number}.")
                for number, item in enumerate(value)
            )
    return replace(record, **updates) if updates else record


def has_personal(record: Struct) -> bool:
    """Tell whether a record holds any personal text."""
    found: list[str] = []

    def note(path: str, text: str) -> str:
        found.append(path)
        return text

    map_personal(record, note)
    return bool(found)


def holds_personal(kind: type[Struct]) -> bool:
    """Tell whether a record of this kind can hold personal data at all."""
    return bool(_fields(kind))


# Every event passes here when it is written and when it is read; resolving type hints
# takes far longer than visiting the fields.
@cache
def _fields(kind: type[Struct]) -> tuple[tuple[str, bool], ...]:
    """List the fields to visit: (name, is personal itself)."""
    return tuple(
        (name, marked)
        for name, hint in get_type_hints(kind, include_extras=True).items()
        if name in kind.__struct_fields__
        and ((marked := is_personal(hint)) or _leads_to_personal(hint))
    )


def is_personal(hint: Any) -> bool:
    """Tell whether a field with this type hint is itself a personal text."""
    return any(
        PersonalData in part.__metadata__
        for part in _parts(hint)
        if get_origin(part) is Annotated
    )


def _leads_to_personal(hint: Any) -> bool:
    return any(
        isinstance(part, type) and issubclass(part, Struct) and holds_personal(part)
        for part in _parts(hint)
    )


def _parts(hint: Any) -> Iterator[Any]:
    """Yield a type and everything it is made of, unions and tuples opened."""
    yield hint
    # What is marked is a text itself: there is nothing below it to visit.
    if get_origin(hint) is not Annotated:
        for part in get_args(hint):
            yield from _parts(part)
