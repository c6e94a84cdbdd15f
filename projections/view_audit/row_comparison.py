"""Compares a view's rows of some cases with those that the record calls for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_origin
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import astuple, fields

from application.record.envelope import decode
from projections.following.ledger_batch import evolved
from projections.following.state_cache import State
from projections.read_model import View
from projections.view_audit.case_slice import Standing, Stored
from projections.view_audit.cases_aside import (
    Event,
    Holds,
    Unreadable,
    without_cause,
)
from projections.view_audit.view_difference import ViewDifference, shown, shown_apart

Row = tuple[Any, ...]


class Columns(Struct, frozen=True):
    """A view's columns, and the places of its key and of its lists among them."""

    names: tuple[str, ...]
    key: tuple[int, ...]
    lists: tuple[int, ...]
    case: int

    def key_of(self, row: Row) -> Row:
        """Return the values of a row's key."""
        return tuple(row[place] for place in self.key)

    def values(self, row: Struct) -> Row:
        """Return a row of the fold as the database returns its columns."""
        values = astuple(row)
        if not self.lists:
            return values
        return tuple(
            list(value) if place in self.lists else value
            for place, value in enumerate(values)
        )


def columns_of(view: View[Any]) -> Columns:
    """Return the columns of a view."""
    names = view.row.__struct_fields__
    return Columns(
        names=names,
        key=tuple(names.index(name) for name in view.key),
        lists=tuple(
            place
            for place, field in enumerate(fields(view.row))
            if get_origin(field.type) is tuple
        ),
        case=names.index("case_id"),
    )


def decoded(events: Sequence[Stored]) -> tuple[Event, ...]:
    """Decode a case's events and evolve it; each once, for all views."""
    placed: list[Event] = []
    state: State | None = None
    for _, position, stored in events:
        try:
            one = evolved(position, decode(stored), state)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            placed.append(Unreadable(position))
            state = error
        else:
            placed.append(one)
            state = one.evolved
    return tuple(placed)


def differences(
    view: View[Any],
    standing: Standing,
    cases: Mapping[UUID, Sequence[Event]],
    rows: Sequence[Row],
    holds: Holds,
) -> Iterator[ViewDifference]:
    """Yield what differs, in the order of cases and keys."""
    columns = columns_of(view)
    there: dict[UUID, list[Row]] = {}
    for row in rows:
        there.setdefault(row[columns.case], []).append(row)
    for case in sorted({*cases, *there, *standing.parked}):
        events, got = cases.get(case, ()), there.get(case, [])
        said = without_cause(view, standing, case, events, holds)
        if said is not None:
            yield ViewDifference(view=view.name, case=case, said=said)
            continue
        expected = _expected(view, standing, case, events)
        if isinstance(expected, ViewDifference):
            yield expected
            continue
        made = [columns.values(row) for row in expected]
        # Nearly always they are the same, mostly even in the same order.
        if made != got:
            yield from _in_case(view, columns, case, made, got)


def _expected(
    view: View[Any], standing: Standing, case: UUID, events: Sequence[Event]
) -> Sequence[Struct] | ViewDifference:
    end = min(standing.position, standing.parked.get(case, standing.position + 1) - 1)
    placed = []
    for one in events:
        if one.position > end:
            break
        if one.position in standing.skipped:
            continue
        if isinstance(one, Unreadable):
            return _passed(view, case, one.position, "bytes that are no event")
        placed.append(one)
    # A view stands before what it cannot take. Beyond it, it has been moved by hand.
    try:
        return view.rows_of(placed)
    except Exception as error:  # noqa: BLE001 - whatever a fold says of a strange event
        said = f"{type(error).__name__}: {error}"
        return _passed(view, case, placed[-1].position, said)


def _passed(view: View[Any], case: UUID, position: int, why: str) -> ViewDifference:
    said = f"it has passed over an event up to position {position} that it cannot take"
    return ViewDifference(view=view.name, case=case, said=f"{said}: {shown(why)}")


def _in_case(
    view: View[Any], columns: Columns, case: UUID, made: list[Row], got: list[Row]
) -> Iterator[ViewDifference]:
    expected = {columns.key_of(row): row for row in made}
    present = {columns.key_of(row): row for row in got}
    # Only without its primary key, which the check of the schema misses then.
    if len(present) != len(got):
        said = "a row is there twice"
        yield ViewDifference(view=view.name, case=case, said=said)
    for key in sorted({*expected, *present}):
        found = _of_key(columns, expected.get(key), present.get(key))
        if found is not None:
            said, rest = found
            yield ViewDifference(
                view=view.name,
                case=case,
                key=", ".join(
                    f"{name} {value}"
                    for name, value in zip(view.key, key, strict=True)
                    if name != "case_id"
                ),
                said=said,
                **rest,
            )


def _of_key(
    columns: Columns, expected: Row | None, got: Row | None
) -> tuple[str, dict[str, str]] | None:
    if got is None:
        return "a row of the record is missing", {}
    if expected is None:
        return "the record calls for no such row", {}
    for name, one, other in zip(columns.names, expected, got, strict=True):
        if one != other:
            made, there = shown_apart(one, other)
            return (
                "the row is not what the record says",
                {"column": name, "expected": made, "got": there},
            )
    return None
