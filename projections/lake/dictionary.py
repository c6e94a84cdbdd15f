"""The data dictionary: every column of the lake, told from the types of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pyarrow as pa
from msgspec import Meta, Struct

from application.exports.impersonal_events import EVENT_KINDS
from domain.field_marks import is_marked
from domain.identifiers import Identifying
from projections.lake.column_sources import source_of
from projections.lake.event_rows import CODED, EventRow, event_columns
from projections.lake.lake_tables import TABLES, LakeTable
from projections.lake.typed_meanings import MEANINGS


class ColumnTold(Struct, frozen=True, kw_only=True):
    """A column: its type, what a number of it counts, what it means, where it is from.

    `source`: events, or the table and column that it refers to; `codes`: the kinds of
    codes that it holds, in the table `codes`.
    """

    name: str
    type: str
    unit: str
    meaning: str
    source: str
    codes: str = ""


class TableTold(Struct, frozen=True, kw_only=True):
    """A table, what a row of it is, and its columns."""

    name: str
    row: str
    columns: tuple[ColumnTold, ...]


def dictionary() -> tuple[TableTold, ...]:
    """Return all tables of the lake."""
    return tuple(
        TableTold(
            name=table.name,
            row=(table.row.__doc__ or "").partition("\n")[0],
            columns=tuple(_columns(table)),
        )
        for table in TABLES
    )


def _columns(table: LakeTable) -> Iterator[ColumnTold]:
    hints = get_type_hints(table.row, include_extras=True)
    types = {field.name: _type(field) for field in table.schema}
    for name in table.row.__struct_fields__:
        meta = _meta(hints[name])
        extra: Mapping[str, Any] = meta.extra or {}
        yield ColumnTold(
            name=name,
            type=types[name],
            unit=extra["unit"],
            meaning=str(meta.description),
            source=extra["source"] or source_of(table.name, name),
            codes=extra["codes"],
        )
    if table.row is EventRow:
        yield from _typed(types)


def _type(field: pa.Field) -> str:
    """Return a column's type as readers of its files see it."""
    # What a list has is called so in files of Parquet.
    return str(field.type).replace("list<item: ", "list<element: ")


def _typed(types: Mapping[str, str]) -> Iterator[ColumnTold]:
    """Yield the columns that are made from the fields of events."""
    events: dict[str, list[str]] = {}
    units, paths, codes, people = {}, {}, {}, ", ".join(_named_by_pseudonyms())
    for tag, columns in event_columns().items():
        for column in columns:
            events.setdefault(column.name, []).append(tag)
            units[column.name] = column.unit
            paths[column.name] = ".".join(column.path)
            codes[column.name] = CODED.get(column.name, "")
    for name, tags in events.items():
        yield ColumnTold(
            name=name,
            type=types[name],
            unit=_unit(name, codes[name], units[name] or MEANINGS[paths[name]].unit),
            meaning=MEANINGS[paths[name]].meaning.format(people=people),
            source=", ".join(tags),
            codes=codes[name],
        )


def _unit(name: str, codes: str, unit: str) -> str:
    if name == "by":
        return "code or pseudonym"
    return "code" if codes else unit


def _named_by_pseudonyms() -> Iterator[str]:
    """Yield the events whose field `by` names a person, and not a party."""
    for kind in EVENT_KINDS:
        hints = get_type_hints(kind, include_extras=True)
        if "by" in hints and is_marked(hints["by"], Identifying):
            yield str(kind.__struct_config__.tag)


def _meta(hint: Any) -> Meta:
    if get_origin(hint) is Annotated:
        for one in get_args(hint)[1:]:
            if isinstance(one, Meta):
                return one
    raise TypeError(f"{hint} tells nothing of its column")


def as_markdown(tables: tuple[TableTold, ...]) -> str:
    """Return the dictionary as a page of the documentation."""
    parts = []
    for table in tables:
        lines = [
            f"## {table.name}",
            "",
            table.row,
            "",
            "| Column | Type | Unit | Meaning | From | Codes |",
            "|---|---|---|---|---|---|",
        ]
        lines += [
            f"| `{one.name}` | {one.type} | {one.unit} | {one.meaning} | {one.source}"
            f" | {one.codes} |"
            for one in table.columns
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
