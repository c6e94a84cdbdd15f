"""The register of sanctions: shop, breach, measure, since when, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import scalar_row

from domain.filing.events import Filed
from domain.sanctions.events import SanctionImposed, SanctionLifted, SanctionPublished
from projections.placed_events import Placed
from projections.read_model import CaseRow, OnPoison, View
from projections.tables.typed_rows import struct_row
from projections.tables.view_policies import PUBLISHED
from projections.view_audit.view_rounds import check_sound


class SanctionRow(CaseRow, frozen=True, kw_only=True):
    """A sanction. Times are UTC.

    Row 0 of a case is none: it keeps the platform, which only `Filed` tells, for the
    sanctions that may follow.
    """

    number: int
    platform: str
    seller: str
    kind: str
    breach: str
    measure: str
    imposed_at: datetime | None
    published_at: datetime | None
    lifted_at: datetime | None
    end_published_at: datetime | None


DDL = """
CREATE TABLE sanctions (
    case_id          uuid NOT NULL,
    number           integer NOT NULL,
    platform         text NOT NULL,
    seller           text NOT NULL,
    kind             text NOT NULL,
    breach           text NOT NULL,
    measure          text NOT NULL,
    imposed_at       timestamptz,
    published_at     timestamptz,
    lifted_at        timestamptz,
    end_published_at timestamptz,
    PRIMARY KEY (case_id, number)
);
CREATE INDEX sanctions_published ON sanctions (published_at DESC, case_id, number)
    WHERE published_at IS NOT NULL;
"""


def fold(rows: tuple[SanctionRow, ...], placed: Placed) -> tuple[SanctionRow, ...]:
    """Add a sanction, or change it when it was published or lifted."""
    recorded = placed.recorded
    match recorded.event:
        case Filed(platform=platform):
            return (_row(recorded.case, platform),)
        case SanctionImposed() as imposed:
            row = replace(
                _row(recorded.case, rows[0].platform if rows else ""),
                number=imposed.number,
                seller=imposed.seller,
                kind=imposed.kind,
                breach=imposed.breach,
                measure=imposed.measure,
                imposed_at=recorded.at,
            )
            return (*rows, row)
        case SanctionPublished(number=number, lifted=False):
            return _with(rows, number, published_at=recorded.at)
        case SanctionPublished(number=number):
            return _with(rows, number, end_published_at=recorded.at)
        case SanctionLifted(number=number):
            return _with(rows, number, lifted_at=recorded.at)
        case _:
            return rows


def _row(case: UUID, platform: str) -> SanctionRow:
    return SanctionRow(
        case_id=case,
        number=0,
        platform=platform,
        seller="",
        kind="",
        breach="",
        measure="",
        imposed_at=None,
        published_at=None,
        lifted_at=None,
        end_published_at=None,
    )


def _with(
    rows: tuple[SanctionRow, ...], number: int, **change: datetime
) -> tuple[SanctionRow, ...]:
    return tuple(
        replace(row, **change) if row.number == number else row for row in rows
    )


SANCTIONS = View(
    "sanctions",
    row=SanctionRow,
    key=("case_id", "number"),
    ddl=DDL,
    fold=fold,
    on_poison=OnPoison.HALT,
    seen=PUBLISHED,
    leaves=True,
)

Place = tuple[datetime, UUID, int]
"""What the register is sorted by: publication, case, number."""


def published_platforms(connection: Connection[Any], most: int) -> Sequence[str]:
    """Return the platforms of which a sanction was made public, by name."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(
            "SELECT DISTINCT platform FROM sanctions"
            " WHERE published_at IS NOT NULL ORDER BY platform LIMIT %s",
            (most,),
        ).fetchall()


def published(
    connection: Connection[Any],
    *,
    limit: int,
    after: Place | None,
    platform: str | None,
    seller: str | None,
) -> Sequence[SanctionRow]:
    """List the sanctions that were made public, the latest first.

    Raises ViewDiffers.
    """
    check_sound(connection, SANCTIONS.name)
    at, case, number = after or (None, None, None)
    with connection.cursor(row_factory=struct_row(SanctionRow)) as cursor:
        return cursor.execute(
            "SELECT * FROM sanctions WHERE published_at IS NOT NULL"
            " AND (%(platform)s::text IS NULL OR platform = %(platform)s)"
            " AND (%(seller)s::text IS NULL OR seller = %(seller)s)"
            " AND (%(at)s::timestamptz IS NULL OR (published_at, case_id, number)"
            "   < (%(at)s::timestamptz, %(case)s::uuid, %(number)s::integer))"
            " ORDER BY published_at DESC, case_id DESC, number DESC LIMIT %(limit)s",
            {
                "platform": platform,
                "seller": seller,
                "at": at,
                "case": case,
                "number": number,
                "limit": limit,
            },
        ).fetchall()
