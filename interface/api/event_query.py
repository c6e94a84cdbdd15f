"""A search over all events as somebody asks it: in the API, or in a page's form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from domain.case.outcome import Outcome
from domain.roles import Party, Role
from interface.api.cursors import Begins, page
from interface.api.parameters import (
    category_or_reason,
    check_span,
    event_type,
    free_field,
    name_of,
)
from interface.api.request_context import RequestContext
from interface.api.responses.fact_list import ActorShown, FactFound, FactsPage
from interface.api.tenancy import recorded_platform
from projections.audit.audit_search import Search, found
from projections.audit.trail_row import TrailRow

NAMES = ("buyer", "seller", "actor", "decider", "order")
"""The filters that are names of people and of orders, unique on one platform only."""


class EventQuery(Struct, frozen=True, kw_only=True):
    """Which events are asked for, by the names of the API's parameters; None: any."""

    dispute: UUID | None = None
    buyer: str | None = None
    seller: str | None = None
    order: str | None = None
    actor: str | None = None
    decider: str | None = None
    platform: str | None = None
    rule: str | None = None
    type: str | None = None
    category: str | None = None
    late: Party | None = None
    outcome: Outcome | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    imported_from: str | None = None
    extra: str | None = None
    request_id: str | None = None

    def search(self, context: RequestContext) -> Search:
        """Return the search, of what the caller may see. Raises Failure."""
        check_span(("since", self.since), ("until", self.until))
        named = {name: getattr(self, name) for name in NAMES}
        platform = recorded_platform(context, self.platform, **named)
        return Search(
            platform=platform,
            reader=context.actor,
            case_id=self.dispute,
            rule=self.rule,
            type=event_type(self.type),
            category=category_or_reason(context.system.rulebooks.codes, self.category),
            late=self.late,
            outcome=self.outcome,
            text=self.text,
            since=self.since,
            until=self.until,
            imported_from=self.imported_from,
            extra=free_field(self.extra),
            request=self.request_id,
            **{name: name_of(name, one) for name, one in named.items()},
        )


def facts_page(
    context: RequestContext, search: Search, limit: int, begins: Begins[int]
) -> FactsPage:
    """Return one page of the events that a search finds."""

    def rows(beyond: int | None, many: int) -> Sequence[TrailRow]:
        database = context.system.database
        return found(database, search, limit=many, after=beyond or 0)

    return page(FactsPage, rows, _found, lambda row: row.position, limit, begins)


def fact_fields(row: TrailRow) -> dict[str, Any]:
    """Return the fields of an event as it is shown, by their names."""
    return {
        "position": row.position,
        "dispute": row.case_id,
        "version": row.version,
        "type": row.type,
        "at": row.at,
        "precision": row.precision,
        "recorded_at": row.recorded_at,
        "actor": ActorShown(
            Role(row.actor_role),
            row.actor_id,
            Party(row.on_behalf_of) if row.on_behalf_of else None,
            row.for_id,
        ),
        "rules": row.rules,
        "policy": row.policy,
        # Of some events the trail notes who did them: a mediator is no party.
        "party": row.party if row.party in set(Party) else None,
        "due": row.due,
        "imported_from": row.imported_from,
        "imported_record": row.imported_record,
    }


def _found(row: TrailRow) -> FactFound:
    return FactFound(**fact_fields(row))
