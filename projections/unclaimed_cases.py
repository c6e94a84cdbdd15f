"""The cases that wait for the platform and that nobody has taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from application.record.database import Database
from domain.roles import Actor, Party, Role
from projections.case_conditions import Filters
from projections.case_search import Place, listed, place

CLAIMABLE = 20
"""Unclaimed cases are looked up in such pages: mostly the first one can be taken."""


def unclaimed(
    database: Database, platform: str | None, taker: Actor, now: datetime
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
        # Appeals are decided by supervisors.
        without_appeals=True if taker.role is Role.MEDIATOR else None,
    )
    after: Place | None = None
    while True:
        rows = listed(database, filters, sort="due", limit=CLAIMABLE, after=after)
        yield from (row.case_id for row in rows)
        if len(rows) < CLAIMABLE:
            return
        after = place(rows[-1], "due")
