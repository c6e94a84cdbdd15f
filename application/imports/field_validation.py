"""Finds every mistake in the fields of a mapping: in names, tables, codes and types."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from application.decode_errors import shape_words
from application.imports.event_fields import NoSuchField, missing, type_of
from application.imports.mapping import EVENTS, EventRule, FieldRule, FileMapping
from application.imports.time_formats import time_mistake
from domain import money
from domain.policy.codes import Codes


def field_mistakes(
    at: str, event: EventRule, mapping: FileMapping, codes: Codes
) -> Iterator[str]:
    """Yield each mistake in the fields of an event."""
    kind = EVENTS[event.type]
    for name in missing(kind, event.fields):
        # The mapping itself says the platform, once for all of its cases.
        if name != "platform":
            yield f"{at}.{name}: {event.type} requires it"
    for name, rule in event.fields.items():
        place = f"{at}.{name}"
        yield from _source_mistakes(place, rule)
        if any(other.startswith(f"{name}.") for other in event.fields):
            yield f"{place}: is given both whole and in parts"
        try:
            holds = type_of(kind, name)
        except NoSuchField:
            yield f"{place}: {event.type} has no such field"
            continue
        yield from _reading_mistakes(place, rule, holds)
        yield from _table_mistakes(place, rule, mapping)
        for target in _targets(rule, mapping):
            if mistake := _target_mistake(name, target, holds, codes):
                yield f"{place}: {mistake}"


def _source_mistakes(place: str, rule: FieldRule) -> Iterator[str]:
    """Yield each mistake in where a value comes from: it has to be said, and once."""
    if (rule.value is None) == (rule.column is None):
        yield f"{place}: needs either value or column"
    of_column = {"codes": rule.codes, "money": rule.money, "format": rule.format}
    given = [name for name, value in of_column.items() if value is not None]
    if len(given) > 1:
        yield f"{place}: {' and '.join(given)} do not go together"
    if given and rule.value is not None:
        yield f"{place}.{given[0]}: goes with column, not with value"
    if rule.take is not None and rule.codes is None:
        yield f"{place}.take: goes with codes"


def _reading_mistakes(place: str, rule: FieldRule, holds: Any) -> Iterator[str]:
    """Yield each reason why a cell cannot become what the field holds."""
    if rule.money is not None:
        try:
            money.parse("1", rule.money)
        except ValueError:
            yield f"{place}.money: {rule.money!r} is not a currency code such as CNY"
        if holds is not money.Money:
            yield f"{place}.money: the field holds no amount"
    if rule.format is not None:
        if mistake := time_mistake(rule.format):
            yield f"{place}.format: {mistake}"
        if holds is not datetime:
            yield f"{place}.format: the field holds no time"
    is_struct = isinstance(holds, type) and issubclass(holds, Struct)
    plain = rule.column is not None and rule.money is rule.codes is None
    if plain and is_struct:
        yield f"{place}: has parts; name them, or say money"


def _table_mistakes(place: str, rule: FieldRule, mapping: FileMapping) -> Iterator[str]:
    """Yield each mistake in `codes` and `take`.

    `codes` has to name a table, and `take` a value that each of the table's rows has.
    """
    if rule.codes is None:
        return
    table = mapping.codes.get(rule.codes)
    if table is None:
        yield f"{place}.codes: there is no table {rule.codes!r}"
        return
    for code, target in table.items():
        row = f"codes.{rule.codes}.{code}"
        if isinstance(target, dict) and rule.take is None:
            yield f"{place}: {row} has several values, and take picks none"
        elif isinstance(target, dict) and rule.take not in target:
            yield f"{place}.take: {row} has no {rule.take!r}"
        elif not isinstance(target, dict) and rule.take is not None:
            yield f"{place}.take: {row} has one value only"


def _targets(rule: FieldRule, mapping: FileMapping) -> Iterator[Any]:
    """Yield each value that the mapping itself gives a field, without repetition."""
    table = mapping.codes.get(rule.codes or "", {}).values()
    taken = [one.get(rule.take) if isinstance(one, dict) else one for one in table]
    seen: list[Any] = []
    for target in (rule.value, rule.default, *taken):
        if target is not None and target not in seen:
            seen.append(target)
            yield target


def _target_mistake(name: str, target: Any, holds: Any, codes: Codes) -> str | None:
    known = allowed(name, codes)
    if known is None and isinstance(holds, type) and issubclass(holds, StrEnum):
        known = frozenset(holds)
    if known is not None and target not in known:
        return f"{target!r} is none of {', '.join(sorted(known))}"
    if "\0" in str(target):
        return f"{target!r} holds a NUL"
    try:
        msgspec.convert(target, holds, strict=False)
    except msgspec.ValidationError as error:
        return f"{target!r}: {shape_words(str(error))}"
    return None


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
