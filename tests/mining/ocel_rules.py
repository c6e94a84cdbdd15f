"""What OCEL 2.0 says of a file, in our words: rules that a strict reader holds it to.

Written after the specification (arXiv 2403.01975, CC BY 4.0) and its page on JSON.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "time": (str,),
    "integer": (int,),
    "float": (float, int),
    "boolean": (bool,),
}
BEGINNING = "1970-01-01T00:00:00"


def _record(**properties: object) -> dict[str, object]:
    """Return the schema of an object that has these members, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: object) -> dict[str, object]:
    return {"type": "array", "items": items}


_TEXT = {"type": "string", "minLength": 1}
_VALUE = {"type": ["string", "number", "boolean"]}
_TYPES = _list(
    _record(name=_TEXT, attributes=_list(_record(name=_TEXT, type={"enum": [*KINDS]})))
)
_RELATIONS = _list(_record(objectId=_TEXT, qualifier={"type": "string"}))
SCHEMA = _record(
    eventTypes=_TYPES,
    objectTypes=_TYPES,
    events=_list(
        _record(
            id=_TEXT,
            type=_TEXT,
            time=_TEXT,
            attributes=_list(_record(name=_TEXT, value=_VALUE)),
            relationships=_RELATIONS,
        )
    ),
    objects=_list(
        _record(
            id=_TEXT,
            type=_TEXT,
            attributes=_list(_record(name=_TEXT, time=_TEXT, value=_VALUE)),
            relationships=_RELATIONS,
        )
    ),
)


def json_faults(path: Path) -> list[str]:
    """Return what is wrong with a file in JSON."""
    whole = json.loads(path.read_bytes())
    found = [one.message for one in Draft202012Validator(SCHEMA).iter_errors(whole)]
    return found or list(_meaning(whole))


def _meaning(whole: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a schema cannot say: names that are declared, ids that are known."""
    objects = {one["id"] for one in whole["objects"]}
    for types, of in (("eventTypes", "events"), ("objectTypes", "objects")):
        declared = {
            one["name"]: {each["name"]: each["type"] for each in one["attributes"]}
            for one in whole[types]
        }
        if len(declared) != len(whole[types]):
            yield f"{types}: a name is there twice"
        if len({one["id"] for one in whole[of]}) != len(whole[of]):
            yield f"{of}: an id is there twice"
        for one in whole[of]:
            if one["type"] not in declared:
                yield f"{one['id']}: no type {one['type']}"
                continue
            if "time" in one:
                yield from _time(one["id"], one["time"])
            yield from _attributes(one, declared[one["type"]])
            yield from (
                f"{one['id']}: no object {each['objectId']}"
                for each in one["relationships"]
                if each["objectId"] not in objects
            )


def _attributes(one: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[str]:
    known = set()
    for each in one["attributes"]:
        name, value, since = each["name"], each["value"], each.get("time")
        kind = kinds.get(name, "")
        if (name, since) in known:
            yield f"{one['id']}: {name} is there twice"
        known.add((name, since))
        # In JSON true is no number, though Python has it so.
        if type(value) not in KINDS.get(kind, ()):
            yield f"{one['id']}: {name} is no {kind}: {value!r}"
        elif kind == "time":
            yield from _time(one["id"], value)
        if since is not None:
            yield from _time(one["id"], since)


def _time(place: str, text: str) -> Iterator[str]:
    try:
        if datetime.fromisoformat(text).tzinfo is None:
            yield f"{place}: {text} has no zone"
    except ValueError:
        yield f"{place}: {text} is no time"


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "event": ("ocel_id", "ocel_type"),
    "object": ("ocel_id", "ocel_type"),
    "event_map_type": ("ocel_type", "ocel_type_map"),
    "object_map_type": ("ocel_type", "ocel_type_map"),
    "event_object": ("ocel_event_id", "ocel_object_id", "ocel_qualifier"),
    "object_object": ("ocel_source_id", "ocel_target_id", "ocel_qualifier"),
}
FIRST = {
    "event": ("ocel_id", "ocel_time"),
    "object": ("ocel_id", "ocel_time", "ocel_changed_field"),
}
"""The columns that the table of each type has, beside those of its attributes."""


def sqlite_faults(path: Path) -> list[str]:
    """Return what is wrong with a file in SQLite."""
    with closing(sqlite3.connect(path)) as file:
        return list(_tables(file))


def _tables(file: sqlite3.Connection) -> Iterator[str]:
    listed = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = {name for (name,) in listed}
    wanted = set(COLUMNS)
    for name, columns in COLUMNS.items():
        if name not in tables or _columns(file, name) != columns:
            yield f"{name}: has other columns, or is missing"
            return
    for of, first in FIRST.items():
        for kind, ending in file.execute(f"SELECT * FROM {of}_map_type").fetchall():
            wanted.add(table := f"{of}_{ending}")
            if table not in tables or set(first) - set(_columns(file, table)):
                yield f"{table}: has not all columns, or is missing"
                continue
            yield from _same_ids(file, of, kind, table)
            if of == "object":
                yield from _changes(file, table)
    yield from (f"{name}: is no table of OCEL" for name in tables - wanted)
    if file.execute("PRAGMA foreign_key_check").fetchall():
        yield "an id refers to nothing"


def _columns(file: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(row[1] for row in file.execute(f'PRAGMA table_info("{table}")'))


def _same_ids(
    file: sqlite3.Connection, of: str, kind: str, table: str
) -> Iterator[str]:
    """Hold the ids of a type against its table, which has each of them."""
    listed = f"SELECT ocel_id FROM {of} WHERE ocel_type = ?"
    there = f'SELECT ocel_id FROM "{table}"'
    for one, other in ((listed, there), (there, listed)):
        query = f"SELECT count(*) FROM ({one} EXCEPT {other})"
        if file.execute(query, (kind,)).fetchone() != (0,):
            yield f"{table}: has other ids than {of}"
    if of == "event":
        query = f'SELECT count(*) - count(DISTINCT ocel_id) FROM "{table}"'
        if file.execute(query).fetchone() != (0,):
            yield f"{table}: an event is there twice"


def _changes(file: sqlite3.Connection, table: str) -> Iterator[str]:
    """See that a row has all values of the beginning, or the one that has changed."""
    attributes = [one for one in _columns(file, table) if one not in FIRST["object"]]
    rows = file.execute(f'SELECT * FROM "{table}"')
    names = [one[0] for one in rows.description]
    for values in rows:
        row = dict(zip(names, values, strict=True))
        changed = row["ocel_changed_field"]
        there = {one for one in attributes if row[one] is not None}
        is_first = row["ocel_time"].startswith(BEGINNING)
        if is_first != (changed is None) or (changed and there != {changed}):
            yield f"{table}: {row['ocel_id']} has changed otherwise than it says"
