"""Finds events in the audit trail, in the order of their positions.

Terms are looked up chunk by chunk, so that a page costs the same whether a filter fits
every event or ten of ten millions. Positions are found as the application, since row
security keeps an array from being looked up in an index; then the rows at these
positions are read as the caller and held against every condition, and last the events
themselves, from the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import scalar_row

from application.record.database import Database
from application.record.row_scope import Beyond, beyond
from domain.roles import Actor
from projections.audit.audit_chunks import positions
from projections.audit.audit_terms import CHUNK_BITS, HASH_BITS, term
from projections.audit.audit_trail import AUDIT_TRAIL
from projections.audit.fact_conditions import (
    FACTS,
    Term,
    case_conditions,
    case_terms,
    has_term,
    terms,
)
from projections.audit.fact_conditions import conditions as of_facts
from projections.audit.search_words import words
from projections.audit.trail_row import TrailRow, rows_at
from projections.queue.barred_cases import hidden_from
from projections.view_audit.view_rounds import check_sound


class Search(Struct, frozen=True, kw_only=True):
    """Which events to find; None: any. Times are UTC, `until` excluded.

    `reader` is who looks for them: staff is not shown cases that staff may not read.
    `buyer`, `seller`, `order` and `category` find the events of their cases. `outcome`,
    `decider`, `late` and `rule` choose cases as well: that closed so, in which this
    person decided, in which this party missed a deadline, in which a decision cites a
    rule. Alone, they find the events that say so, and together those with which, and
    after which, all of them hold. `type`, `actor`, `text` (which has all of its words),
    `request` and a limit as `rule` find their events, in the cases that are chosen.
    `extra` ("region=north") finds the filings whose import said so.
    """

    platform: str | None = None
    case_id: UUID | None = None
    buyer: str | None = None
    seller: str | None = None
    order: str | None = None
    actor: str | None = None
    decider: str | None = None
    rule: str | None = None
    type: str | None = None
    category: str | None = None
    late: str | None = None
    outcome: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    imported_from: str | None = None
    extra: str | None = None
    request: str | None = None
    reader: Actor | None = None


# Parties, platform and category are in the row of `Filed` alone, which is version 1.
# As a value and no condition, so that it is looked up for each row that was found.
_OF_CASE = (
    "(SELECT {} FROM audit_trail f WHERE f.case_id = audit_trail.case_id"
    " AND f.version = 1)"
)
_OF_CASES = (
    "case_id IN (SELECT f.case_id FROM audit_trail f WHERE f.version = 1 AND {})"
)
_CONDITIONS = {
    "platform": _OF_CASE.format("f.platform") + " = %(platform)s",
    "case_id": "case_id = %(case_id)s",
    "buyer": _OF_CASES.format("f.buyer = %(buyer)s"),
    "order": _OF_CASES.format("f.order_id = %(order)s"),
    "seller": _OF_CASE.format("f.seller") + " = %(seller)s",
    "category": _OF_CASE.format(
        "f.category = %(category)s OR split_part(f.category, '/', 1) = %(category)s"
    ),
    "actor": has_term("actor"),
    "type": has_term("type"),
    "text": (
        f"terms @> ARRAY(SELECT position >> {CHUNK_BITS} << {HASH_BITS} | word"
        " FROM unnest(%(words)s::bigint[]) AS of_text (word))"
    ),
    # As an expression: the index over times would be read for the whole period.
    "since": "at + interval '0' >= %(since)s",
    "until": "at + interval '0' < %(until)s",
    "imported_from": has_term("imported_from"),
    "extra": has_term("extra"),
    "request": has_term("request"),
}
_AT_PLACES = (
    "case_id IN (SELECT f.case_id FROM audit_trail f"
    " WHERE f.position = ANY (%(cases)s))"
)
_FEW = frozenset({"case_id", "buyer", "order"})
"""Filters that leave the events of a few cases, whatever else is asked for."""

_IN_EVERY_EVENT = ("platform", "seller", "category")
"""Facts of a case from its filing on, which each of its events is found by."""

MOST_LOOKED_UP = 8
"""Words that are looked up in the index; the rows found are held against all."""

_IN_ROWS = _FEW | set(FACTS) | {"text", "since", "until", "reader"}
"""Filters that are no term by themselves."""

AT_FIRST, MOST_AT_ONCE = 4, 4_000
"""Pages of places that are held against the conditions at first, and places at most."""

MOST_CASES = 1_000
"""Up to so many cases with the facts that are asked for, their events are read."""


def found(
    database: Database, search: Search, *, limit: int, after: int = 0
) -> Sequence[TrailRow]:
    """Find events in the order of their positions, after position `after`.

    Raises ViewDiffers.
    """
    given = {
        name: value
        for name, value in msgspec.structs.asdict(search).items()
        if value is not None
    }
    if "text" in given and not _words(given):
        return ()
    with database.get_connection() as connection:
        check_sound(connection, AUDIT_TRAIL.name)
        if given.keys() & _FEW:
            return _rows(connection, given, limit, after=after)
    cases = _few_cases(given, database)
    if cases is not None:
        with database.get_connection() as connection:
            return _rows(connection, given, limit, after=after, cases=cases)
    period = (given.get("since"), given.get("until"))
    wanted = _terms(given)
    rows: list[TrailRow] = []
    # Where the case decides as well, a page of places holds few that fit.
    many = limit * AT_FIRST if case_terms(given) else limit
    while True:
        with beyond(Beyond.SEARCH), database.get_connection() as connection:
            places = positions(connection, wanted, period, limit=many, after=after)
            fit = _of_fitting_cases(connection, given, places)
        with database.get_connection() as connection:
            rows += _rows(connection, given, limit - len(rows), places=fit)
        if len(rows) == limit or len(places) < many:
            return rows
        after, many = places[-1], min(2 * many, MOST_AT_ONCE)


def _few_cases(given: Mapping[str, Any], database: Database) -> Sequence[int] | None:
    """Return the places of the facts that are asked for, where the cases are few."""
    wanted = case_terms(given)
    if not wanted:
        return None
    wanted += [term(one, given[one]) for one in _IN_EVERY_EVENT if one in given]
    nothing = (None, None)
    with beyond(Beyond.SEARCH), database.get_connection() as connection:
        places = positions(connection, wanted, nothing, limit=MOST_CASES + 1, after=0)
    return places if len(places) <= MOST_CASES else None


def _of_fitting_cases(
    connection: Connection[Any], given: Mapping[str, Any], places: Sequence[int]
) -> Sequence[int]:
    """Return the places of events whose cases have the facts that are asked for."""
    # As the application: row security would ask for each event of each case again.
    where = " AND ".join(case_conditions(given))
    if not where:
        return places
    where += " AND position = ANY (%(places)s)"
    query = f"SELECT position FROM audit_trail WHERE {where}"
    with connection.cursor(row_factory=scalar_row) as cursor:
        values = _values(given) | {"places": places}
        return cursor.execute(query.encode(), values, prepare=False).fetchall()


def _terms(given: Mapping[str, Any]) -> list[Term]:
    named = [term(name, one) for name, one in given.items() if name not in _IN_ROWS]
    return [*named, *terms(given), *_words(given)[:MOST_LOOKED_UP]]


def _rows(
    connection: Connection[Any],
    given: Mapping[str, Any],
    limit: int,
    *,
    after: int = 0,
    places: Sequence[int] | None = None,
    cases: Sequence[int] | None = None,
) -> Sequence[TrailRow]:
    """Read the events that fit: of those at some places, or after a position.

    `cases`: the places of events whose cases alone are looked at.
    """
    values = _values(given) | {"after": after, "places": places, "limit": limit}
    values |= {"words": _words(given), "cases": cases}
    reader = values.pop("reader", None)
    conditions = [_CONDITIONS[name] for name in given if name in _CONDITIONS]
    conditions += of_facts(given)
    if places is None:
        conditions += case_conditions(given)
    if cases is not None:
        conditions.append(_AT_PLACES)
    conditions += hidden_from(reader, values, of="audit_trail")
    conditions.append(
        "position > %(after)s" if places is None else "position = ANY (%(places)s)"
    )
    where = " AND ".join(conditions)
    query = f"SELECT position FROM audit_trail WHERE {where}"
    query += " ORDER BY position LIMIT %(limit)s"
    with connection.cursor(row_factory=scalar_row) as cursor:
        # Not prepared: a plan for any values passes over how selective these are.
        fitting = cursor.execute(query.encode(), values, prepare=False).fetchall()
    return rows_at(connection, fitting)


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the conditions name: the filters, and the terms of some."""
    numbers = {
        f"term_of_{name}": term(name, one)
        for name, one in given.items()
        if name not in _IN_ROWS - set(FACTS)
    }
    return dict(given) | numbers


def _words(given: Mapping[str, Any]) -> list[int]:
    return [term("word", one) for one in words(given.get("text", ""))]
