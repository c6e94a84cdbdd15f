"""Cases in lists, limited to what the caller may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.case.dispute import Phase
from domain.case.outcome import Outcome
from domain.roles import Party, Role
from interface.api.cursors import Page, opened, page
from interface.api.responses.case_parts import AWAITED
from interface.api.responses.closed_codes import closed
from interface.bootstrap import System
from projections.case_search import Filters, Place, Sort, counted, listed, place
from projections.case_view.shown_values import MoneyShown
from projections.queue import QueueRow


class OrderFound(Struct, frozen=True, kw_only=True):
    """The order line of a case in a list; title, SKU and shop as they were filed."""

    id: str | None
    line: str | None
    title: str | None
    sku: str | None
    shop: str | None


class CaseListed(Struct, frozen=True, kw_only=True):
    """A case in a list."""

    id: UUID
    case_number: str
    version: int
    phase: Phase
    category: str
    reason: str
    buyer: str | None
    seller: str | None
    assignee: str | None
    claim: str | None
    amount: MoneyShown | None
    waiting_on: Party | None
    waiting_for: Annotated[str | None, closed(*AWAITED, None)]
    due: datetime | None
    overdue: bool
    opened_at: datetime
    closed_at: datetime | None
    outcome: Outcome | None
    imported_from: str | None
    href: str
    order: OrderFound
    changed_at: datetime
    tags: tuple[str, ...]


class SampleDrawn(Struct, frozen=True, kw_only=True):
    """How a sample was drawn, so that it can be drawn again.

    Of the `population` of cases that `filters` found at `drawn_at`, those with the
    smallest SHA-256 of seed, ":" and id (in lower case, UTF-8).
    """

    size: int
    seed: str
    population: int
    filters: dict[str, str]
    drawn_at: datetime
    method: str = "smallest-sha256/1"


class CasesPage(Page[CaseListed], frozen=True, kw_only=True):
    """One page of cases; `total`: how many there are in all, if that was asked.

    `sample`: how the cases were drawn, if a sample was asked for.
    """

    total: int | None = None
    sample: SampleDrawn | None = None


def listing(
    system: System,
    filters: Filters,
    sort: Sort,
    limit: int,
    cursor: str | None,
    *,
    count: bool = False,
) -> CasesPage:
    """Return one page of cases, and where the next begins; with `count`, how many."""
    reader = filters.reader
    is_party = reader is not None and reader.role in {Role.BUYER, Role.SELLER}

    def rows(after: Place | None, many: int) -> Sequence[QueueRow]:
        with system.database.get_connection() as connection:
            return listed(connection, filters, sort=sort, limit=many, after=after)

    found = page(
        CasesPage,
        rows,
        lambda row: shown(row, filters.now, tagged=not is_party),
        lambda row: place(row, sort),
        limit,
        opened(cursor, Place),
    )
    if not count:
        return found
    with system.database.get_connection() as connection:
        total = sum(row.cases for row in counted(connection, filters))
    return replace(found, total=total)


def shown(row: QueueRow, now: datetime, *, tagged: bool) -> CaseListed:
    """Return a row as it is shown in a list; the desk's tags not to parties."""
    amount = None
    if row.claim_amount is not None and row.currency is not None:
        amount = MoneyShown.of(row.claim_amount, row.currency)
    return CaseListed(
        id=row.case_id,
        case_number=row.case_number,
        version=row.version,
        phase=Phase(row.phase),
        category=row.category,
        reason=row.reason,
        buyer=row.buyer,
        seller=row.seller,
        assignee=row.assignee,
        claim=row.claim_kind,
        amount=amount,
        waiting_on=_code(Party, row.waiting_party),
        waiting_for=row.waiting_for,
        due=row.due,
        overdue=row.phase != "closed" and row.due is not None and row.due < now,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=_code(Outcome, row.outcome),
        imported_from=row.imported_from,
        href=f"/v1/disputes/{row.case_id}",
        order=OrderFound(
            id=row.order_id,
            line=row.order_line,
            title=row.title,
            sku=row.sku,
            shop=row.shop,
        ),
        changed_at=row.changed_at,
        tags=row.tags if tagged else (),
    )


C = TypeVar("C", bound=StrEnum)


def _code(kind: type[C], value: str | None) -> C | None:
    return None if value is None else kind(value)
