"""Which fields may hold personal data, said in the type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias, TypeVar

from msgspec import Struct

from domain.field_marks import holds_marked, is_marked, map_marked

T = TypeVar("T")
S = TypeVar("S", bound=Struct)


class PersonalData:
    """Marks a text that is stored encrypted under its data subject's key."""


Personal: TypeAlias = Annotated[T, PersonalData]


def map_personal(record: S, change: Callable[[str, str], str], path: str = "") -> S:
    """Return `record` with each personal text replaced by `change(path, text)`.

    Paths are dotted (`reasons.0.finding`). Absent texts (None) stay absent.
    """
    return map_marked(record, PersonalData, change, path)


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
    return holds_marked(kind, PersonalData)


def is_personal(hint: Any) -> bool:
    """Tell whether a field with this type hint is itself a personal text."""
    return is_marked(hint, PersonalData)
