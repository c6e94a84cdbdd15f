"""The rows of a bucket of cases, for several views, and how they reach their tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow

from application.record.envelope import decode
from application.record.event_place import fault
from application.record.session import open_session
from application.record.sqlstates import Cause, cause_of
from projections.following.ledger_batch import evolved
from projections.following.state_cache import State
from projections.placed_events import Placed
from projections.read_model import OnPoison, View
from projections.rebuild.ledger_spill import Range, histories

NEXT = "redress_next"
"""The schema in which views are rebuilt."""


class Poison(Struct, frozen=True):
    """An event that could not be decoded, and why."""

    position: int
    error: Exception


Event = Placed | Poison


class Bucket(Struct, frozen=True):
    """What one process folds at a time, and for which views."""

    number: int
    views: tuple[str, ...]
    parts: tuple[Range, ...]
    folder: Path


class Filled(Struct, frozen=True):
    """What came of a bucket: its events, and the views that it cannot be folded for."""

    number: int
    events: int
    halted: tuple[str, ...] = ()


class BucketFold:
    """Folds buckets on a connection of its own, which sees the tables to be filled."""

    def __init__(self, url: str, views: Sequence[View[Any]]) -> None:
        self._views = {view.name: view for view in views}
        self._connection = open_session(
            url, search_path=f"{NEXT}, redress", job="rebuild"
        )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def fold(self, bucket: Bucket) -> Filled:
        """Fold a bucket and copy its rows, all of it or nothing."""
        views = [self._views[name] for name in bucket.views]
        events, halted = 0, set[str]()
        with self._connection.transaction():
            skipped = _skipped(self._connection)
            for cases in histories(bucket.number, bucket.parts, bucket.folder):
                placed = {case: _placed(own) for case, own in cases.items()}
                events += sum(map(len, placed.values()))
                for view in views:
                    if view.name in halted:
                        continue
                    passed = skipped.get(view.name, frozenset())
                    if not _fill(self._connection, view, placed, passed):
                        halted.add(view.name)
            for view in views:
                self._connection.execute(
                    f"INSERT INTO {NEXT}.buckets (follower, bucket, events)"
                    " VALUES (%s, %s, %s)",
                    (view.name, bucket.number, events),
                )
        return Filled(bucket.number, events, tuple(sorted(halted)))


def _placed(events: Sequence[tuple[int, bytes]]) -> list[Event]:
    placed: list[Event] = []
    state: State | None = None
    for position, stored in events:
        try:
            one = evolved(position, decode(stored), state)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            placed.append(Poison(position, error))
            state = error
        else:
            placed.append(one)
            state = one.evolved
    return placed


def _fill(
    connection: Connection[TupleRow],
    view: View[Any],
    cases: Mapping[UUID, Sequence[Event]],
    skipped: Collection[int],
) -> bool:
    """Copy a view's rows of some cases; False: it halts at an event of theirs."""
    parked: dict[UUID, tuple[int, str]] = {}
    rows: list[Struct] = []
    for case, events in cases.items():
        own = _left(events, skipped)
        try:
            rows += view.rows_of(_all_placed(own))
        except Exception:  # noqa: BLE001 - found again below, with its event
            if view.on_poison is OnPoison.HALT:
                return False
            before, at, said = _before_poison(own, view.rows_of)
            parked[case] = at, said
            rows += before
    try:
        with connection.transaction(), connection.cursor() as cursor:
            view.table.copy(cursor, rows)
    except Exception as error:
        if cause_of(error) not in {Cause.INPUT, Cause.CONFLICT}:
            raise
        if view.on_poison is OnPoison.HALT:
            return False
        _one_by_one(connection, view, cases, skipped, parked)
    _park(connection, view, parked)
    return True


def _one_by_one(
    connection: Connection[TupleRow],
    view: View[Any],
    cases: Mapping[UUID, Sequence[Event]],
    skipped: Collection[int],
    parked: dict[UUID, tuple[int, str]],
) -> None:
    """Copy the rows of each case by itself, and park those that the table refuses."""

    def stored(placed: Sequence[Placed]) -> tuple[Any, ...]:
        rows = view.rows_of(placed)
        with (
            connection.transaction(force_rollback=True),
            connection.cursor() as cursor,
        ):
            view.table.copy(cursor, rows)
        return rows

    for case, events in cases.items():
        own = _left(events, skipped)
        if case in parked:
            own = [one for one in own if one.position < parked[case][0]]
        try:
            rows = stored(_all_placed(own))
        except Exception as error:
            if cause_of(error) not in {None, Cause.INPUT, Cause.CONFLICT}:
                raise
            rows, at, said = _before_poison(own, stored)
            parked[case] = at, said
        with connection.cursor() as cursor:
            view.table.copy(cursor, rows)


def _before_poison(
    events: Sequence[Event],
    rows_of: Callable[[Sequence[Placed]], tuple[Any, ...]],
) -> tuple[tuple[Any, ...], int, str]:
    """Return the rows before the first event that cannot be taken, and why not."""
    rows: tuple[Any, ...] = ()
    number, error = 0, Exception("it was taken when it was tried again")
    for number in range(len(events)):
        try:
            rows = rows_of(_all_placed(events[: number + 1]))
        except Exception as own:  # noqa: BLE001 - whatever is said of the event
            error = own
            break
    return rows, events[number].position, fault(error)


def _left(events: Sequence[Event], skipped: Collection[int]) -> Sequence[Event]:
    if not skipped:
        return events
    return [one for one in events if one.position not in skipped]


def _all_placed(events: Sequence[Event]) -> list[Placed]:
    return list(_each_placed(events))


def _each_placed(events: Sequence[Event]) -> Iterator[Placed]:
    for one in events:
        if isinstance(one, Poison):
            raise one.error
        yield one


def _park(
    connection: Connection[TupleRow],
    view: View[Any],
    parked: Mapping[UUID, tuple[int, str]],
) -> None:
    for case, (position, said) in parked.items():
        connection.execute(
            f"INSERT INTO {NEXT}.parked VALUES (%s, %s, %s, %s)",
            (view.name, case, position, said),
        )


def _skipped(connection: Connection[TupleRow]) -> Mapping[str, frozenset[int]]:
    found = connection.execute(
        "SELECT follower, array_agg(position) FROM redress.view_skips"
        " WHERE approved_by IS NOT NULL GROUP BY follower"
    )
    return {name: frozenset(positions) for name, positions in found}
