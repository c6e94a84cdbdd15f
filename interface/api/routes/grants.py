"""The grants under which auditors and regulators read."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath, QueryParameter
from msgspec import Meta

from application.access.grants import Grant, Grants, Place
from domain.refusals import Invalid, Problem
from domain.roles import Role
from interface.api.commands.fields import SAYS, Body, Id, Time, utc
from interface.api.commands.id_fields import in_one_form
from interface.api.cursors import Page, opened, page
from interface.api.idempotency import once
from interface.api.openapi.operations import (
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Reading,
    Writing,
    answering,
    example,
)
from interface.api.openapi.oversight_examples import GRANT, REVOKED
from interface.api.openapi.text_forms import Cursor
from interface.api.problems import Failure
from interface.api.recorded_reads import Read, only_by, read_of
from interface.api.request_context import RequestContext
from interface.api.routes.replay import AUDITORS

LONGEST = timedelta(days=366)
"""A grant is for a time: a reader who needs longer is granted it again."""

GIVING = example(
    "A quarter's audit",
    {
        "reader": "a-1",
        "role": "auditor",
        "begins": "2026-11-01T00:00:00+08:00",
        "ends": "2026-12-01T00:00:00+08:00",
        "purpose": "Audit 2026-Q4",
    },
)


class GrantsPage(Page[Grant], frozen=True, kw_only=True):
    """One page of grants."""


class GrantBody(Body, frozen=True, kw_only=True):
    """Who may read the platform's cases, or some of them, from when until when."""

    reader: Id
    role: Literal["auditor", "regulator"]
    begins: Time
    ends: Time
    purpose: Annotated[str, Meta(min_length=1, max_length=200, pattern=SAYS)]
    disputes: (
        Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=1_000)] | None
    ) = None

    def grant(self, context: RequestContext) -> Grant:
        """Return the grant. Raises Invalid if its time or its reader makes no sense."""
        begins, ends = utc(self.begins, "/begins"), utc(self.ends, "/ends")
        if begins is None or ends is None or ends <= begins:
            raise Invalid([Problem("/ends", "ends-before")])
        now = context.system.clock()
        if ends <= now:
            raise Invalid([Problem("/ends", "ends-past")])
        if ends - begins > LONGEST:
            most = {"days": str(LONGEST.days)}
            raise Invalid([Problem("/ends", "grant-too-long", most)])
        return Grant(
            grant_id=context.command_id(),
            platform=context.caller.platform or "",
            reader=in_one_form(self).reader,
            role=Role(self.role),
            begins=begins,
            ends=ends,
            purpose=self.purpose,
            case_ids=self.disputes,
            given_by=context.caller.subject,
            given_at=now,
        )


class GrantsController(Controller):
    """Who may read what, from when until when."""

    path = "/v1/audit"
    tags = ("audit",)

    @post(
        "/grants",
        operation_class=answering(Writing, GRANT),
        responses=WRITE_PROBLEMS,
        operation_id="grantAccess",
        summary="Grant access",
        status_code=201,
        sync_to_thread=True,
        opt=only_by(Role.SUPERVISOR),
    )
    def give(
        self,
        context: NamedDependency[RequestContext],
        data: Annotated[GrantBody, BodyKwarg(examples=[GIVING])],
    ) -> Grant:
        """Let an auditor or a regulator read for 366 days at most (supervisor)."""
        return given(context, data)

    @get(
        "/grants",
        operation_class=answering(Reading, {"items": [GRANT], "next": None}),
        responses=READ_PROBLEMS,
        operation_id="listGrants",
        summary="List grants",
        sync_to_thread=True,
        opt=read_of(Read.GRANTS, by=AUDITORS),
    )
    def grants(
        self,
        context: NamedDependency[RequestContext],
        limit: Annotated[int, QueryParameter(ge=1, le=1_000)] = 200,
        cursor: Cursor = None,
    ) -> GrantsPage:
        """List grants, the last given first; those that are over too."""
        grants, platform = Grants(context.system.database), context.caller.platform
        return page(
            GrantsPage,
            lambda after, many: grants.listed(platform, many, after),
            lambda grant: grant,
            lambda grant: (grant.given_at, grant.grant_id),
            limit,
            opened(cursor, Place, context.list_name),
        )

    @post(
        "/grants/{grant_id:uuid}/revocation",
        operation_class=answering(Writing, REVOKED),
        responses=WRITE_PROBLEMS,
        operation_id="revokeGrant",
        summary="Revoke a grant",
        status_code=200,
        sync_to_thread=True,
        opt=only_by(Role.SUPERVISOR),
    )
    def revoke(
        self,
        context: NamedDependency[RequestContext],
        grant_id: FromPath[UUID],
    ) -> Grant:
        """End a grant now (supervisor). Takes no body."""
        return revoked(context, grant_id)


def given(context: RequestContext, data: GrantBody) -> Grant:
    """Give a grant, once under the request's key. Raises Invalid or Failure."""
    grants = Grants(context.system.database)
    return once(context, data, Grant, lambda: grants.give(data.grant(context)))


def revoked(context: RequestContext, grant_id: UUID) -> Grant:
    """End a grant now, once under the request's key. Raises Failure."""
    grants = Grants(context.system.database)
    grant = grants.find(grant_id)
    # One answer for both: that another platform has granted it is its own matter.
    if grant is None or grant.platform != context.caller.platform:
        raise Failure("no-such-grant")
    by, now = context.caller.subject, context.system.clock()
    return once(context, None, Grant, lambda: grants.revoke(grant, by, now))
