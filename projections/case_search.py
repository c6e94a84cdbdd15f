"""Finds cases in the queue: by what they are, whose they are and what they wait for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import scalar_row

from domain.case.dispute import Phase
from domain.roles import Actor
from projections.barred_cases import hidden_from
from projections.queue import QueueRow
from projections.typed_rows import struct_row


class Filters(Struct, frozen=True, kw_only=True):
    """Which cases to find; None: any. `overdue` is judged at `now` (UTC).

    `party` is the buyer or the seller. `text` is looked for in what the case is found
    by: number, order, title, SKU, shop and parties; never in sealed texts. `heard_by`
    is a seller, who finds the cases from their admission on. `without_appeals` leaves
    out what waits for a supervisor. `decider` has refused, ruled, or decided an appeal.
    Amounts are claimed ones, in minor units of `currency`, both ends included;
    `closed_until` is not included.

    `reader` is who looks at the list: staff is not shown the cases that staff may not
    read.
    """

    now: datetime
    platform: str | None = None
    live: bool | None = None
    phase: str | None = None
    category: str | None = None
    assignee: str | None = None
    waiting_party: str | None = None
    overdue: bool | None = None
    buyer: str | None = None
    seller: str | None = None
    party: str | None = None
    heard_by: str | None = None
    order: str | None = None
    number: str | None = None
    changed_since: datetime | None = None
    text: str | None = None
    tag: str | None = None
    without_appeals: bool | None = None
    outcome: str | None = None
    decider: str | None = None
    liability: str | None = None
    currency: str | None = None
    min_amount: int | None = None
    max_amount: int | None = None
    closed_since: datetime | None = None
    closed_until: datetime | None = None
    reader: Actor | None = None


Sort = Literal["due", "opened", "changed"]
Place = tuple[datetime | None, UUID]
"""What a row is sorted by: its due, opening or last change, and its case."""

_CONDITIONS = {
    "platform": "platform = %(platform)s",
    "phase": "phase = %(phase)s",
    "category": "category = %(category)s",
    "assignee": "coalesce(assignee, '') = %(assignee)s",
    # What waits for both waits for each of them.
    "waiting_party": "(waiting_party = %(waiting_party)s OR waiting_party = 'both'"
    " AND %(waiting_party)s IN ('buyer', 'seller'))",
    "party": "(buyer = %(party)s OR seller = %(party)s)",
    "heard_by": "seller = %(heard_by)s AND seller_since IS NOT NULL",
    "order": "order_id = %(order)s",
    "number": "case_number = %(number)s",
    "changed_since": "changed_at >= %(changed_since)s",
    "tag": "tags @> ARRAY[%(tag)s]",
    "without_appeals": "phase <> 'appeal'",
    # strpos, not LIKE: a text may hold % and _.
    "text": "strpos(lower(concat_ws(' ', case_number, order_id, title, sku, shop,"
    " buyer, seller)), lower(%(text)s)) > 0",
    "buyer": "buyer = %(buyer)s",
    "seller": "seller = %(seller)s",
    "outcome": "outcome = %(outcome)s",
    "currency": "currency = %(currency)s",
    "min_amount": "claim_amount >= %(min_amount)s",
    "max_amount": "claim_amount <= %(max_amount)s",
    "closed_since": "closed_at >= %(closed_since)s",
    "closed_until": "closed_at < %(closed_until)s",
    # Who decided, and against whom, stands in the rows that figures are counted from.
    "decider": "case_id IN (SELECT case_id FROM transparency"
    " WHERE decider = %(decider)s OR appeal_decider = %(decider)s)",
    "liability": "case_id IN (SELECT case_id FROM transparency"
    " WHERE liability = %(liability)s)",
}
_LIVE = {True: "phase <> 'closed'", False: "phase = 'closed'"}
_OVERDUE = {
    True: "due < %(now)s AND phase <> 'closed'",
    False: "(due IS NULL OR due >= %(now)s OR phase = 'closed')",
}
_DUE = "coalesce(due, 'infinity')"
# A page begins after a row and not after a number of rows: cases come and go meanwhile.
_PAGES = {
    "due": (
        f"({_DUE}, case_id) > (%(after_time)s::timestamptz, %(after_case)s)",
        f"ORDER BY {_DUE}, case_id",
    ),
    "opened": (
        "(opened_at, case_id) < (%(after_time)s::timestamptz, %(after_case)s)",
        "ORDER BY opened_at DESC, case_id DESC",
    ),
    "changed": (
        "(changed_at, case_id) > (%(after_time)s::timestamptz, %(after_case)s)",
        "ORDER BY changed_at, case_id",
    ),
}


def listed(
    connection: Connection[Any],
    filters: Filters,
    *,
    sort: Sort,
    limit: int,
    after: Place | None = None,
) -> Sequence[QueueRow]:
    """List cases: the most urgent first, the last opened, or the longest unchanged.

    `after` is the place of the last row of the page before.
    """
    beyond, order = _PAGES[sort]
    conditions, given = _where(filters)
    if after is not None:
        conditions.append(beyond)
        given |= {"after_time": after[0] or "infinity", "after_case": after[1]}
    where = " AND ".join(conditions) or "true"
    query = f"SELECT * FROM queue q WHERE {where} {order} LIMIT %(limit)s"
    with connection.cursor(row_factory=struct_row(QueueRow)) as cursor:
        return cursor.execute(query.encode(), given | {"limit": limit}).fetchall()


def drawn(
    connection: Connection[Any], filters: Filters, *, size: int, seed: str
) -> tuple[int, Sequence[QueueRow]]:
    """Draw cases at random, the same for one seed; return of how many, and the cases.

    A case keeps its place in the draw whatever other cases come, so that a sample that
    is drawn again later differs only by those.
    """
    conditions, given = _where(filters)
    where = " AND ".join(conditions) or "true"
    query = (
        f"SELECT * FROM queue q WHERE {where} ORDER BY"
        " sha256(convert_to(%(seed)s || ':' || case_id::text, 'UTF8')) LIMIT %(size)s"
    )
    number = f"SELECT count(*) FROM queue q WHERE {where}"
    with connection.transaction():
        # Both see one state of the queue.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with connection.cursor(row_factory=scalar_row) as cursor:
            population = cursor.execute(number.encode(), given).fetchone()
        with connection.cursor(row_factory=struct_row(QueueRow)) as rows:
            more = {"seed": seed, "size": size}
            found = rows.execute(query.encode(), given | more).fetchall()
    return population or 0, found


class CaseCounts(Struct, frozen=True, kw_only=True):
    """How many cases there are of each phase and party waited for."""

    phase: Phase
    waiting_party: str | None
    cases: int
    overdue: int


def counted(connection: Connection[Any], filters: Filters) -> Sequence[CaseCounts]:
    """Count the cases that the filters find, by phase and by who is waited for."""
    conditions, given = _where(filters)
    where = " AND ".join(conditions) or "true"
    query = (
        "SELECT phase, waiting_party, count(*) AS cases,"
        f" count(*) FILTER (WHERE {_OVERDUE[True]}) AS overdue"
        f" FROM queue q WHERE {where} GROUP BY phase, waiting_party"
    )
    with connection.cursor(row_factory=struct_row(CaseCounts)) as cursor:
        return cursor.execute(query.encode(), given | {"now": filters.now}).fetchall()


def _where(filters: Filters) -> tuple[list[str], dict[str, Any]]:
    given = {
        name: value
        for name, value in msgspec.structs.asdict(filters).items()
        if value is not None
    }
    reader = given.pop("reader", None)
    conditions = [sql for name, sql in _CONDITIONS.items() if name in given]
    conditions += [_LIVE[given["live"]]] if "live" in given else []
    conditions += [_OVERDUE[given["overdue"]]] if "overdue" in given else []
    conditions += hidden_from(reader, given)
    return conditions, given


def place(row: QueueRow, sort: Sort) -> Place:
    """Return the place after which the next page begins, if this row ends a page."""
    times = {"opened": row.opened_at, "changed": row.changed_at, "due": row.due}
    return times[sort], row.case_id
