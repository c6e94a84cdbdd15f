"""Finds events in the audit trail, in the order of their positions.

Terms are looked up chunk by chunk, so that a page costs the same whether a filter fits
every event or ten of ten millions. Positions are found as the application, since row
security keeps an array from being looked up in an index; then the rows at these
positions are read as the caller, and held against every condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.record.database import Database
from application.record.envelope import decode
from application.record.row_scope import Beyond, beyond
from domain.roles import Actor
from projections.audit.audit_chunks import positions
from projections.audit.audit_terms import CHUNK_BITS, HASH_BITS, term
from projections.audit.audit_trail import AUDIT_TRAIL
from projections.audit.search_words import words
from projections.audit.trail_row import TrailRow, trail_row
from projections.queue.barred_cases import hidden_from
from projections.view_audit.view_rounds import check_sound


class Search(Struct, frozen=True, kw_only=True):
    """Which events to find; None: any. Times are UTC, `until` excluded.

    `reader` is who looks for them: staff is not shown cases that staff may not read.
    `buyer`, `seller`, `order` and `category` find the events of their cases; `late`,
    `decider` and `outcome` those of cases from the moment on at which this party had
    missed a limit, this person had decided, or the case had ended so: several of them
    meet in its later events. `rule` finds events that cite a rule or began its limit,
    `text` those whose texts have all of its words (and of the order's, where a case is
    decided, late or closed), `request` what an HTTP request led to.
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
    "case_id": "case_id = %(case_id)s",
    "buyer": _OF_CASES.format("f.buyer = %(buyer)s"),
    "order": _OF_CASES.format("f.order_id = %(order)s"),
    # Also their texts: some other seller's number may be the same.
    "platform": _OF_CASE.format("f.platform") + " = %(platform)s",
    "seller": _OF_CASE.format("f.seller") + " = %(seller)s",
    "category": _OF_CASE.format(
        "f.category = %(category)s OR split_part(f.category, '/', 1) = %(category)s"
    ),
    # As an expression: the index over times would be read for the whole period.
    "since": "at + interval '0' >= %(since)s",
    "until": "at + interval '0' < %(until)s",
}
_TERMS = (
    f"terms @> ARRAY(SELECT position >> {CHUNK_BITS} << {HASH_BITS} | term"
    " FROM unnest(%(terms)s::bigint[]) AS wanted (term))"
)
_EVENTS = """
SELECT l.position, e.state FROM ledger l JOIN events e USING (notification_id)
WHERE l.position = ANY (%s) ORDER BY l.position
"""
_FEW = frozenset({"case_id", "buyer", "order"})
"""Filters that leave the events of a few cases, whatever else is asked for."""

MOST_LOOKED_UP = 8
"""Words that are looked up in the index; the rows found are held against all."""

_NO_TERM = _FEW | {"text", "since", "until", "reader"}


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
    spoken = [term("word", one) for one in words(given.get("text", ""))]
    if "text" in given and not spoken:
        return ()
    named = [term(name, one) for name, one in given.items() if name not in _NO_TERM]
    with database.get_connection() as connection:
        check_sound(connection, AUDIT_TRAIL.name)
        if given.keys() & _FEW:
            given["terms"] = named + spoken
            return _events(connection, _fitting(connection, given, limit, after=after))
    given["terms"] = spoken
    return _walked(database, given, named + spoken[:MOST_LOOKED_UP], limit, after)


def _walked(
    database: Database,
    given: Mapping[str, Any],
    wanted: Sequence[int],
    limit: int,
    after: int,
) -> Sequence[TrailRow]:
    """Find events by the index of terms, chunk by chunk, until there are enough."""
    period = (given.get("since"), given.get("until"))
    fitting: list[int] = []
    while True:
        left = limit - len(fitting)
        with beyond(Beyond.SEARCH), database.get_connection() as connection:
            places = positions(connection, wanted, period, limit=left, after=after)
        with database.get_connection() as connection:
            fitting += _fitting(connection, given, left, places=places)
            if len(fitting) == limit or len(places) < left:
                return _events(connection, fitting)
        after = places[-1]


def _fitting(
    connection: Connection[Any],
    given: Mapping[str, Any],
    limit: int,
    *,
    after: int = 0,
    places: Sequence[int] | None = None,
) -> list[int]:
    """Return which events fit: of those at some places, or after a position."""
    values = dict(given) | {"after": after, "places": places, "limit": limit}
    reader = values.pop("reader", None)
    conditions = [_CONDITIONS[name] for name in given if name in _CONDITIONS]
    if given["terms"]:
        conditions.append(_TERMS)
    conditions += hidden_from(reader, values, of="audit_trail")
    conditions.append(
        "position > %(after)s" if places is None else "position = ANY (%(places)s)"
    )
    where = " AND ".join(conditions)
    query = f"SELECT position FROM audit_trail WHERE {where}"
    query += " ORDER BY position LIMIT %(limit)s"
    with connection.cursor(row_factory=tuple_row) as cursor:
        # Not prepared: a plan for any values passes over how selective these are.
        rows = cursor.execute(query.encode(), values, prepare=False)
        return [place for (place,) in rows]


def _events(connection: Connection[Any], places: Sequence[int]) -> Sequence[TrailRow]:
    """Read events from the record."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        rows = cursor.execute(_EVENTS.encode(), (list(places),), prepare=True)
        return [trail_row(position, decode(state)) for position, state in rows]
