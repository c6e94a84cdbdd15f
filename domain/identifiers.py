"""Which fields tell who somebody is, or which order it is, said in the type.

The platform knows its people by pseudonyms, and the record needs them. Who gets a copy
of the record gets other ones in their place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeAlias, TypeVar

from msgspec import Struct

from domain.field_marks import map_marked

T = TypeVar("T")
S = TypeVar("S", bound=Struct)


class Identifying:
    """Marks the id or the name of a person, a shop or an order."""


Identifier: TypeAlias = Annotated[T, Identifying]


def map_identifiers(record: S, change: Callable[[str], str]) -> S:
    """Return `record` with each identifier replaced by `change(identifier)`."""
    return map_marked(record, Identifying, lambda _, text: change(text))
