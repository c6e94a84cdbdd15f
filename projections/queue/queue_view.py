"""The queue: every case, what it waits for, from whom, until when.

Live cases are the mediators' queue, most urgent first; a party's own list of cases is
read from here too.
"""

from __future__ import annotations

from datetime import datetime

from domain.case.dispute import Dispute, Phase
from domain.case_number import case_number
from domain.deadlines.waiting_on import waiting_on
from projections.following.evolved_case import EvolvedCase
from projections.placed_events import Placed
from projections.queue.queue_cell import QueueCell
from projections.queue.queue_counts import QueueCounts
from projections.read_model import CaseRow, OnPoison, View
from projections.tables.view_policies import QUEUED


class QueueRow(CaseRow, frozen=True, kw_only=True):
    """One case. Times are UTC, the amount is in minor units.

    `due` is the end of the limit that runs first, or was missed first; `policy` the
    profile that the case goes by. `title`, `sku` and `shop` are the order's as filed.
    `seller_since` is the version with which the seller became part of the case;
    `language` the one that the buyer asked to be written to in. `drafted_by` wrote the
    ruling that waits for a second person. `cell`: that of all cases which most filters
    cannot tell apart (see `queue_cell.py`).
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
    policy: str | None
    case_number: str
    order_id: str | None
    order_line: str | None
    title: str | None
    sku: str | None
    shop: str | None
    seller_since: int | None
    tags: tuple[str, ...]
    language: str | None
    drafted_by: str | None
    cell: int


COLUMNS = ", ".join(QueueRow.__struct_fields__)
"""The columns of a row; the table has one more, which indexes need."""

# `urgency` is a column: an index of an expression would not do without the rows.
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
    policy        text,
    case_number   text NOT NULL,
    order_id      text,
    order_line    text,
    title         text,
    sku           text,
    shop          text,
    seller_since  bigint,
    tags          text[] NOT NULL,
    language      text,
    drafted_by    text,
    cell          bigint NOT NULL,
    urgency       timestamptz GENERATED ALWAYS AS (coalesce(due, 'infinity')) STORED
);
-- Lists by what most filters name: cell by cell, each in the order of the list.
CREATE INDEX queue_cell_due ON queue (cell, urgency, case_id)
    INCLUDE (opened_at, changed_at);
CREATE INDEX queue_cell_opened ON queue (cell, opened_at, case_id)
    INCLUDE (urgency);
CREATE INDEX queue_cell_changed ON queue (cell, changed_at, case_id)
    INCLUDE (urgency);
CREATE INDEX queue_cell_closed ON queue (cell, closed_at, case_id)
    INCLUDE (urgency) WHERE closed_at IS NOT NULL;
-- All cases of a platform, live ones by urgency.
CREATE INDEX queue_urgency ON queue (platform, urgency, case_id)
    WHERE phase <> 'closed';
CREATE INDEX queue_opened ON queue (platform, opened_at, case_id);
CREATE INDEX queue_changed ON queue (platform, changed_at, case_id);
CREATE INDEX queue_closed ON queue (platform, closed_at, case_id)
    WHERE closed_at IS NOT NULL;
-- A person's cases: those of a buyer or of a mediator are few enough to be sorted.
CREATE INDEX queue_buyer ON queue (buyer, opened_at, case_id);
CREATE INDEX queue_seller ON queue (seller, opened_at, case_id);
CREATE INDEX queue_seller_due ON queue (seller, urgency, case_id);
CREATE INDEX queue_seller_changed ON queue (seller, changed_at, case_id);
CREATE INDEX queue_seller_closed ON queue (seller, closed_at, case_id)
    WHERE closed_at IS NOT NULL;
CREATE INDEX queue_assignee ON queue (assignee, urgency, case_id)
    WHERE assignee IS NOT NULL;
-- Few rulings wait for a second person at a time.
CREATE INDEX queue_drafted ON queue (platform, urgency, case_id)
    WHERE drafted_by IS NOT NULL;
CREATE INDEX queue_number ON queue (case_number);
CREATE INDEX queue_order ON queue (order_id, opened_at, case_id);
"""


def row(last: Placed) -> QueueRow:
    """Read off a case's state what it waits for, after the last of its events."""
    case, recorded = last.after, last.recorded
    dispute = case.dispute
    waiting = waiting_on(dispute)
    claimed = dispute.claim.amount if dispute.claim else None
    return QueueRow(
        case_id=recorded.case,
        version=recorded.version,
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
        changed_at=recorded.at,
        closed_at=case.closed_at,
        outcome=dispute.outcome,
        claim_kind=dispute.claim.kind if dispute.claim else None,
        claim_amount=claimed.amount if claimed else None,
        currency=claimed.currency if claimed else None,
        imported_from=recorded.imported.system if recorded.imported else None,
        policy=dispute.policy,
        case_number=case_number(recorded.case, case.opened_at),
        order_id=case.order.id,
        order_line=case.order.line,
        title=case.order.title,
        sku=case.order.sku,
        shop=case.order.shop,
        seller_since=case.seller_since,
        tags=dispute.tags,
        language=case.language,
        drafted_by=_drafter(dispute),
        cell=_cell(case),
    )


def _drafter(dispute: Dispute) -> str | None:
    """Return who wrote the ruling that waits to be issued."""
    if dispute.draft is None or dispute.phase is not Phase.RULING:
        return None
    return dispute.draft.by


def _cell(case: EvolvedCase) -> int:
    """Return the number of the cell that a case belongs to."""
    dispute, waiting = case.dispute, waiting_on(case.dispute)
    return QueueCell(
        platform=dispute.platform,
        phase=dispute.phase,
        waiting_party=waiting.party if waiting else "",
        claimed=dispute.assignee is not None,
        outcome=dispute.outcome or "",
        category=dispute.category,
        reason=dispute.reason,
        language=case.language or "",
    ).number


QUEUE = View(
    "queue",
    row=QueueRow,
    key=("case_id",),
    ddl=DDL,
    last=row,
    on_poison=OnPoison.PARK,
    edition=7,
    seen=QUEUED,
    sums=QueueCounts(),
    leaves=True,
)
