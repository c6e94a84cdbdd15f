"""Cases in lists, limited to what the caller may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from domain.names import same
from domain.refusals import NotAllowed
from domain.roles import READERS, Role
from interface.api.cursors import Page, opened, page
from interface.api.problems import malformed
from interface.api.request_context import RequestContext
from interface.bootstrap import System
from projections.case_view.shown_values import MoneyShown
from projections.queue import Filters, Place, QueueRow, Sort, listed, place


class CaseListed(Struct, frozen=True, kw_only=True):
    """A case in a list."""

    id: UUID
    version: int
    phase: str
    category: str
    reason: str
    buyer: str | None
    seller: str | None
    assignee: str | None
    claim: str | None
    amount: MoneyShown | None
    waiting_on: str | None
    waiting_for: str | None
    due: datetime | None
    overdue: bool
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    imported_from: str | None
    href: str


class CasesPage(Page[CaseListed], frozen=True, kw_only=True):
    """One page of cases."""


def own(context: RequestContext, filters: Mapping[str, Any]) -> Filters:
    """Limit a list to what the caller may see.

    Raises NotAllowed, or Failure for a party that asks for another party's cases.
    """
    caller = context.caller
    limits: dict[str, Any] = {"reader": context.actor}
    if caller.role in {Role.BUYER, Role.SELLER}:
        side = str(caller.role)
        asked = filters.get(side)
        # Passed over, it would give a list that looks like the other's.
        if asked and not same(asked, caller.subject):
            raise malformed(side, "not-own-cases")
        limits[side] = caller.subject
    elif caller.role not in READERS:
        raise NotAllowed(role=caller.role)
    return Filters(now=context.system.clock(), **(dict(filters) | limits))


def listing(
    system: System, filters: Filters, sort: Sort, limit: int, cursor: str | None
) -> CasesPage:
    """Return one page of cases, and where the next begins."""

    def rows(after: Place | None, many: int) -> Sequence[QueueRow]:
        with system.database.get_connection() as connection:
            return listed(connection, filters, sort=sort, limit=many, after=after)

    return page(
        CasesPage,
        rows,
        lambda row: shown(row, filters.now),
        lambda row: place(row, sort),
        limit,
        opened(cursor, Place),
    )


def shown(row: QueueRow, now: datetime) -> CaseListed:
    """Return a row as it is shown in a list."""
    amount = None
    if row.claim_amount is not None and row.currency is not None:
        amount = MoneyShown.of(row.claim_amount, row.currency)
    return CaseListed(
        id=row.case_id,
        version=row.version,
        phase=row.phase,
        category=row.category,
        reason=row.reason,
        buyer=row.buyer,
        seller=row.seller,
        assignee=row.assignee,
        claim=row.claim_kind,
        amount=amount,
        waiting_on=row.waiting_party,
        waiting_for=row.waiting_for,
        due=row.due,
        overdue=row.phase != "closed" and row.due is not None and row.due < now,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        imported_from=row.imported_from,
        href=f"/v1/disputes/{row.case_id}",
    )
