"""The cases that wait for the platform and that nobody has taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from psycopg.rows import scalar_row

from application.record.database import Database
from application.record.row_scope import Beyond, beyond
from domain.roles import Actor, Party, Role
from projections.queue.case_conditions import Filters
from projections.queue.case_pages import Place
from projections.queue.case_search import listed, place
from projections.queue.queue_view import QueueRow
from projections.tables.view_presence import ViewMissing

CLAIMABLE = 20
"""Unclaimed cases are looked up in such pages: mostly the first one can be taken."""


class Skills(Struct, frozen=True, kw_only=True):
    """What somebody can take: categories (None: all), and the language of a buyer."""

    categories: tuple[str, ...] | None = None
    language: str | None = None


ANY = Skills()


def unclaimed(
    database: Database,
    platform: str | None,
    taker: Actor,
    now: datetime,
    skills: Skills = ANY,
) -> Iterator[UUID]:
    """Yield the cases that wait for the platform and that nobody has, urgent first.

    Those that the taker may not read are left out.
    """
    filters = Filters(
        now=now,
        platform=platform,
        reader=taker,
        live=True,
        assignee="",
        waiting_party=Party.PLATFORM,
        categories=skills.categories,
        language=skills.language,
        # Appeals are decided by supervisors.
        without_appeals=True if taker.role is Role.MEDIATOR else None,
    )
    after: Place | None = None
    while True:
        rows = listed(database, filters, sort="due", limit=CLAIMABLE, after=after)
        yield from _left(database, rows)
        if len(rows) < CLAIMABLE:
            return
        after = place(rows[-1], "due")


# The queue lags behind the record by a moment, in which many cases may be taken.
_LEFT = """
SELECT u.case_id FROM unnest(%s::uuid[], %s::bigint[]) WITH ORDINALITY
    AS u (case_id, version, place)
WHERE NOT EXISTS (SELECT FROM events e WHERE e.originator_id = u.case_id
    AND e.originator_version > u.version AND e.topic = 'mediator-assigned')
ORDER BY u.place
"""


def _left(database: Database, rows: Sequence[QueueRow]) -> Sequence[UUID]:
    """Return those cases that nobody has taken since the queue has seen them."""
    told = [row.case_id for row in rows], [row.version for row in rows]
    with (
        database.get_connection() as connection,
        connection.cursor(row_factory=scalar_row) as cursor,
    ):
        return cursor.execute(_LEFT, told).fetchall()


# Of the events that the queue has not followed yet, those that give somebody a case.
_OPEN = """
SELECT (SELECT coalesce(sum(cases), 0) FROM queue_assignees
    WHERE platform = %(platform)s AND assignee = %(person)s)::bigint
+ (SELECT count(DISTINCT e.originator_id) FROM events e
    JOIN case_parties p ON p.case_id = e.originator_id AND p.platform = %(platform)s
    WHERE e.topic = 'mediator-assigned' AND e.notification_id > (
        SELECT coalesce(max(l.notification_id), 0) FROM ledger l
        WHERE l.position = f.position)
    AND event_in(e.state) ->> 'mediator' = %(person)s
    AND NOT EXISTS (SELECT FROM queue q
        WHERE q.case_id = e.originator_id AND q.assignee = %(person)s))
FROM followers f WHERE f.name = 'queue'
"""


def open_cases(database: Database, platform: str, person: str) -> int:
    """Return how many live cases somebody has; just taken ones count as well."""
    values = {"platform": platform, "person": person}
    with (
        beyond(Beyond.COUNTS),
        database.get_connection() as connection,
        connection.cursor(row_factory=scalar_row) as cursor,
    ):
        many = cursor.execute(_OPEN, values).fetchone()
    if many is None:
        raise ViewMissing("queue")
    return int(many)
