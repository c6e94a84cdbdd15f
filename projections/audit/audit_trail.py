"""The audit trail: where every event of every case stands, and what it is found by.

It indexes the record and copies nothing of it that is shown: what a search finds is
read from the record itself (`trail_row.py`).
"""

from __future__ import annotations

from datetime import datetime

from domain.filing.events import Filed
from projections.audit.audit_terms import terms
from projections.placed_events import Placed
from projections.read_model import CaseRow, OnPoison, View
from projections.tables.view_policies import of_case


class TrailEntry(CaseRow, frozen=True, kw_only=True):
    """One event. `at`: when it happened (UTC). `terms`: see `audit_terms.py`.

    `platform`, the parties, `category` and `order_id` are set for the first event of a
    case only.
    """

    position: int
    version: int
    at: datetime
    platform: str | None
    buyer: str | None
    seller: str | None
    category: str | None
    order_id: str | None
    terms: tuple[int, ...]


DDL = """
CREATE TABLE audit_trail (
    position        bigint PRIMARY KEY,
    case_id         uuid NOT NULL,
    version         bigint NOT NULL,
    at              timestamptz NOT NULL,
    platform        text,
    buyer           text,
    seller          text,
    category        text,
    order_id        text,
    terms           bigint[] NOT NULL
);
CREATE UNIQUE INDEX audit_trail_case ON audit_trail (case_id, version);
CREATE INDEX audit_trail_terms ON audit_trail USING gin (terms)
    WITH (fastupdate = on);
CREATE INDEX audit_trail_times ON audit_trail ((position >> 12), at);
CREATE INDEX audit_trail_buyer ON audit_trail (buyer) WHERE buyer IS NOT NULL;
CREATE INDEX audit_trail_order ON audit_trail (order_id) WHERE order_id IS NOT NULL;
"""


def fold(rows: tuple[TrailEntry, ...], placed: Placed) -> tuple[TrailEntry, ...]:
    """Add one row for the event, with what it is found by."""
    recorded = placed.recorded
    filed = recorded.event if isinstance(recorded.event, Filed) else None
    entry = TrailEntry(
        case_id=recorded.case,
        position=placed.position,
        version=recorded.version,
        at=recorded.at,
        platform=filed.platform if filed else None,
        buyer=filed.buyer if filed else None,
        seller=filed.seller if filed else None,
        category=f"{filed.category}/{filed.reason}" if filed else None,
        order_id=filed.order if filed else None,
        terms=terms(placed.position, recorded, placed.after),
    )
    return (*rows, entry)


AUDIT_TRAIL = View(
    "audit_trail",
    row=TrailEntry,
    key=("position",),
    ddl=DDL,
    fold=fold,
    on_poison=OnPoison.HALT,
    grows=True,
    settled="audit_trail_terms",
    seen=of_case("audit_trail"),
)
