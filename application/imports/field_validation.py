"""Finds every mistake in the fields of a mapping: in names, tables, codes and types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from application.decode_errors import shape_words
from application.imports.event_fields import (
    NoSuchField,
    item_of,
    missing,
    struct_with,
    type_of,
)
from application.imports.mapping import (
    EVENTS,
    CurrencyColumn,
    EventRule,
    FieldRule,
    FileMapping,
)
from application.imports.row_to_events import EVIDENCE, NUMBERED, OF_FILES
from application.imports.time_formats import time_mistake
from domain import money
from domain.case.coded_fields import codes_of
from domain.filing.events import Filed
from domain.policy.codes import Codes


class FieldValidation:
    """Checks the fields of events against the types of the events."""

    def __init__(self, mapping: FileMapping, codes: Codes) -> None:
        self._mapping = mapping
        self._codes = codes

    def mistakes(self, at: str, event: EventRule) -> Iterator[str]:
        """Yield each mistake in the fields of an event."""
        # The mapping itself says the platform, once for all of its cases, and events
        # of a case are counted.
        ours = {"platform"} | ({"number"} if event.type in NUMBERED else set())
        # A file says these of itself; without it, nobody knows them.
        if event.type == EVIDENCE:
            ours |= OF_FILES
            for name in sorted(OF_FILES & event.fields.keys() if event.file else ()):
                yield f"{at}.{name}: is read from the file"
        yield from self._of_fields(at, event.fields, EVENTS[event.type], ours)

    def _of_fields(
        self,
        at: str,
        fields: Mapping[str, FieldRule],
        kind: type[Struct],
        ours: set[str],
    ) -> Iterator[str]:
        told = str(kind.__struct_config__.tag or kind.__name__.lower())
        for name in missing(kind, fields):
            if name not in ours:
                yield f"{at}.{name}: {told} requires it"
        for name, rule in fields.items():
            place = f"{at}.{name}"
            yield from source_mistakes(place, rule)
            if kind is Filed and name == "policy":
                yield f"{place}: imported cases are under no policy of ours"
            if any(other.startswith(f"{name}.") for other in fields):
                yield f"{place}: is given both whole and in parts"
            try:
                inside, last = struct_with(kind, name)
                holds = type_of(kind, name)
            except NoSuchField:
                yield f"{place}: {told} has no such field"
                continue
            yield from self._of_field(place, rule, inside, last, holds)

    def _of_field(
        self, place: str, rule: FieldRule, kind: type[Struct], name: str, holds: Any
    ) -> Iterator[str]:
        if kind is money.Money:
            whole = place.rsplit(".", 1)[0]
            yield f"{place}: amount and currency are read together; say {whole}.money"
            return
        inner = item_of(holds)
        if rule.each is not None:
            if not (isinstance(inner, type) and issubclass(inner, Struct)):
                yield f"{place}.each: the field holds no list of tables"
                return
            yield from self._of_fields(f"{place}.fields", rule.fields, inner, set())
            return
        if rule.split is not None and inner is None:
            yield f"{place}.split: the field holds no list"
        yield from _reading_mistakes(place, rule, inner or holds)
        yield from self._table_mistakes(place, rule)
        yield from self._money_mistakes(place, rule)
        known = codes_of(kind, name, self._codes)
        for target in self._targets(rule):
            if mistake := _target_mistake(target, known, inner or holds, holds):
                yield f"{place}: {mistake}"

    def _money_mistakes(self, place: str, rule: FieldRule) -> Iterator[str]:
        """Yield each mistake in where a currency comes from."""
        given = rule.money
        if given is None:
            return
        if isinstance(given, CurrencyColumn):
            table = self._mapping.codes.get(given.codes or "", {})
            if given.codes is not None and not table:
                yield f"{place}.money.codes: there is no table {given.codes!r}"
            codes = [*table.values(), given.default]
        else:
            codes = [given]
        for code in codes:
            if code is not None and not _is_currency(code):
                yield f"{place}.money: {code!r} is not a currency code such as CNY"

    def _table_mistakes(self, place: str, rule: FieldRule) -> Iterator[str]:
        """Yield each mistake in `codes` and `take`.

        `codes` has to name a table, and `take` a value that each of its rows has.
        """
        if rule.codes is None:
            return
        table = self._mapping.codes.get(rule.codes)
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

    def _targets(self, rule: FieldRule) -> Iterator[Any]:
        """Yield each value that the mapping itself gives a field, once."""
        table = self._mapping.codes.get(rule.codes or "", {}).values()
        taken = [one.get(rule.take) if isinstance(one, dict) else one for one in table]
        seen: list[Any] = []
        for target in (rule.value, rule.default, *taken):
            if target is not None and target not in seen:
                seen.append(target)
                yield target


def source_mistakes(place: str, rule: FieldRule) -> Iterator[str]:
    """Yield each mistake in where a value comes from: it has to be said, and once."""
    sources = {"value": rule.value, "column": rule.column, "each": rule.each}
    if sum(one is not None for one in sources.values()) != 1:
        yield f"{place}: needs either value or column or each"
    if (rule.each is None) != (not rule.fields):
        yield f"{place}: each and fields go together"
    of_column = {"codes": rule.codes, "money": rule.money, "format": rule.format}
    given = [name for name, value in of_column.items() if value is not None]
    if len(given) > 1:
        yield f"{place}: {' and '.join(given)} do not go together"
    if given and rule.column is None and rule.value is not None:
        yield f"{place}.{given[0]}: goes with column, not with value"
    if rule.take is not None and rule.codes is None:
        yield f"{place}.take: goes with codes"


def _reading_mistakes(place: str, rule: FieldRule, holds: Any) -> Iterator[str]:
    """Yield each reason why a cell cannot become what the field holds."""
    if rule.money is not None and holds is not money.Money:
        yield f"{place}.money: the field holds no amount"
    forms = (rule.format,) if isinstance(rule.format, str) else rule.format or ()
    for form in forms:
        if mistake := time_mistake(form):
            yield f"{place}.format: {mistake}"
    if rule.format is not None and holds is not datetime:
        yield f"{place}.format: the field holds no time"
    if rule.format is None and rule.column is not None and holds is datetime:
        yield f"{place}: holds a time; say its format"
    is_struct = isinstance(holds, type) and issubclass(holds, Struct)
    plain = rule.column is not None and rule.money is rule.codes is None
    if plain and is_struct:
        yield f"{place}: has parts; name them, or say money"


def _is_currency(code: Any) -> bool:
    try:
        money.parse("1", str(code))
    except ValueError:
        return False
    return True


def _target_mistake(
    target: Any, known: frozenset[str] | None, holds: Any, whole: Any
) -> str | None:
    if known is None and isinstance(holds, type) and issubclass(holds, StrEnum):
        known = frozenset(holds)
    of_list = target if isinstance(target, list) else [target]
    for one in of_list:
        if known is not None and one not in known:
            return f"{one!r} is none of {', '.join(sorted(known))}"
        if "\0" in str(one):
            return f"{one!r} holds a NUL"
    try:
        msgspec.convert(
            target, whole if isinstance(target, list) else holds, strict=False
        )
    except msgspec.ValidationError as error:
        return f"{target!r}: {shape_words(str(error))}"
    return None
