"""The access log, and the grants by which auditors and regulators read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath, FromQuery, QueryParameter
from msgspec import Meta, Struct

from application.access.access_log import AccessLog, Entry, Sought
from application.access.grants import Grant, Grants
from domain.access_events import (
    AccessEvent,
    AccessGranted,
    AccessRevoked,
    PositionSkipped,
)
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
from interface.api.openapi.oversight_examples import ACCESS_LOG, GRANT, REVOKED
from interface.api.openapi.text_forms import Cursor, RoleName
from interface.api.parameters import aware, name_of, one_of
from interface.api.problems import Failure
from interface.api.recorded_reads import Read, only_by, read_of
from interface.api.request_context import RequestContext
from interface.api.routes.replay import AUDITORS

MOST_GRANTS = 200
RECORDED = (
    *Read,
    *(
        str(one.__struct_config__.tag)
        for one in (AccessGranted, AccessRevoked, PositionSkipped)
    ),
)
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


class AccessShown(Struct, frozen=True, kw_only=True):
    """Who read what, when and why; or which grant was given or revoked."""

    number: int
    at: datetime
    reader: str | None
    role: str
    platform: str | None
    prev: str | None
    event: AccessEvent


class AccessPage(Page[AccessShown], frozen=True, kw_only=True):
    """One page of the access log."""


class GrantBody(Body, frozen=True, kw_only=True):
    """Who may read the platform's cases, or some of them, from when until when."""

    reader: Id
    role: Literal["auditor", "regulator"]
    begins: Time
    ends: Time
    purpose: Annotated[str, Meta(min_length=1, max_length=200, pattern=SAYS)]
    cases: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=1_000)] | None = (
        None
    )

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
            case_ids=self.cases,
            given_by=context.caller.subject,
            given_at=now,
        )


class AccessController(Controller):
    """Who read what, and who may."""

    path = "/v1/audit"
    tags = ("audit",)

    @get(
        "/access-log",
        operation_class=answering(Reading, ACCESS_LOG),
        responses=READ_PROBLEMS,
        summary="Read the access log",
        sync_to_thread=True,
        opt=read_of(Read.ACCESS_LOG, by=AUDITORS)
        | {"watched": frozenset({Role.SUPERVISOR})},
    )
    def log(
        self,
        context: NamedDependency[RequestContext],
        reader: FromQuery[str | None] = None,
        role: RoleName = None,
        what: Annotated[
            str | None, QueryParameter(schema_extra={"enum": [*RECORDED]})
        ] = None,
        dispute: FromQuery[UUID | None] = None,
        since: FromQuery[datetime | None] = None,
        until: FromQuery[datetime | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=1_000)] = 100,
        cursor: Cursor = None,
    ) -> AccessPage:
        """List what auditors and regulators read, the latest first.

        For auditors, regulators and supervisors. Reading it is recorded in it too.
        """
        one_of("what", what, RECORDED)
        one_of("role", role, tuple(Role))
        sought = Sought(
            platform=context.caller.platform,
            reader=name_of("reader", reader),
            role=role,
            what=what,
            case_id=dispute,
            since=aware("since", since),
            until=aware("until", until),
        )
        place = opened(cursor, int)

        def rows(before: int | None, many: int) -> Sequence[Entry]:
            log = AccessLog(context.system.database)
            return log.found(sought, limit=many, before=before)

        return page(AccessPage, rows, _shown, lambda entry: entry.number, limit, place)

    @post(
        "/grants",
        operation_class=answering(Writing, GRANT),
        responses=WRITE_PROBLEMS,
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
        grants = Grants(context.system.database)
        return once(context, data, Grant, lambda: grants.give(data.grant(context)))

    @get(
        "/grants",
        operation_class=answering(Reading, [GRANT]),
        responses=READ_PROBLEMS,
        summary="List grants",
        sync_to_thread=True,
        opt=read_of(Read.GRANTS, by=AUDITORS),
    )
    def grants(self, context: NamedDependency[RequestContext]) -> tuple[Grant, ...]:
        """List the last 200 grants, those that are over too."""
        listed = Grants(context.system.database).listed(
            context.caller.platform, MOST_GRANTS
        )
        return tuple(listed)

    @post(
        "/grants/{grant_id:uuid}/revocation",
        operation_class=answering(Writing, REVOKED),
        responses=WRITE_PROBLEMS,
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
        grants = Grants(context.system.database)
        grant = grants.find(grant_id)
        # One answer for both: that another platform has granted it is its own matter.
        if grant is None or grant.platform != context.caller.platform:
            raise Failure("no-such-grant")
        by, now = context.caller.subject, context.system.clock()
        return once(context, None, Grant, lambda: grants.revoke(grant, by, now))


def _shown(entry: Entry) -> AccessShown:
    return AccessShown(
        number=entry.number,
        at=entry.at,
        reader=entry.actor.id,
        role=entry.actor.role,
        platform=entry.platform,
        prev=entry.prev.hex() if entry.prev else None,
        event=entry.event,
    )
