"""Reads rules from data into strict Structs, and names every mistake, not the first.

msgspec alone stops at the first one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Struct

T = TypeVar("T", bound=Struct)


class Mistaken(ValueError):
    """A file of rules is wrong; `mistakes` names each place and what is wrong there."""

    def __init__(self, *mistakes: str) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(mistakes))


class Mistakes:
    """Mistakes as they are found, each with its place ("limits.response")."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, at: str, wrong: str) -> None:
        """Note what is wrong at a place."""
        self.found.append(f"{at}: {wrong}" if at else wrong)

    def refuse(self) -> None:
        """Raise Mistaken if anything was found."""
        if self.found:
            raise Mistaken(*self.found)


Parser: TypeAlias = Callable[[Any, str, Mistakes], Any]
"""Reads the value found at a place; returns None where it noted a mistake."""


def parsed(text: str) -> dict[str, Any]:
    """Parse TOML. Raises Mistaken."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # No cause is chained: the message says where, and a trace shows nothing more.
        raise Mistaken(f"not TOML: {error}") from None


def load(text: str, kind: type[T]) -> T:
    """Read TOML into a Struct. Raises Mistaken."""
    mistakes = Mistakes()
    read = struct(parsed(text), kind, "", mistakes)
    if read is None:
        raise Mistaken(*mistakes.found)
    return read


def fields(
    raw: Any,
    kind: type[Struct],
    at: str,
    mistakes: Mistakes,
    parsers: Mapping[str, Parser] | None = None,
) -> dict[str, Any]:
    """Read a table field by field; return the fields that are right.

    A field is read by its parser, by `struct` if it is one, or else by msgspec.
    """
    raw = table(raw, at, mistakes)
    known, hints = _known(kind)
    for name in raw.keys() - known.keys():
        mistakes.add(place(at, name), "unknown")
    values = {}
    for name, field in known.items():
        if name in raw:
            parser = (parsers or {}).get(name) or _parser(hints[name])
            values[name] = parser(raw[name], place(at, name), mistakes)
        elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
            mistakes.add(place(at, name), "missing")
    return {name: value for name, value in values.items() if value is not None}


@cache
def _known(
    kind: type[Struct],
) -> tuple[Mapping[str, msgspec.structs.FieldInfo], Mapping[str, Any]]:
    """Return the fields of a Struct by name, and their types.

    Once for each: to evaluate annotations takes longer than to read a table.
    """
    known = {field.name: field for field in msgspec.structs.fields(kind)}
    return known, get_type_hints(kind, include_extras=True)


def struct(raw: Any, kind: type[T], at: str, mistakes: Mistakes) -> T | None:
    """Read a table into a Struct; None after any mistake in it."""
    before = len(mistakes.found)
    values = fields(raw, kind, at, mistakes)
    return kind(**values) if len(mistakes.found) == before else None


def table(raw: Any, at: str, mistakes: Mistakes) -> dict[str, Any]:
    """Return a table; an empty one, and a note, if it is something else."""
    if isinstance(raw, dict):
        return raw
    mistakes.add(at, "not a table")
    return {}


def place(at: str, name: str) -> str:
    """Return the place of a key in a table."""
    return f"{at}.{name}" if at else name


def _parser(hint: Any) -> Parser:
    if isinstance(hint, type) and issubclass(hint, Struct):
        return lambda raw, at, mistakes: struct(raw, hint, at, mistakes)
    inside = [one for one in get_args(hint) if one is not Ellipsis]
    if any(isinstance(one, type) and issubclass(one, Struct) for one in inside):
        read = _parser(inside[-1])
        if get_origin(hint) is tuple:
            return lambda raw, at, mistakes: _each(raw, read, at, mistakes)
        if get_origin(hint) is Mapping:
            return lambda raw, at, mistakes: _each_named(raw, read, at, mistakes)
    return lambda raw, at, mistakes: _converted(raw, hint, at, mistakes)


def _each(
    raw: Any, read: Parser, at: str, mistakes: Mistakes
) -> tuple[Any, ...] | None:
    if not isinstance(raw, list):
        mistakes.add(at, "not a list")
        return None
    return tuple(read(one, f"{at}[{n}]", mistakes) for n, one in enumerate(raw))


def _each_named(raw: Any, read: Parser, at: str, mistakes: Mistakes) -> dict[str, Any]:
    found = table(raw, at, mistakes)
    return {name: read(one, place(at, name), mistakes) for name, one in found.items()}


def _converted(raw: Any, hint: Any, at: str, mistakes: Mistakes) -> Any:
    try:
        return msgspec.convert(raw, hint)
    except msgspec.ValidationError as error:
        mistakes.add(at, str(error))
        return None
