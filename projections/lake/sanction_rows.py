"""The lake's table of sanctions against sellers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec.structs import replace

from domain.identifiers import Identifying
from domain.sanctions.events import (
    SanctionImposed,
    SanctionLifted,
    SanctionPublished,
)
from projections.lake.case_rows import OfCase
from projections.lake.lake_row import CaseHistory, told


class SanctionRow(OfCase, frozen=True, kw_only=True):
    """A sanction that was imposed in a case."""

    number: Annotated[int, told("Its number in the case", "", "sanction-imposed")]
    kind: Annotated[
        str, told("What it is", "code", "sanction-imposed", codes="sanctions")
    ]
    seller: Annotated[str, told("Whom it is against", "pseudonym"), Identifying]
    breach: Annotated[
        str, told("For which breach", "code", "sanction-imposed", codes="breaches")
    ]
    imposed_at: Annotated[datetime, told("When it was imposed", "UTC")]
    published_at: Annotated[
        datetime | None, told("When it was made public", "UTC", "sanction-published")
    ]
    lifted_at: Annotated[
        datetime | None, told("When it ended", "UTC", "sanction-lifted")
    ]


def sanction_rows(of: CaseHistory) -> Iterator[SanctionRow]:
    """Yield the sanctions of a case."""
    rows: dict[int, SanctionRow] = {}
    for one in of.placed:
        at = one.recorded.at
        match one.recorded.event:
            case SanctionImposed() as event:
                rows[event.number] = SanctionRow(
                    **of.place,
                    number=event.number,
                    kind=event.kind,
                    seller=event.seller,
                    breach=event.breach,
                    imposed_at=at,
                    published_at=None,
                    lifted_at=None,
                )
            case SanctionPublished(number=number, lifted=False) if number in rows:
                rows[number] = replace(rows[number], published_at=at)
            case SanctionLifted(number=number) if number in rows:
                rows[number] = replace(rows[number], lifted_at=at)
            case _:
                pass
    yield from rows.values()
