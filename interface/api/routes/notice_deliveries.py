"""What of a case's notices left the house, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from application.deliveries.job_queue import defer, with_jobs
from application.notices.notice_delivery import (
    NoticeDelivery,
    NoticeState,
    find,
    of_case,
    send_again,
)
from application.record.row_scope import Beyond, beyond
from domain.notices.channel import Channel
from domain.notices.events import NoticeKind
from domain.roles import STAFF, Party, Role
from interface.api.cursors import Page
from interface.api.idempotency import once
from interface.api.openapi.operations import (
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Reading,
    Writing,
    answering,
)
from interface.api.problems import Failure
from interface.api.recorded_reads import Read, only_by, read_of
from interface.api.request_context import RequestContext

SENDERS = STAFF | {Role.PLATFORM}
READERS = SENDERS | {Role.AUDITOR, Role.REGULATOR}

_DELIVERY: Mapping[str, Any] = {
    "id": "7d1f6a58-0a2c-5b53-8f0e-3c9f0d1b2a44",
    "position": 42,
    "notice": "ruling",
    "party": "buyer",
    "channel": "mail",
    "state": "failed",
    "tries": 1,
    "created_at": "2026-11-20T02:00:00Z",
    "next_at": None,
    "ended_at": "2026-11-20T02:00:01Z",
    "problem": "refused: smtp 550",
}


class NoticeDeliveryShown(Struct, frozen=True, kw_only=True):
    """One notice to one party over one channel; it says no address.

    `position` is that of the event that called for it. `problem`: why the last attempt
    failed. `next_at`: when it is sent, or sent again; null once it has ended.
    """

    id: UUID
    position: int
    notice: NoticeKind
    party: Party
    channel: Channel
    state: NoticeState
    tries: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    problem: str | None


class NoticeDeliveriesPage(Page[NoticeDeliveryShown], frozen=True, kw_only=True):
    """All deliveries of a case's notices, the first event first."""


class NoticeDeliveriesController(Controller):
    """Notices by mail and SMS; the others are in the parties' inboxes at once."""

    path = "/v1/disputes"
    tags = ("staff",)

    @get(
        "/{dispute_id:uuid}/deliveries",
        operation_class=answering(Reading, {"items": [_DELIVERY], "next": None}),
        responses=READ_PROBLEMS,
        operation_id="listNoticeDeliveries",
        summary="List what was sent to the parties",
        sync_to_thread=True,
        opt=read_of(Read.OTHER, by=READERS),
    )
    def log(
        self, context: NamedDependency[RequestContext], dispute_id: FromPath[UUID]
    ) -> NoticeDeliveriesPage:
        """List the mails and short messages of a case, and how far each is."""
        context.read(dispute_id)
        with context.system.database.get_connection() as connection:
            found = of_case(connection, dispute_id)
        return NoticeDeliveriesPage(items=tuple(map(_shown, found)), next=None)

    @post(
        "/{dispute_id:uuid}/deliveries/{delivery_id:uuid}/redelivery",
        operation_class=answering(Writing, {**_DELIVERY, "state": "waiting"}),
        responses=WRITE_PROBLEMS,
        operation_id="redeliverNotice",
        summary="Send a notice again",
        status_code=200,
        sync_to_thread=True,
        opt=only_by(*SENDERS),
    )
    def again(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        delivery_id: FromPath[UUID],
    ) -> NoticeDeliveryShown:
        """Begin anew with a notice that was given up. Takes no body."""
        return once(
            context,
            None,
            NoticeDeliveryShown,
            lambda: _again(context, dispute_id, delivery_id),
        )


def _again(
    context: RequestContext, dispute_id: UUID, delivery_id: UUID
) -> NoticeDeliveryShown:
    context.read(dispute_id)
    with (
        beyond(Beyond.QUEUE),
        context.system.database.get_connection() as connection,
        connection.transaction(),
    ):
        known = find(connection, delivery_id)
        if known is None or known.case_id != dispute_id:
            raise Failure("no-such-delivery")
        waiting = send_again(connection, delivery_id, datetime.now(UTC))
        if waiting is None:
            raise Failure("not-a-dead-letter")
        with_jobs(connection)
        defer(connection, [waiting.job])
    return _shown(waiting)


def _shown(one: NoticeDelivery) -> NoticeDeliveryShown:
    return NoticeDeliveryShown(
        id=one.delivery_id,
        position=one.position,
        notice=one.notice,
        party=one.party,
        channel=one.channel,
        state=one.state,
        tries=one.tries,
        created_at=one.created_at,
        next_at=one.next_at,
        ended_at=one.ended_at,
        problem=one.problem,
    )
