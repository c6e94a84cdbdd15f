"""The columns that a mapping names, and where they stand in a header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from application.imports.mapping import (
    ITEM,
    Columns,
    CurrencyColumn,
    Each,
    EventRule,
    FieldRule,
    FileMapping,
    MappingError,
    TimeRule,
)
from application.imports.source.source_row import named as names_of

Named = tuple[Columns, frozenset[str]]
"""Columns as a rule names them, and the names that an item adds there."""


def columns_of(mapping: FileMapping, header: tuple[str, ...]) -> Mapping[object, int]:
    """Return the place of each column that a mapping names, by any of its names.

    Raises MappingError, naming all columns that the source does not have, and those
    that it has more than once.
    """
    places: dict[object, int] = {}
    missing: set[str] = set()
    twice: set[str] = set()
    counts = Counter(header)
    for columns, added in named_columns(mapping):
        names = (columns,) if isinstance(columns, str) else columns
        if all(_is_added(name, added) for name in names):
            continue
        found = [name for name in names if name in counts]
        if found:
            places[columns] = header.index(found[0])
            # Which of the two is meant, only the source's owner can tell.
            twice.update(name for name in found if counts[name] > 1)
        else:
            missing.add(" or ".join(names))
    if missing:
        raise MappingError(
            f"the file has no column {', '.join(sorted(missing))};"
            f" it has {names_of(header)}{_delimiter_hint(header)}"
        )
    if twice:
        named = ", ".join(
            f"{name} ({', '.join(_ordinals(header, name))})" for name in sorted(twice)
        )
        raise MappingError(f"the file has several columns of one name: {named}")
    return places


def _delimiter_hint(header: tuple[str, ...]) -> str:
    """Return a hint if the header is one cell that looks like several."""
    if len(header) > 1:
        return ""
    found = next((one for one in ";\t|," if one in header[0]), None)
    return f"; it looks separated by {found!r}: say delimiter" if found else ""


def _ordinals(header: tuple[str, ...], name: str) -> Iterator[str]:
    return (str(place) for place, one in enumerate(header, 1) if one == name)


def _is_added(name: str, added: frozenset[str]) -> bool:
    if name in added:
        return True
    return ITEM in added and name.startswith(f"{ITEM}.")


def named_columns(mapping: FileMapping) -> Iterator[Named]:
    """Yield every column that a mapping names, as often as it names it."""
    nothing: frozenset[str] = frozenset()
    yield mapping.id, nothing
    for event in mapping.told:
        yield from _of_event(event)
    yield from _of_fields(mapping.extra, nothing)


def _of_event(event: EventRule) -> Iterator[Named]:
    added: frozenset[str] = frozenset()
    if event.each is not None:
        yield from _of_each(event.each, added)
        added = added_by(event.each)
    at: TimeRule | None = event.at
    while at is not None:
        yield at.column, added
        at = at.fallback
    for condition in event.when:
        yield condition.column, added
    if event.key is not None:
        yield event.key, added
    if event.file is not None:
        yield event.file, added
    yield from _of_fields(event.fields, added)


def _of_fields(
    rules: Mapping[str, FieldRule], added: frozenset[str]
) -> Iterator[Named]:
    for rule in rules.values():
        if rule.column is not None:
            yield rule.column, added
        if isinstance(rule.money, CurrencyColumn):
            yield rule.money.column, added
        if rule.each is not None:
            yield from _of_each(rule.each, added)
            yield from _of_fields(rule.fields, added | added_by(rule.each))


def _of_each(each: Each, added: frozenset[str]) -> Iterator[Named]:
    if each.column is not None:
        yield each.column, added
    for names in each.groups:
        for column in names.values():
            yield column, added


def added_by(each: Each) -> frozenset[str]:
    """Return the names that an item adds to those of the columns."""
    named = {name for names in each.groups for name in names}
    return frozenset(named | ({ITEM} if each.column is not None else set()))
