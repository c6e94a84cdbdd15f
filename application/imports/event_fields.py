"""The fields of events: their types, by dotted names, and those that are missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import Struct


class NoSuchField(LookupError):
    """The kind of event has no field of that name."""


def type_of(kind: type[Struct], name: str) -> Any:
    """Return the type of a field, without None. Raises NoSuchField."""
    first, dot, rest = name.partition(".")
    found = _fields(kind).get(first)
    if found is None:
        raise NoSuchField(name)
    plain = _plain(found.type)
    if not dot:
        return plain
    if not (isinstance(plain, type) and issubclass(plain, Struct)):
        raise NoSuchField(name)
    return type_of(plain, rest)


def item_of(hint: Any) -> Any:
    """Return the type of a list's items; None if the type is no list."""
    if get_origin(hint) is tuple:
        return _plain(get_args(hint)[0])
    return None


def struct_with(kind: type[Struct], name: str) -> tuple[type[Struct], str]:
    """Return the Struct that has a field of a dotted name, and its name there.

    Raises NoSuchField.
    """
    *parts, last = name.split(".")
    for part in parts:
        inner = type_of(kind, part)
        if not (isinstance(inner, type) and issubclass(inner, Struct)):
            raise NoSuchField(name)
        kind = inner
    return kind, last


def missing(kind: type[Struct], given: Iterable[str]) -> tuple[str, ...]:
    """Return the required fields, also those of parts, that are not in `given`."""
    # A name without a dot leaves an empty rest: that field is given with all its parts.
    parts: dict[str, list[str]] = {}
    for name in given:
        first, _, rest = name.partition(".")
        parts.setdefault(first, []).append(rest)
    lacking = []
    for name, field in _fields(kind).items():
        if name not in parts:
            lacking += [name] if field.required else []
        elif "" not in parts[name]:
            part = _plain(field.type)
            if isinstance(part, type) and issubclass(part, Struct):
                lacking += [f"{name}.{one}" for one in missing(part, parts[name])]
    return tuple(lacking)


# Asked for each cell of a table; to evaluate annotations takes far longer.
@cache
def _fields(kind: type[Struct]) -> Mapping[str, msgspec.structs.FieldInfo]:
    return {one.encode_name: one for one in msgspec.structs.fields(kind)}


def _plain(hint: Any) -> Any:
    """Return a type without its annotations and without None."""
    if get_origin(hint) is Annotated:
        return _plain(get_args(hint)[0])
    if get_origin(hint) in {Union, UnionType}:
        kinds = [_plain(one) for one in get_args(hint) if one is not NoneType]
        return kinds[0] if len(kinds) == 1 else hint
    return hint
