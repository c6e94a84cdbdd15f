"""The access log, and the grants by which auditors and regulators read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from msgspec import Struct

from application.access.access_log import AccessLog, Entry, Sought
from domain.access_events import (
    AccessEvent,
    AccessGranted,
    AccessRevoked,
    PositionSkipped,
    ViewRetried,
)
from domain.roles import Role
from interface.api.cursors import Begins, Page, opened, page
from interface.api.openapi.operations import (
    READ_PROBLEMS,
    Reading,
    answering,
)
from interface.api.openapi.oversight_examples import ACCESS_LOG
from interface.api.openapi.text_forms import Cursor, RoleName
from interface.api.parameters import aware, name_of, one_of
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.routes.replay import AUDITORS

RECORDED = (
    *Read,
    *(
        str(one.__struct_config__.tag)
        for one in (AccessGranted, AccessRevoked, PositionSkipped, ViewRetried)
    ),
)


class AccessShown(Struct, frozen=True, kw_only=True):
    """Who read what, when and why; or which grant was given or revoked."""

    number: int
    at: datetime
    reader: str | None
    role: Role
    platform: str | None
    prev: str | None
    event: AccessEvent


class AccessPage(Page[AccessShown], frozen=True, kw_only=True):
    """One page of the access log."""


class AccessController(Controller):
    """Who read what, and who may."""

    path = "/v1/audit"
    tags = ("audit",)

    @get(
        "/access-log",
        operation_class=answering(Reading, ACCESS_LOG),
        responses=READ_PROBLEMS,
        operation_id="readAccessLog",
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
        place = opened(cursor, int, context.list_name)
        return access_page(context, sought, limit, place)


def access_page(
    context: RequestContext, sought: Sought, limit: int, begins: Begins[int]
) -> AccessPage:
    """Return one page of the entries that are sought."""

    def rows(before: int | None, many: int) -> Sequence[Entry]:
        log = AccessLog(context.system.database)
        return log.found(sought, limit=many, before=before)

    return page(AccessPage, rows, _shown, lambda entry: entry.number, limit, begins)


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
