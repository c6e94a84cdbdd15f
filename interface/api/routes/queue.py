"""The mediators' queue, and the notices of the parties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from msgspec import Struct

from application.texts import say
from domain.case.dispute import Phase
from domain.roles import STAFF, Party, Role
from interface.api.case_claim import (
    Categories,
    Language,
    MostOpen,
    claimed,
    skills_of,
)
from interface.api.case_filters import assignee_named
from interface.api.compression import COMPRESSED
from interface.api.cursors import Begins, Page, opened, page
from interface.api.openapi.case_examples import CASES
from interface.api.openapi.operations import (
    CASE_ANSWER,
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Reading,
    Writing,
    answering,
)
from interface.api.openapi.text_forms import Cursor
from interface.api.parameters import category as known_category
from interface.api.parameters import reason as known_reason
from interface.api.read_your_writes import After, waits_for
from interface.api.recorded_reads import only_by
from interface.api.request_context import RequestContext
from interface.api.responses.case import CaseShown
from interface.api.responses.case_list import CasesPage, listing
from projections.notices import NOTICES, NoticeRow, inbox
from projections.queue.case_conditions import Filters
from projections.queue.case_pages import Place, Sort
from projections.queue.queue_view import QUEUE


class NoticeListed(Struct, frozen=True, kw_only=True):
    """A notice of a party. `due`: when the time ends that it gives this party."""

    dispute: UUID
    version: int
    about: str
    words: str
    at: datetime
    due: datetime | None
    href: str


class NoticesPage(Page[NoticeListed], frozen=True, kw_only=True):
    """One page of notices."""


class QueueController(Controller):
    """The mediators' queue: what waits, for whom, until when."""

    path = "/v1/queue"
    tags = ("staff",)

    @get(
        operation_class=answering(Reading, CASES),
        responses=READ_PROBLEMS,
        operation_id="readQueue",
        summary="Read the queue",
        sync_to_thread=True,
        opt=only_by(*STAFF) | waits_for(QUEUE) | COMPRESSED,
    )
    def read(
        self,
        context: NamedDependency[RequestContext],
        phase: FromQuery[Phase | None] = None,
        category: FromQuery[str | None] = None,
        reason: FromQuery[str | None] = None,
        assignee: FromQuery[str | None] = None,
        tag: FromQuery[str | None] = None,
        waiting_on: FromQuery[Party | None] = None,
        overdue: FromQuery[bool | None] = None,
        sort: FromQuery[Sort] = "due",
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: Cursor = None,
        after: After = None,
    ) -> CasesPage:
        """List live cases, the most urgent first (mediators, supervisors).

        `assignee=me` lists one's own cases, `assignee=none` what nobody has taken
        yet; `waiting_on=platform` what the platform itself has to do. Appeals wait for
        supervisors, and are listed for them only.
        """
        del after  # the guard has waited
        filters = Filters(
            now=context.system.clock(),
            platform=context.caller.platform,
            reader=context.actor,
            live=True,
            phase=phase,
            category=known_category(context.system.rulebooks.codes, category),
            reason=known_reason(context.system.rulebooks.codes, reason),
            assignee=assignee_named(context.caller, assignee),
            tag=tag,
            without_appeals=True if context.actor.role is Role.MEDIATOR else None,
            waiting_party=waiting_on,
            overdue=overdue,
        )
        begins = opened(cursor, Place, context.list_name)
        return listing(
            context.system, filters, sort, limit, begins, language=context.language
        )

    @post(
        "/claim",
        operation_class=answering(Writing, CASE_ANSWER),
        responses=WRITE_PROBLEMS,
        status_code=200,
        operation_id="claimNextDispute",
        summary="Claim the next case",
        sync_to_thread=True,
        opt=only_by(*STAFF),
    )
    def claim(
        self,
        context: NamedDependency[RequestContext],
        categories: Categories = None,
        language: FromQuery[Language | None] = None,
        most_open: MostOpen = None,
    ) -> Response[CaseShown]:
        """Take the most urgent case that waits for the platform and that nobody has.

        Of two who claim at once, each gets another case. 404 when there is none, 409
        for who has `most_open` live cases already, or as many as the platform allows.
        """
        skills = skills_of(context, categories, language)
        return context.answer(claimed(context, skills, most_open))


class NoticesController(Controller):
    """In-site notices."""

    path = "/v1/notices"
    tags = ("parties",)

    @get(
        operation_class=Reading,
        responses=READ_PROBLEMS,
        operation_id="listNotices",
        summary="Read one's notices",
        sync_to_thread=True,
        opt=only_by(Role.BUYER, Role.SELLER) | waits_for(NOTICES) | COMPRESSED,
    )
    def read(
        self,
        context: NamedDependency[RequestContext],
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: Cursor = None,
        after: After = None,
    ) -> NoticesPage:
        """List the caller's notices over all cases, the latest first (parties)."""
        del after  # the guard has waited
        begins = opened(cursor, int, context.list_name)
        return notices_of(context, limit, begins)


def notices_of(context: RequestContext, limit: int, begins: Begins[int]) -> NoticesPage:
    """Return one page of the caller's notices."""
    caller, party = context.caller, context.actor.party
    whose = (caller.platform or "", party, caller.subject)

    def rows(before: int | None, many: int) -> Sequence[NoticeRow]:
        with context.system.database.get_connection() as connection:
            return inbox(connection, *whose, limit=many, before=before)

    return page(
        NoticesPage,
        rows,
        lambda row: _shown(row, context.language),
        lambda row: row.position,
        limit,
        begins,
    )


def _shown(row: NoticeRow, language: str) -> NoticeListed:
    return NoticeListed(
        dispute=row.case_id,
        version=row.version,
        about=row.about,
        words=say("notices", row.about, language),
        at=row.at,
        due=row.due,
        href=f"/v1/disputes/{row.case_id}",
    )
