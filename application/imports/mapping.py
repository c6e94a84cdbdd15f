"""Mapping files: which column is which field, which value is which code.

A mapping lists the facts that a row states, in order. Each says its type, who did it,
when, under which conditions the row states it at all, and its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from msgspec import Struct

from application.operator_error import OperatorError
from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.roles import Role

EVENTS: Mapping[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(DisputeEvent)
}

TELLABLE = tuple(name for name in EVENTS if name != "subject-erased")
"""What a source may tell; an erasure is true only where a key was destroyed."""

Columns = str | tuple[str, ...]
"""A column's name, or its names in the layouts that the source has used."""


class MappingError(OperatorError):
    """A mapping file is wrong; every mistake is named."""


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a mapping file."""


class FieldRule(Strict, frozen=True, kw_only=True):
    """Where a field's value comes from.

    `value` states it outright. `column` reads it; `absent` are values that mean that
    the source does not say. `codes` translates it by a table, in which `take` picks one
    of several; a value that is not in the table becomes `default`, or else the row is
    rejected. `money` reads a decimal amount in a currency, `format` a time.
    """

    value: Any = None
    column: Columns | None = None
    absent: tuple[str, ...] = ()
    codes: str | None = None
    take: str | None = None
    default: str | None = None
    money: str | None = None
    format: str | None = None


class TimeRule(Strict, frozen=True, kw_only=True):
    """When a fact happened: a column and its strptime format, in the file's zone.

    `not_before`: the source does not say; the column is the last time before it.
    """

    column: Columns
    format: str
    not_before: bool = False


class Condition(Strict, frozen=True, kw_only=True):
    """A row states a fact only if a column is one of these values, or none of those."""

    column: Columns
    among: tuple[str, ...] = ()
    not_among: tuple[str, ...] = ()


class FactRule(Strict, frozen=True, kw_only=True):
    """A fact that a row may state."""

    type: str
    actor: Role
    at: TimeRule
    when: tuple[Condition, ...] = ()
    fields: Mapping[str, FieldRule] = {}


class FileMapping(Strict, frozen=True, kw_only=True):
    """How one kind of file is read. `id` is the column that names the record."""

    system: str
    id: Columns
    zone: str
    facts: tuple[FactRule, ...]
    platform: str | None = None
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    codes: Mapping[str, Mapping[str, Any]] = {}

    @property
    def of_platform(self) -> str:
        """Return the platform whose cases these become."""
        return self.platform or self.system


def shipped() -> tuple[str, ...]:
    """Name the mappings that ship."""
    folder = files("application.imports").joinpath("mappings")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


def text_of(name_or_path: str) -> str:
    """Read a mapping that ships, by its name, or one in a file. Raises MappingError."""
    if name_or_path in shipped():
        folder = files("application.imports").joinpath("mappings")
        return folder.joinpath(f"{name_or_path}.toml").read_text("utf-8")
    try:
        return Path(name_or_path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(shipped())
        raise MappingError(
            f"mapping {name_or_path}: {error}; these ship: {known}"
        ) from None
