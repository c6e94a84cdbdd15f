"""The feed: recorded events in the order of their positions, from any place on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.exports.pseudonyms import Pseudonyms
from application.feed.event_message import EventMessage, event_message, filed_cases
from application.feed.feed_pseudonyms import under_pseudonyms
from application.record.envelope import Recorded, decode, is_about_a_case

SCANNED = 2_000
"""Events that one look at the feed passes at most: those of others are passed too."""


class FeedPage(Struct, frozen=True, kw_only=True):
    """A part of the feed.

    `upto`: the position behind which the next part begins, also where no message is;
    `is_end`: there was nothing behind it.
    """

    messages: tuple[EventMessage, ...]
    upto: int
    is_end: bool


class FeedFilter(Struct, frozen=True, kw_only=True):
    """Whose events, and of which kinds; None: all of them."""

    platform: str | None = None
    types: frozenset[str] | None = None
    case: UUID | None = None


def end_of_feed(connection: Connection[Any]) -> int:
    """Return the last position; 0 for an empty ledger."""
    query = "SELECT coalesce(max(position), 0) AS position FROM ledger"
    (row,) = connection.execute(query).fetchall()
    return int(_values(row)[0])


def has_events(connection: Connection[Any], case: UUID) -> bool:
    """Tell whether a case has events that the connection sees."""
    query = "SELECT EXISTS (SELECT 1 FROM events WHERE originator_id = %s) AS found"
    (row,) = connection.execute(query, (case,)).fetchall()
    return bool(_values(row)[0])


def events_after(
    connection: Connection[Any],
    after: int,
    limit: int,
    wanted: FeedFilter,
    end: int | None = None,
    pseudonyms: Pseudonyms | None = None,
) -> FeedPage:
    """Return up to `limit` messages behind a position, and up to `end`.

    `end` None: the last position that the connection sees. A request sees its caller's
    only, and would begin with the events of all others again and again. `pseudonyms`:
    those by which the reader knows people; None: the platform's own.

    An event that cannot be read ends the page before it: whoever reads on would never
    learn of it. Raises FeedBroken if it is the first.
    """
    if end is None:
        # First: what comes while the rows are read is behind it, and of the next look.
        end = end_of_feed(connection)
    rows = _rows(connection, after, end, wanted)
    shown, upto, broken = _readable(rows, after)
    if broken and not shown:
        raise FeedBroken(broken)
    cases = filed_cases(connection, {one.case for _, one in shown})
    found: list[EventMessage] = []
    for position, recorded in shown:
        told = under_pseudonyms(recorded, pseudonyms) if pseudonyms else recorded
        message = event_message(position, told, cases[recorded.case])
        if wanted.platform not in {None, message.platform}:
            continue
        if wanted.types is not None and message.type not in wanted.types:
            continue
        if len(found) == limit:
            return FeedPage(
                messages=tuple(found), upto=found[-1].position, is_end=False
            )
        found.append(message)
    is_end = len(rows) < SCANNED and not broken
    return FeedPage(
        messages=tuple(found), upto=max(after, end) if is_end else upto, is_end=is_end
    )


class FeedBroken(Exception):
    """An event of the record cannot be read; the message says at which position."""


def _rows(
    connection: Connection[Any], after: int, end: int, wanted: FeedFilter
) -> Sequence[tuple[Any, ...]]:
    rows = connection.execute(
        "SELECT l.position, e.topic, e.state"
        " FROM ledger l JOIN events e USING (notification_id)"
        " WHERE l.position > %s AND l.position <= %s"
        " AND (%s::uuid IS NULL OR l.originator_id = %s)"
        " ORDER BY l.position LIMIT %s",
        (after, end, wanted.case, wanted.case, SCANNED),
        prepare=True,
    ).fetchall()
    return [_values(row) for row in rows]


def _readable(
    rows: Sequence[tuple[Any, ...]], after: int
) -> tuple[list[tuple[int, Recorded]], int, str | None]:
    """Return the events of cases, how far they go, and what cannot be read."""
    shown, upto = [], after
    for position, topic, state in rows:
        if is_about_a_case(topic):
            try:
                shown.append((position, decode(state)))
            except ValueError as error:
                return shown, upto, f"position {position}: {type(error).__name__}"
        upto = position
    return shown, upto, None


def _values(row: Any) -> tuple[Any, ...]:
    return tuple(row.values()) if isinstance(row, dict) else tuple(row)
