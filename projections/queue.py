"""The queue: every case, what it waits for, from whom, until when.

Live cases are the mediators' queue, most urgent first; a party's own list of cases is
read from here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection

from application.record.envelope import Recorded
from domain.case.dispute import Dispute, Phase
from domain.deadlines.waiting_on import waiting_on
from domain.roles import Actor
from projections.barred_cases import hidden_from
from projections.queued_case import QueuedCase, next_state
from projections.read_model import CaseRow, OnPoison, Placed, View, over_one_row
from projections.typed_rows import struct_row


class QueueRow(CaseRow, frozen=True, kw_only=True):
    """One case. Times are UTC, the amount is in minor units.

    `due` is the end of the limit that runs first, or was missed first; `state` is the
    dispute as JSON, into which the next event is folded.
    """

    version: int
    phase: Phase
    platform: str
    channel: str
    category: str
    reason: str
    buyer: str | None
    seller: str | None
    assignee: str | None
    waiting_party: str | None
    waiting_for: str | None
    due: datetime | None
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    outcome: str | None
    claim_kind: str | None
    claim_amount: int | None
    currency: str | None
    imported_from: str | None
    state: str


DDL = """
CREATE TABLE queue (
    case_id       uuid PRIMARY KEY,
    version       bigint NOT NULL,
    phase         text NOT NULL,
    platform      text NOT NULL,
    channel       text NOT NULL,
    category      text NOT NULL,
    reason        text NOT NULL,
    buyer         text,
    seller        text,
    assignee      text,
    waiting_party text,
    waiting_for   text,
    due           timestamptz,
    opened_at     timestamptz NOT NULL,
    changed_at    timestamptz NOT NULL,
    closed_at     timestamptz,
    outcome       text,
    claim_kind    text,
    claim_amount  bigint,
    currency      text,
    imported_from text,
    state         text NOT NULL
);
CREATE INDEX queue_urgency ON queue (coalesce(due, 'infinity'), case_id)
    WHERE phase <> 'closed';
CREATE INDEX queue_opened ON queue (opened_at, case_id);
CREATE INDEX queue_buyer ON queue (buyer, opened_at, case_id);
CREATE INDEX queue_seller ON queue (seller, opened_at, case_id);
"""


def fold(row: QueueRow | None, placed: Placed) -> QueueRow:
    """Fold an event into the case's state, and read off it what the case waits for."""
    before = None
    if row is not None:
        before = QueuedCase(
            dispute=_state(row.state),
            channel=row.channel,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
        )
    return _row(next_state(before, placed.recorded), placed.recorded)


def whole(events: Sequence[Placed]) -> tuple[QueueRow, ...]:
    """Fold all events of a case without writing down the states between them."""
    case = None
    for placed in events:
        case = next_state(case, placed.recorded)
    return () if case is None else (_row(case, events[-1].recorded),)


def _row(case: QueuedCase, last: Recorded) -> QueueRow:
    dispute = case.dispute
    waiting = waiting_on(dispute)
    claimed = dispute.claim.amount if dispute.claim else None
    return QueueRow(
        case_id=last.case,
        version=last.version,
        phase=dispute.phase,
        platform=dispute.platform,
        channel=case.channel,
        category=dispute.category,
        reason=dispute.reason,
        buyer=dispute.buyer,
        seller=dispute.seller,
        assignee=dispute.assignee,
        waiting_party=waiting.party if waiting else None,
        waiting_for=waiting.awaited if waiting else None,
        due=waiting.due if waiting else None,
        opened_at=case.opened_at,
        changed_at=last.at,
        closed_at=case.closed_at,
        outcome=dispute.outcome,
        claim_kind=dispute.claim.kind if dispute.claim else None,
        claim_amount=claimed.amount if claimed else None,
        currency=claimed.currency if claimed else None,
        imported_from=last.imported.system if last.imported else None,
        state=msgspec.json.encode(dispute).decode(),
    )


_state = msgspec.json.Decoder(Dispute).decode

QUEUE = View(
    "queue",
    row=QueueRow,
    key=("case_id",),
    ddl=DDL,
    fold=over_one_row(fold),
    whole=whole,
    forms={"state": _state},
    on_poison=OnPoison.PARK,
    edition=2,
)


class Filters(Struct, frozen=True, kw_only=True):
    """Which cases to list; None: any. `overdue` is judged at `now` (UTC).

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
    reader: Actor | None = None


Sort = Literal["due", "opened"]
Place = tuple[datetime | None, UUID]
"""What a row is sorted by: its due or opening time, and its case."""

_CONDITIONS = {
    "platform": "platform = %(platform)s",
    "phase": "phase = %(phase)s",
    "category": "category = %(category)s",
    "assignee": "coalesce(assignee, '') = %(assignee)s",
    "waiting_party": "waiting_party = %(waiting_party)s",
    "buyer": "buyer = %(buyer)s",
    "seller": "seller = %(seller)s",
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
}


def listed(
    connection: Connection[Any],
    filters: Filters,
    *,
    sort: Sort,
    limit: int,
    after: Place | None = None,
) -> Sequence[QueueRow]:
    """List cases: the most urgent first, or the last opened first.

    `after` is the place of the last row of the page before.
    """
    given = {
        name: value
        for name, value in msgspec.structs.asdict(filters).items()
        if value is not None
    }
    reader = given.pop("reader", None)
    beyond, order = _PAGES[sort]
    conditions = [sql for name, sql in _CONDITIONS.items() if name in given]
    conditions += [_LIVE[given["live"]]] if "live" in given else []
    conditions += [_OVERDUE[given["overdue"]]] if "overdue" in given else []
    conditions += hidden_from(reader, given)
    if after is not None:
        conditions.append(beyond)
        given |= {"after_time": after[0] or "infinity", "after_case": after[1]}
    where = " AND ".join(conditions) or "true"
    query = f"SELECT * FROM queue q WHERE {where} {order} LIMIT %(limit)s"
    with connection.cursor(row_factory=struct_row(QueueRow)) as cursor:
        return cursor.execute(query.encode(), given | {"limit": limit}).fetchall()


def place(row: QueueRow, sort: Sort) -> Place:
    """Return the place after which the next page begins, if this row ends a page."""
    if sort == "opened":
        return row.opened_at, row.case_id
    return row.due, row.case_id
