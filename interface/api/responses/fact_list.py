"""Events in lists, and as a table for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from application.record.envelope import Precision
from application.texts import say
from domain.roles import Party, Role
from interface.api.csv_tables import Table
from interface.api.cursors import Page
from interface.api.request_context import RequestContext
from interface.api.responses.closed_codes import closed


class ActorShown(Struct, frozen=True):
    """Who stated an event."""

    role: Role
    id: str | None
    on_behalf_of: Party | None
    for_id: str | None = None


class FactFound(Struct, frozen=True, kw_only=True):
    """An event, by what it can be searched by."""

    position: int
    dispute: UUID
    version: int
    type: str
    at: datetime
    precision: Annotated[str, closed("exact", *map(str, Precision))]
    recorded_at: datetime
    actor: ActorShown
    rules: tuple[str, ...]
    policy: str | None
    party: Party | None
    due: datetime | None
    imported_from: str | None
    imported_record: str | None


class FactsPage(Page[FactFound], frozen=True, kw_only=True):
    """One page of events."""


COLUMNS = (
    *("recorded", "happened", "event", "id", "version", "role", "actor", "for"),
    *("for-id", "rules", "policy", "party", "due", "source", "position"),
)


def fact_table(context: RequestContext, found: Sequence[FactFound]) -> Table:
    """Return events with the words of their kinds, roles and parties."""

    def words(table: str, code: str | None) -> str | None:
        return None if code is None else say(table, code, context.language)

    rows = (
        (
            *(one.recorded_at, one.at, words("facts", one.type), one.dispute),
            *(one.version, words("roles", one.actor.role), one.actor.id),
            *(words("parties", one.actor.on_behalf_of), one.actor.for_id),
            *(" ".join(one.rules), one.policy, words("parties", one.party), one.due),
            *(one.imported_from, one.position),
        )
        for one in found
    )
    return Table(COLUMNS, rows)
