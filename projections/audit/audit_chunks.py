"""Where events stand that have some terms, or happened in a period: chunk by chunk.

A statement goes through the chunks in their order and ends once it has found enough, so
that it reads a few thousand rows at most that it does not return, however many fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from projections.audit.audit_terms import CHUNK_BITS, HASH_BITS
from projections.audit.fact_conditions import Term

AT_ONCE = 4
"""Chunks that are looked up together: to look up each by itself takes twice as long
where few events fit; more would be much to sort where many do."""

BY_ITSELF = 2
"""Chunks that are looked up first, one by one: many filters find a page in them."""

Period = tuple[datetime | None, datetime | None]

_IN_PERIOD = (
    "at >= coalesce(%(since)s, '-infinity'::timestamptz)"
    " AND at < coalesce(%(until)s, 'infinity'::timestamptz)"
)
# LIMIT keeps each look into an index by itself: as a join, the index would be read from
# one end to the other. Positions are sorted and compared as expressions, so that none
# are gone through in their order only to drop what does not fit: from the middle of
# eight million events on, that took more than a second.
_CHUNKS = "generate_series(%(first)s::bigint, %(last)s, {step}) AS chunk"
_PROBED = f""",
LATERAL (SELECT 1 FROM audit_trail WHERE position >> {CHUNK_BITS} = chunk
    AND {_IN_PERIOD} LIMIT 1) AS one"""
_HITS = """
SELECT position FROM {chunks}, LATERAL (
    SELECT position FROM audit_trail WHERE {conditions} AND position + 0 > %(after)s
    ORDER BY position + 0 LIMIT %(limit)s) AS hit
LIMIT %(limit)s
"""
_ALL = """
SELECT position FROM audit_trail WHERE position > %(after)s
ORDER BY position LIMIT %(limit)s
"""


def positions(
    connection: Connection[Any],
    terms: Sequence[Term],
    period: Period,
    *,
    limit: int,
    after: int,
) -> list[int]:
    """Return the positions of events that fit, in their order; fewer: the last ones.

    Of several terms in one place, an event has to have one.
    """
    first = after >> CHUNK_BITS
    several = [one if isinstance(one, tuple) else (one,) for one in terms]
    values: dict[str, Any] = {
        f"term_{n}_{k}": one
        for n, some in enumerate(several)
        for k, one in enumerate(some)
    }
    values |= {"since": period[0], "until": period[1], "after": after}
    with connection.cursor(row_factory=tuple_row) as cursor:
        end = cursor.execute("SELECT max(position) FROM audit_trail").fetchone()
        last = (end[0] if end and end[0] is not None else 0) >> CHUNK_BITS
        stretches = [(first, last, 1)]
        if terms and period == (None, None):
            own = first + BY_ITSELF
            stretches = [(first, min(own - 1, last), 1), (own, last, AT_ONCE)]
        found: list[int] = []
        for begin, until, many in stretches:
            left = {"first": begin, "last": until, "limit": limit - len(found)}
            query = _query(
                [*map(len, several)], many, has_period=period != (None, None)
            )
            # In this order: the loop over the chunks is the outer one.
            rows = cursor.execute(query.encode(), values | left, prepare=False)
            found += [place for (place,) in rows]
            if len(found) == limit:
                break
    return found


def _query(terms: Sequence[int], many: int, *, has_period: bool) -> str:
    if not terms and not has_period:
        return _ALL
    chunks = _CHUNKS.format(step=many)
    conditions = [_has_term(n, some, many) for n, some in enumerate(terms)]
    if has_period:
        chunks += _PROBED
        if terms:
            # As an expression: the index over times would be read for all chunks.
            conditions.append(_IN_PERIOD.replace("at ", "at + interval '0' "))
        else:
            conditions += [_IN_PERIOD, f"position >> {CHUNK_BITS} = chunk"]
    return _HITS.format(chunks=chunks, conditions=" AND ".join(conditions))


def _has_term(number: int, some: int, many: int) -> str:
    """Return the condition that an event of some chunks has one of some terms."""
    # What an event has is a term of its own chunk: so several terms are of one chunk.
    of_chunks = ", ".join(
        f"(chunk + {one}) << {HASH_BITS} | %(term_{number}_{k})s::bigint"
        for one in range(many)
        for k in range(some)
    )
    return f"terms && ARRAY[{of_chunks}]"
