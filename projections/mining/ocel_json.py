"""OCEL 2.0 as JSON: what an OCEL file in SQLite has, written object by object."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import msgspec

from projections.mining.attributes import Kind, event_types
from projections.mining.case_objects import OBJECTS
from projections.mining.ocel_file import columns_of_event, mapped

_encode = msgspec.json.Encoder().encode


def write_ocel_json(source: Path, out: IO[bytes]) -> None:
    """Write what is in an OCEL file. Nothing of it is held but one event or object."""
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as file:
        file.row_factory = sqlite3.Row
        objects = OBJECTS.items()
        types = {tag: columns_of_event(tag) for tag in event_types()}
        out.write(b'{"objectTypes":')
        out.write(_encode([_type(name, columns) for name, columns in objects]))
        out.write(b',\n"eventTypes":')
        out.write(_encode([_type(name, columns) for name, columns in types.items()]))
        out.write(b',\n"objects":[')
        _write_all(out, _objects(file))
        out.write(b'],\n"events":[')
        _write_all(out, _events(file, types))
        out.write(b"]}\n")


def _type(name: str, columns: Mapping[str, Kind]) -> dict[str, Any]:
    told = [{"name": one, "type": kind} for one, kind in columns.items()]
    return {"name": name, "attributes": told}


def _write_all(out: IO[bytes], members: Iterator[dict[str, Any]]) -> None:
    between = b"\n"
    for one in members:
        out.write(between + _encode(one))
        between = b",\n"


def _objects(file: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    for name, columns in OBJECTS.items():
        rows = file.execute(
            f'SELECT * FROM "object_{mapped(name)}" ORDER BY ocel_id, ocel_time'
        )
        last: dict[str, Any] | None = None
        for row in rows:
            if last is None or last["id"] != row["ocel_id"]:
                if last is not None:
                    yield last
                last = {
                    "id": row["ocel_id"],
                    "type": name,
                    "attributes": [],
                    # One by one: joined, they would have to be sorted on the disk.
                    "relationships": _relations(file, "object", row["ocel_id"]),
                }
            last["attributes"] += [
                {"name": one, "time": row["ocel_time"], "value": value}
                for one, value in _values(row, columns)
            ]
        if last is not None:
            yield last


def _events(
    file: sqlite3.Connection, types: Mapping[str, Mapping[str, Kind]]
) -> Iterator[dict[str, Any]]:
    for tag, columns in types.items():
        rows = file.execute(f'SELECT * FROM "event_{mapped(tag)}"')
        for row in rows:
            yield {
                "id": row["ocel_id"],
                "type": tag,
                "time": row["ocel_time"],
                "attributes": [
                    {"name": one, "value": value}
                    for one, value in _values(row, columns)
                ],
                "relationships": _relations(file, "event", row["ocel_id"]),
            }


_RELATIONS = {
    "event": "SELECT ocel_object_id, ocel_qualifier FROM event_object"
    " WHERE ocel_event_id = ? ORDER BY ROWID",
    "object": "SELECT ocel_target_id, ocel_qualifier FROM object_object"
    " WHERE ocel_source_id = ? ORDER BY ROWID",
}


def _relations(file: sqlite3.Connection, of: str, one: str) -> list[dict[str, str]]:
    found = file.execute(_RELATIONS[of], (one,))
    return [{"objectId": to, "qualifier": qualifier} for to, qualifier in found]


def _values(
    row: sqlite3.Row, columns: Mapping[str, Kind]
) -> Iterator[tuple[str, str | int | float | bool]]:
    for name, kind in columns.items():
        if (value := row[name]) is not None:
            yield name, bool(value) if kind is Kind.BOOLEAN else value
