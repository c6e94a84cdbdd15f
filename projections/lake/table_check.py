"""Holds the tables of cases against the lake's events: folded again, they give them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from random import randrange
from typing import Any

from duckdb import DuckDBPyConnection
from msgspec import Struct

from application.exports.spill_folder import spill_folder
from application.record.envelope import BESIDE_CASES
from projections.following.ledger_batch import in_turn
from projections.lake.arrow_rows import table_of
from projections.lake.aside_rows import AsideRow
from projections.lake.lake_query import opened_lake
from projections.lake.lake_row import BUCKETS, CaseHistory
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import CASE_TABLES, CaseTable
from projections.lake.ordered_rows import kept_rows
from projections.lake.read_events import COLUMNS, read_event

AT_A_TIME = 500
"""Cases that are folded and compared together."""

MANY = 200_000
"""From so many events on, they are taken bucket by bucket."""

MEMORY = "256MB"
"""What sorting may take: folding, which takes the time, needs none of it."""

SPILL = "redress-verify-"
"""How the folders begin in which a bucket's rows are put in order."""

FOLDED: Sequence[CaseTable] = tuple(
    one for one in CASE_TABLES if one.row is not AsideRow
)
Rows = Sequence[Mapping[str, Any]]
Group = tuple[str, Mapping[str, Rows]]
"""A case, and its rows by their tables."""


class RowDiffers(Exception):
    """A row is not what its case's events give; the message says which."""


class TablesChecked(Struct, frozen=True):
    """How many cases were folded again, and how many could not be."""

    folded: int = 0
    left_out: int = 0


def check_tables(lake: Lake, every: int = 1) -> TablesChecked:
    """Fold cases from the lake's events, and compare. Raises RowDiffers, LakeWrong.

    `every`: of so many cases about one is taken, which nobody can foresee. Cases that
    were set aside, or have an event that nobody can read, are left out.
    """
    pick = randrange(every)  # noqa: S311 - whom a forger cannot foresee, not a secret
    drawn = f'hash("case") % {every} = {pick}'
    folded = left_out = 0
    with (
        spill_folder(SPILL) as room,
        opened_lake(lake, memory=MEMORY) as (connection, position),
    ):
        # Of few events each question takes longer to ask than to answer.
        for bucket in range(BUCKETS) if position > MANY else [None]:
            waiting: list[Group] = []
            for case, rows in _groups(connection, bucket, drawn, room):
                if _is_left_out(rows):
                    left_out += 1
                    continue
                waiting.append((case, rows))
                folded += 1
                if len(waiting) == AT_A_TIME:
                    _compare(waiting)
                    waiting = []
            _compare(waiting)
    return TablesChecked(folded, left_out)


def _is_left_out(rows: Mapping[str, Rows]) -> bool:
    unread = any(one["payload"] is None for one in rows.get("events", ()))
    return unread or bool(rows.get("cases_aside"))


def _groups(
    connection: DuckDBPyConnection, bucket: int | None, drawn: str, room: Path
) -> Iterator[Group]:
    """Yield the cases of a bucket that are drawn, each with its rows in all tables."""
    first = "" if bucket is None else f"{bucket:x}"
    of_bucket = "true" if bucket is None else f"bucket = {bucket}"
    beside = " OR ".join(f"type LIKE '{one}%'" for one in BESIDE_CASES)
    named = ", ".join(f'"{name}"' for name in COLUMNS)
    events = (
        f'SELECT history AS "case", {named} FROM events'
        f" WHERE history LIKE '{first}%' AND NOT ({beside}) AND {drawn}"
        " ORDER BY history, version"
    )
    streams = {"events": _by_case(kept_rows(connection, events, room / "events"))}
    for table in CASE_TABLES:
        chosen = f'FROM "{table.name}" WHERE {of_bucket} AND {drawn} ORDER BY "case"'
        own = kept_rows(connection, chosen, room / table.name)
        streams[table.name] = _by_case(own)
    heads = {name: next(stream, None) for name, stream in streams.items()}
    while left := [head[0] for head in heads.values() if head]:
        case = min(left)
        found = {}
        for name, head in heads.items():
            if head and head[0] == case:
                found[name] = head[1]
                heads[name] = next(streams[name], None)
        yield case, found


def _by_case(rows: Iterator[Mapping[str, Any]]) -> Iterator[tuple[str, Rows]]:
    for case, own in groupby(rows, key=lambda row: str(row["case"])):
        yield case, list(own)


def _compare(groups: Sequence[Group]) -> None:
    """Raise RowDiffers for the first case whose rows are not those of its events."""
    histories = {case: _history(case, rows) for case, rows in groups}
    for table in FOLDED:
        made = [one for of in histories.values() for one in table.rows(of)]
        given: dict[str, list[Mapping[str, Any]]] = {}
        for row in table_of(made, table.row).to_pylist():
            given.setdefault(row["case"], []).append(row)
        for case, rows in groups:
            _hold(table, case, rows.get(table.name, ()), given.get(case, ()))


def _history(case: str, rows: Mapping[str, Rows]) -> CaseHistory:
    if "events" not in rows:
        name = next(iter(rows))
        raise RowDiffers(f"{name}: the case {case} has a row, and no events")
    try:
        events = [(row["position"], read_event(row)) for row in rows["events"]]
        history = CaseHistory(in_turn(events))
        # Folded once here: what is wrong with its events is said of them.
        history.dispute  # noqa: B018 - raises what folding raised
    except Exception as error:
        said = f"events: those of the case {case} cannot be folded: {error}"
        raise RowDiffers(said) from error
    return history


def _hold(table: CaseTable, case: str, found: Rows, given: Rows) -> None:
    there, due = Counter(map(_values, found)), Counter(map(_values, given))
    if there == due:
        return
    more, less = (there - due).elements(), (due - there).elements()
    one, other = next(more, None), next(less, None)
    said = f"{table.name}: the case {case}"
    if one is None:
        raise RowDiffers(f"{said} lacks a row that its events give")
    if other is None:
        raise RowDiffers(f"{said} has a row that its events do not give")
    names = table.schema.names
    name, own, right = next(
        (name, a, b) for name, a, b in zip(names, one, other, strict=True) if a != b
    )
    raise RowDiffers(f"{said} has {name} {own}, and its events give {right}")


def _values(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(
        tuple(value) if isinstance(value, list) else value for value in row.values()
    )
