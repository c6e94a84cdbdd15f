"""Counts the cases that filters find: by phase, by who is waited for, and overdue ones.

Where the filters name what cells have in common, counts are added up and no case is
read, but for those that fell due within the last hour and those that staff may not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.record.database import Database
from domain.case.dispute import Phase
from projections.queue.barred_cases import hidden_from
from projections.queue.barred_rows import barred_rows
from projections.queue.case_conditions import (
    CELLULAR,
    DUE,
    OVERDUE,
    Filters,
    cell_conditions,
    conditions_of,
    given_values,
)
from projections.queue.queue_view import QueueRow
from projections.tables.typed_rows import struct_row


class CaseCounts(Struct, frozen=True, kw_only=True):
    """How many cases there are of each phase and party waited for."""

    phase: Phase
    waiting_party: str | None
    cases: int
    overdue: int


class AssigneeCount(Struct, frozen=True, kw_only=True):
    """How many live cases somebody has."""

    assignee: str
    cases: int


MOST_ASSIGNEES = 500
"""So many people are told, those with most cases first."""

Kind = tuple[str, str]
"""Phase, and party waited for; "": none."""


def counted(
    database: Database, filters: Filters, *, late: bool = True
) -> Sequence[CaseCounts]:
    """Count the cases that the filters find, by phase and by who is waited for.

    Without `late`, nothing is said of those that are overdue: by some filters they are
    found case by case, which takes a third of a second where 300,000 live.
    """
    asked = given_values(filters).keys() - {"now", "overdue"}
    if not asked <= CELLULAR:
        with database.get_connection() as connection:
            return _by_reading(connection, filters)
    # As the application: row security hides these from whoever asks.
    barred = barred_rows(database, filters)
    with database.get_connection() as connection, connection.transaction():
        # All parts see one state of the queue.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cases = _cases(connection, filters)
        if not late:
            overdue: Counter[Kind] = Counter()
        elif asked & _FINE:
            overdue = _overdue_in_cells(connection, filters)
        else:
            overdue = _overdue_by_hours(connection, filters, barred)
    cases.subtract(map(_kind, barred))
    return tuple(_told(cases, overdue, filters))


def assignees(database: Database, filters: Filters) -> Sequence[AssigneeCount]:
    """Count the live cases of each person who has some, most first."""
    barred = barred_rows(database, filters)
    conditions, given = ["cases > 0"], given_values(filters)
    conditions += ["platform = %(platform)s"] if filters.platform is not None else []
    conditions += ["phase <> 'appeal'"] if filters.without_appeals else []
    query = (
        "SELECT assignee, sum(cases)::bigint FROM queue_assignees"
        f" WHERE {' AND '.join(conditions)} GROUP BY assignee"
    )
    with (
        database.get_connection() as connection,
        connection.cursor(row_factory=tuple_row) as cursor,
    ):
        found: Counter[str] = Counter(
            dict(cursor.execute(query.encode(), given).fetchall())
        )
    # Counts are of all cases: what the reader may not see is taken off again.
    found.subtract(row.assignee for row in barred if row.assignee)
    ordered = sorted((+found).items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        AssigneeCount(assignee=name, cases=cases)
        for name, cases in ordered[:MOST_ASSIGNEES]
    )


_FINE = {"category", "categories", "reason", "language", "outcome", "unclaimed"}
"""Filters that the counts by hours do not tell apart."""


def _cases(connection: Connection[Any], filters: Filters) -> Counter[Kind]:
    query = (
        "SELECT phase, waiting_party, sum(cases)::bigint FROM queue_cells"
        f" WHERE {' AND '.join(cell_conditions(filters))} GROUP BY 1, 2"
    )
    return _counter(connection, query, given_values(filters))


def _overdue_in_cells(connection: Connection[Any], filters: Filters) -> Counter[Kind]:
    """Count what is overdue case by case, in the index of each cell."""
    given = given_values(filters)
    hidden = hidden_from(filters.reader, given)
    where = " AND ".join([OVERDUE[True], *hidden])
    query = (
        "SELECT c.phase, c.waiting_party, sum(o.cases)::bigint"
        f" FROM (SELECT * FROM queue_cells WHERE {_live_cells(filters)}) c"
        " CROSS JOIN LATERAL (SELECT count(*) AS cases FROM queue q"
        f" WHERE q.cell = c.cell AND {where}) o GROUP BY 1, 2"
    )
    return _counter(connection, query, given)


def _overdue_by_hours(
    connection: Connection[Any], filters: Filters, barred: Sequence[QueueRow]
) -> Counter[Kind]:
    """Count what is overdue: by hours that are over, and the cases of this one."""
    # What is due at the end of the hour that ends now is not overdue yet.
    hour = (filters.now - _INSTANT).replace(minute=0, second=0, microsecond=0)
    given = given_values(filters) | {"hour": hour}
    query = (
        "SELECT phase, waiting_party, sum(cases)::bigint FROM queue_dues"
        f" WHERE until <= %(hour)s AND {_live_cells(filters)} GROUP BY 1, 2"
    )
    found = _counter(connection, query, given)
    found.subtract(_kind(row) for row in barred if row.due and row.due <= hour)
    shown = [*cell_conditions(filters)[1:], *hidden_from(filters.reader, given)]
    where = " AND ".join([OVERDUE[True], f"{DUE} > %(hour)s", _LIVE, *shown])
    edge = (
        "SELECT n.* FROM (SELECT DISTINCT platform FROM queue_cells) p"
        " CROSS JOIN LATERAL (SELECT phase, coalesce(waiting_party, ''), count(*)"
        f" FROM queue q WHERE q.platform = p.platform AND {where} GROUP BY 1, 2) n"
    )
    found.update(_counter(connection, edge, given))
    return found


_LIVE = "phase <> 'closed'"
_INSTANT = timedelta(microseconds=1)


def _live_cells(filters: Filters) -> str:
    return " AND ".join([*cell_conditions(filters), _LIVE])


def _counter(
    connection: Connection[Any], query: str, given: dict[str, Any]
) -> Counter[Kind]:
    found: Counter[Kind] = Counter()
    with connection.cursor(row_factory=tuple_row) as cursor:
        for phase, party, cases in cursor.execute(query.encode(), given):
            found[phase, party] += cases
    return found


def _kind(row: QueueRow) -> Kind:
    return row.phase, row.waiting_party or ""


def _told(
    cases: Counter[Kind], overdue: Counter[Kind], filters: Filters
) -> Iterator[CaseCounts]:
    """Yield the counts of what is asked for: overdue cases, others, or both."""
    only = filters.overdue
    for (phase, party), number in sorted(cases.items()):
        late = overdue[phase, party]
        shown = {None: number, True: late, False: number - late}[only]
        if shown:
            yield CaseCounts(
                phase=Phase(phase),
                waiting_party=party or None,
                cases=shown,
                overdue=0 if only is False else late,
            )


def _by_reading(connection: Connection[Any], filters: Filters) -> Sequence[CaseCounts]:
    """Count case by case: those of a person, of an order, or found by a text."""
    conditions, given = conditions_of(filters)
    where = " AND ".join(conditions) or "true"
    query = (
        "SELECT phase, waiting_party, count(*) AS cases,"
        f" count(*) FILTER (WHERE {OVERDUE[True]}) AS overdue"
        f" FROM queue q WHERE {where} GROUP BY phase, waiting_party"
    )
    with connection.cursor(row_factory=struct_row(CaseCounts)) as cursor:
        return cursor.execute(query.encode(), given | {"now": filters.now}).fetchall()
