"""Mapping files: which column is which field, which value is which code.

A mapping lists the events that a row may state, in order, as `facts`. Each says its
type, who did it and when, under which conditions the row states it at all, and where
its fields come from.
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

IMPORTABLE = tuple(name for name in EVENTS if name != "subject-erased")
"""What can be imported; an erasure is true only where a key was destroyed."""

Columns = str | tuple[str, ...]
"""A column's name, or its names in several layouts of the source."""


class MappingError(OperatorError):
    """A mapping is wrong, or does not fit the file; the message names every mistake."""


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a mapping file; an unknown key in it is a mistake."""


class FieldRule(Strict, frozen=True, kw_only=True):
    """Where a field's value comes from.

    `value` is the value itself; `column` is the column to read it from, and `absent`
    are values there that mean that the source does not say. `codes` is the table that
    translates it, and `take` picks one of several codes of an entry. A value without an
    entry becomes `default`; without a default, the row is rejected. `money` is the
    currency of a decimal amount, `format` the strptime format of a time.
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
    """When an event happened: a column and its strptime format, in the file's zone.

    `not_before`: the source does not say; the column has the last time before the
    event.
    """

    column: Columns
    format: str
    not_before: bool = False


class Condition(Strict, frozen=True, kw_only=True):
    """A condition on a column's value: among these, if any, and not among those."""

    column: Columns
    among: tuple[str, ...] = ()
    not_among: tuple[str, ...] = ()


class EventRule(Strict, frozen=True, kw_only=True):
    """An event that a row may state."""

    type: str
    actor: Role
    at: TimeRule
    when: tuple[Condition, ...] = ()
    fields: Mapping[str, FieldRule] = {}


class FileMapping(Strict, frozen=True, kw_only=True):
    """How one kind of file is read. `id` is the column that identifies a record."""

    system: str
    id: Columns
    zone: str
    facts: tuple[EventRule, ...]
    platform: str | None = None
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    codes: Mapping[str, Mapping[str, Any]] = {}

    @property
    def of_platform(self) -> str:
        """Return the platform that the imported cases are on."""
        return self.platform or self.system


def shipped() -> tuple[str, ...]:
    """Return the names of the mappings that ship with Redress."""
    folder = files("application.imports").joinpath("mappings")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


def text_of(name_or_path: str) -> str:
    """Read a mapping by its name, if it ships, or by its path. Raises MappingError."""
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
