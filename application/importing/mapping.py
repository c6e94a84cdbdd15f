"""Mapping files: which column is which field, which value is which code.

A mapping lists the facts that a row states, in order. Each says its type, who did it,
when, under which conditions the row states it at all, and its fields.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct

from application.explained import Explained
from domain.codes import Codes
from domain.events.any import DisputeEvent
from domain.events.event import Event
from domain.roles import Role

EVENTS: Mapping[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(DisputeEvent)
}

Columns = str | tuple[str, ...]
"""A column's name, or its names in the layouts that the source has used."""


class MappingError(Explained):
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
    folder = files("application.importing").joinpath("mappings")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


def text_of(name_or_path: str) -> str:
    """Read a mapping that ships, by its name, or one in a file. Raises MappingError."""
    if name_or_path in shipped():
        folder = files("application.importing").joinpath("mappings")
        return folder.joinpath(f"{name_or_path}.toml").read_text("utf-8")
    try:
        return Path(name_or_path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(shipped())
        raise MappingError(
            f"mapping {name_or_path}: {error}; these ship: {known}"
        ) from None


def load(text: str, codes: Codes) -> FileMapping:
    """Read a mapping. Raises MappingError naming every mistake found."""
    try:
        mapping = msgspec.convert(tomllib.loads(text), FileMapping)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise MappingError(f"mapping: {error}") from None
    if mistakes := tuple(_mistakes(mapping, codes)):
        raise MappingError("mapping: " + "; ".join(mistakes))
    return mapping


def _mistakes(mapping: FileMapping, codes: Codes) -> Iterator[str]:
    if not mapping.system:
        yield "system: is required"
    if len(mapping.delimiter) != 1:
        yield f"delimiter: {mapping.delimiter!r} is not one character"
    try:
        ZoneInfo(mapping.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"zone: {mapping.zone!r} is not a time zone"
    try:
        "".encode(mapping.encoding)
    except LookupError:
        yield f"encoding: {mapping.encoding!r} is not one"
    if not mapping.facts or mapping.facts[0].type != "filed":
        yield "facts: the first has to be of type 'filed'"
    for number, fact in enumerate(mapping.facts):
        at = f"facts[{number}]"
        if fact.type not in EVENTS:
            yield f"{at}.type: {fact.type!r} is none of {', '.join(EVENTS)}"
        else:
            yield from _field_mistakes(at, fact, mapping, codes)


def _field_mistakes(
    at: str, fact: FactRule, mapping: FileMapping, codes: Codes
) -> Iterator[str]:
    kind = EVENTS[fact.type]
    given = {name.partition(".")[0] for name in fact.fields}
    for field in msgspec.structs.fields(kind):
        by_us = field.encode_name == "platform"
        if field.required and field.encode_name not in given and not by_us:
            yield f"{at}.fields.{field.encode_name}: {fact.type} requires it"
    for name, rule in fact.fields.items():
        place = f"{at}.fields.{name}"
        if name.partition(".")[0] not in kind.__struct_fields__:
            yield f"{place}: {fact.type} has no such field"
        if (rule.value is None) == (rule.column is None):
            yield f"{place}: needs either value or column"
        if rule.codes is not None and rule.codes not in mapping.codes:
            yield f"{place}.codes: there is no table {rule.codes!r}"
        else:
            yield from _code_mistakes(place, name, rule, mapping, codes)


def _code_mistakes(
    place: str, name: str, rule: FieldRule, mapping: FileMapping, codes: Codes
) -> Iterator[str]:
    """Check that what a field can become are codes that there are."""
    known = allowed(name, codes)
    if known is None:
        return
    table = mapping.codes.get(rule.codes or "", {}).values()
    targets = (one.get(rule.take) if isinstance(one, dict) else one for one in table)
    for target in (rule.value, rule.default, *targets):
        if target is not None and target not in known:
            yield f"{place}: {target!r} is none of {', '.join(sorted(known))}"


def allowed(name: str, codes: Codes) -> frozenset[str] | None:
    """Return the codes that a field may hold, None if it holds no code."""
    reasons = (code for one in codes.categories.values() for code in one.reasons)
    tables = {
        "category": codes.categories,
        "reason": reasons,
        "position": codes.positions,
        "ground": codes.grounds,
        "liability": codes.liabilities,
        "claim.kind": codes.remedies,
    }
    if name == "channel":
        return frozenset(codes.channels)
    return frozenset(tables[name]) if name in tables else None
