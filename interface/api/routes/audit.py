"""The audit trail: the whole history of a case, and a search over all events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Struct

from application.cases.as_of import By
from application.privacy.redaction import opened_for
from application.record.envelope import Recorded
from application.record.plain_values import plain
from domain.case.outcome import Outcome
from domain.deadlines.ledger import deadline_ledger
from domain.deadlines.ledger_entry import Entry
from domain.roles import Party
from interface.api.compression import COMPRESSED
from interface.api.csv_tables import Format, csv_answer, is_csv
from interface.api.cursors import opened
from interface.api.event_query import EventQuery, fact_fields, facts_page
from interface.api.openapi.case_examples import FACTS, HISTORY
from interface.api.openapi.operations import READ_PROBLEMS, Answer, Reading, answering
from interface.api.openapi.text_forms import (
    AsOf,
    Cursor,
    EventType,
    SearchedWords,
)
from interface.api.read_your_writes import After, waits_for
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.responses.fact_list import FactFound, FactsPage, fact_table
from interface.api.routes.replay import AUDITORS, known_then
from projections.audit.audit_trail import AUDIT_TRAIL
from projections.audit.case_history import history as case_history
from projections.audit.trail_row import TrailRow


class FactShown(FactFound, frozen=True, kw_only=True):
    """An event with all that it states, its command and the hash it is chained by.

    `position` is null for the moment in which the event has none yet.
    """

    position: int | None  # type: ignore[assignment]
    command_id: UUID
    request: str | None
    prev: str | None
    payload: dict[str, Any]


class History(Struct, frozen=True, kw_only=True):
    """Every event of a case, in order, and every limit that ran."""

    dispute: UUID
    version: int
    facts: tuple[FactShown, ...]
    deadlines: tuple[Entry, ...]


class AuditController(Controller):
    """For auditors, regulators and supervisors."""

    path = "/v1/audit"
    tags = ("audit",)

    @get(
        "/disputes/{dispute_id:uuid}",
        operation_class=answering(Reading, Answer(HISTORY, etag=True)),
        responses=READ_PROBLEMS,
        operation_id="readHistory",
        summary="Read the whole history of a case",
        sync_to_thread=True,
        opt=read_of(Read.HISTORY, by=AUDITORS) | waits_for(AUDIT_TRAIL, shown=False),
    )
    def history(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        min_version: Annotated[int | None, QueryParameter(ge=1)] = None,
        as_of: AsOf = None,
        by: FromQuery[By] = By.RECORDED_AT,
    ) -> Response[History]:
        """Return every event of a case: who, when it happened, when it was learnt, why.

        `min_version` waits, bounded, until there is that version. `as_of` (a
        version, a time with its offset, `position:120` or a kind of event such as
        `ruled`) leaves out what was learnt later, or with `by=at` what happened later.
        """
        del min_version  # the guard has waited
        case = known_then(context, context.read(dispute_id), as_of, by)
        opened = opened_for(
            context.actor, context.system.record, case.events, case.restricted
        )
        history = History(
            dispute=dispute_id,
            version=case.version,
            facts=facts_shown(context, dispute_id, opened),
            deadlines=deadline_ledger(case.events),
        )
        return Response(history, headers={"ETag": f'"{history.version}"'})

    @get(
        "/search",
        operation_class=answering(Reading, Answer(FACTS, tables=("text/csv",))),
        responses=READ_PROBLEMS,
        operation_id="searchEvents",
        summary="Search events",
        sync_to_thread=True,
        opt=read_of(Read.SEARCH, by=AUDITORS) | waits_for(AUDIT_TRAIL) | COMPRESSED,
    )
    def search(
        self,
        context: NamedDependency[RequestContext],
        dispute: FromQuery[UUID | None] = None,
        buyer: FromQuery[str | None] = None,
        seller: FromQuery[str | None] = None,
        order: FromQuery[str | None] = None,
        actor: FromQuery[str | None] = None,
        decider: FromQuery[str | None] = None,
        platform: FromQuery[str | None] = None,
        rule: FromQuery[str | None] = None,
        type: EventType = None,  # noqa: A002 - the field's name
        category: FromQuery[str | None] = None,
        late: FromQuery[Party | None] = None,
        outcome: FromQuery[Outcome | None] = None,
        text: SearchedWords = None,
        since: FromQuery[datetime | None] = None,
        until: FromQuery[datetime | None] = None,
        imported_from: FromQuery[str | None] = None,
        extra: FromQuery[str | None] = None,
        request_id: FromQuery[str | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=1_000)] = 100,
        cursor: Cursor = None,
        format: Format = None,  # noqa: A002 - the parameter's name
        after: After = None,
    ) -> Response[FactsPage]:
        """Find events by case, party, order, decider, rule, outcome, period or text.

        Of the case: `dispute`, `buyer`, `seller`, `order`, `category`, `outcome` (how
        it closed), `decider` (who refused, ruled, approved, decided an appeal), `late`
        (who missed a deadline), `rule` (cited by a decision, "quality/1"). Alone, the
        last four find the events that say so; together, the event with which all
        hold, and what they name after it. Of the event: `type`, `actor`, `text`, the
        period, `request_id`, and a limit as `rule` ("cn-default/1#response"); they
        find such events in the cases chosen; `extra` ("region=north") finds filings
        by a free field of their import. Who sees all platforms names the
        `platform` of a person or an order. `format=csv` answers a table.
        """
        del after  # the guard has waited
        query = EventQuery(
            dispute=dispute,
            buyer=buyer,
            seller=seller,
            order=order,
            actor=actor,
            decider=decider,
            platform=platform,
            rule=rule,
            type=type,
            category=category,
            late=late,
            outcome=outcome,
            text=text,
            since=since,
            until=until,
            imported_from=imported_from,
            extra=extra,
            request_id=request_id,
        )
        search = query.search(context)
        begins = opened(cursor, int, context.list_name)
        shown = facts_page(context, search, limit, begins)
        if is_csv(context, format):
            return csv_answer(context, fact_table(context, shown.items), shown.next)
        return Response(shown)


def facts_shown(
    context: RequestContext, case: UUID, events: Sequence[Recorded]
) -> tuple[FactShown, ...]:
    """Return events of a case as they are shown, with their places in the ledger."""
    with context.system.database.get_connection() as connection:
        rows = case_history(connection, case, events)
    return tuple(map(_shown, rows, events))


def _shown(row: TrailRow, recorded: Recorded) -> FactShown:
    return FactShown(
        **fact_fields(row) | {"position": row.position or None},
        command_id=row.command_id,
        request=recorded.request,
        prev=recorded.prev.hex() if recorded.prev else None,
        payload=plain(recorded.event),
    )
