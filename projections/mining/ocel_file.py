"""OCEL 2.0 as a SQLite file: written case by case, each object once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from projections.mining.attributes import (
    DECISION,
    DECISIONS,
    ENVELOPE,
    Kind,
    Value,
    event_attributes,
    event_type,
    event_types,
    event_values,
    instant,
)
from projections.mining.case_objects import OBJECTS, CaseObjects, LogObject
from projections.mining.told_case import ToldCase

EPOCH = "1970-01-01T00:00:00.000000Z"
"""Since when an object has the values that it never had otherwise (OCEL 2.0, 6.2)."""

AT_A_TIME = 200
"""Cases in one transaction."""

_SQL_TYPES = {
    Kind.STRING: "TEXT",
    Kind.INTEGER: "INTEGER",
    Kind.FLOAT: "REAL",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TIME: "TIMESTAMP",
}
_COMMON = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL
    REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL
    REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (
    ocel_event_id TEXT NOT NULL REFERENCES event (ocel_id),
    ocel_object_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (
    ocel_source_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_target_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));
"""


def mapped(name: str) -> str:
    """Return how the tables of a type end, such as "DeadlineMissed"."""
    return "".join(part.capitalize() for part in name.split("-"))


def columns_of_event(tag: str) -> Mapping[str, Kind]:
    """Return the attributes of a type of event, the envelope's first."""
    own = {one.name: one.kind for one in event_attributes(tag)}
    return {**ENVELOPE, **(DECISION if tag in DECISIONS else {}), **own}


class OcelFile:
    """A new OCEL file. A file of that name is replaced when all is written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._part.unlink(missing_ok=True)
        self._file = sqlite3.connect(self._part, isolation_level=None)
        self._cases = 0

    def __enter__(self) -> Self:
        # Nobody reads the file before it has its name, and a part is thrown away.
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.executescript(_COMMON)
        for tag in event_types():
            self._add_type("event", tag, columns_of_event(tag))
        for name, attributes in OBJECTS.items():
            self._add_type("object", name, attributes)
        self._file.execute("BEGIN")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            # What was reopened may lie in another record.
            self._file.execute(
                "DELETE FROM object_object"
                " WHERE ocel_target_id NOT IN (SELECT ocel_id FROM object)"
            )
            self._file.execute("COMMIT")
        self._file.close()
        if kind is None:
            self._part.replace(self._path)
        else:
            self._part.unlink()

    def add(self, told: ToldCase) -> None:
        """Write a case: its events, its objects, and what they have to do."""
        objects = CaseObjects(told)
        for recorded in told.events:
            one = f"{told.case}/{recorded.version}"
            tag = event_type(recorded)
            values = {name: value for name, _, value in event_values(recorded)}
            own = {"ocel_id": one, "ocel_time": instant(recorded.at)}
            self._insert("event", {"ocel_id": one, "ocel_type": tag})
            self._insert(f"event_{mapped(tag)}", own | values)
            for relation in objects.about(recorded):
                self._insert(
                    "event_object",
                    {
                        "ocel_event_id": one,
                        "ocel_object_id": relation.to,
                        "ocel_qualifier": relation.qualifier,
                    },
                )
        # After the events, because they bring objects.
        self._add_objects(objects)
        self._cases += 1
        if self._cases % AT_A_TIME == 0:
            self._file.execute("COMMIT")
            self._file.execute("BEGIN")

    def _add_type(self, of: str, name: str, attributes: Mapping[str, Kind]) -> None:
        self._insert(
            f"{of}_map_type", {"ocel_type": name, "ocel_type_map": mapped(name)}
        )
        columns = [f'"{one}" {_SQL_TYPES[kind]}' for one, kind in attributes.items()]
        if of == "object":
            columns.append("ocel_changed_field TEXT")
        key = "" if of == "object" else " PRIMARY KEY"
        self._file.execute(
            f'CREATE TABLE "{of}_{mapped(name)}" (ocel_id TEXT{key}'
            f" REFERENCES {of} (ocel_id), ocel_time TIMESTAMP NOT NULL"
            f"{''.join(f', {one}' for one in columns)})"
        )
        if of == "object":
            table = f"object_{mapped(name)}"
            self._file.execute(f'CREATE INDEX "{table}_id" ON "{table}" (ocel_id)')

    def _add_objects(self, objects: CaseObjects) -> None:
        for name, known in _merged(objects.found).items():
            added = self._insert("object", {"ocel_id": name, "ocel_type": known.type})
            table = f"object_{mapped(known.type)}"
            first = {one.name: one.value for one in known.attributes if not one.since}
            # People and orders come with many cases, and have one row all the same.
            if added:
                own: dict[str, Value] = {"ocel_id": name, "ocel_time": EPOCH}
                self._insert(table, own | first)
            for one in known.attributes:
                if one.since is not None:
                    changed: dict[str, Value] = {
                        "ocel_id": name,
                        "ocel_time": instant(one.since),
                        "ocel_changed_field": one.name,
                    }
                    self._insert(table, changed | {one.name: one.value})
        for source, relation in objects.between:
            self._insert(
                "object_object",
                {
                    "ocel_source_id": source,
                    "ocel_target_id": relation.to,
                    "ocel_qualifier": relation.qualifier,
                },
            )

    def _insert(self, table: str, row: Mapping[str, Value]) -> bool:
        """Insert a row, unless it is there; return whether it was not."""
        # The names are those of our own types and attributes; values are parameters.
        names = ", ".join(f'"{one}"' for one in row)
        marks = ", ".join("?" * len(row))
        done = self._file.execute(
            f'INSERT OR IGNORE INTO "{table}" ({names}) VALUES ({marks})',
            tuple(row.values()),
        )
        return done.rowcount > 0


def _merged(found: Iterable[LogObject]) -> dict[str, LogObject]:
    """Return each object once, with all that is told of it."""
    merged: dict[str, LogObject] = {}
    for one in found:
        before = merged[one.id].attributes if one.id in merged else ()
        merged[one.id] = LogObject(one.type, one.id, (*before, *one.attributes))
    return merged
