"""Changes of the endpoints that are told of events, and who made them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath
from msgspec import Meta
from msgspec.structs import replace

from application.deliveries.webhook import State, Webhook, WebhookChangeKind
from application.deliveries.webhook_table import Made
from interface.api.commands.fields import Body
from interface.api.cursors import whole
from interface.api.idempotency import once
from interface.api.openapi.operations import (
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Reading,
    Writing,
    answering,
    example,
)
from interface.api.openapi.webhook_examples import CHANGED, ROTATED, WEBHOOK
from interface.api.request_context import RequestContext
from interface.api.responses.webhook_state import (
    WebhookChangeShown,
    WebhookChangesPage,
    WebhookMade,
    WebhookShown,
    webhook_shown,
)
from interface.api.routes.webhooks import (
    MANAGERS,
    Events,
    Url,
    check_target,
    find_webhook,
    made_once,
)

Overlap = Annotated[
    int,
    Meta(ge=0, le=168, description="Hours for which the earlier secret signs on."),
]


class WebhookChangeBody(Body, frozen=True, kw_only=True):
    """What is to be another: what is left out stays.

    `all_events` ends the choice of kinds. `state`: messages to a paused endpoint wait;
    an active one that was disabled is told of what comes from now on.
    """

    url: Url | None = None
    events: Events | None = None
    all_events: bool = False
    state: Literal["active", "paused"] | None = None


class RotationBody(Body, frozen=True, kw_only=True):
    """For how long the earlier secret signs on, beside the new one."""

    overlap_hours: Overlap = 24


class WebhookChangesController(Controller):
    """What is changed about a webhook."""

    path = "/v1/webhooks"
    tags = ("webhooks",)

    @get(
        "/{webhook_id:uuid}/changes",
        operation_class=answering(Reading, {"items": [CHANGED], "next": None}),
        responses=READ_PROBLEMS,
        operation_id="listWebhookChanges",
        summary="Who changed a webhook",
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def changes(
        self, context: NamedDependency[RequestContext], webhook_id: FromPath[UUID]
    ) -> WebhookChangesPage:
        """List who changed what about a webhook, and when, the first change first."""
        find_webhook(context, webhook_id)
        found = context.system.webhooks.changes(webhook_id)
        shown = [
            WebhookChangeShown(
                change=one.change,
                url=one.url,
                events=one.topics,
                changed_by=one.changed_by,
                changed_at=one.changed_at,
            )
            for one in found
        ]
        return whole(WebhookChangesPage, shown)

    @post(
        "/{webhook_id:uuid}/change",
        operation_class=answering(Writing, WEBHOOK),
        responses=WRITE_PROBLEMS,
        operation_id="changeWebhook",
        summary="WebhookChangeKind a webhook",
        status_code=200,
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def change(
        self,
        context: NamedDependency[RequestContext],
        webhook_id: FromPath[UUID],
        data: Annotated[
            WebhookChangeBody,
            BodyKwarg(examples=[example("Pause it", {"state": "paused"})]),
        ],
    ) -> WebhookShown:
        """WebhookChangeKind URL or kinds of events, pause it, or let it go on."""
        if data.url is not None:
            check_target(context, data.url)
        return once(
            context, data, WebhookShown, lambda: _changed(context, webhook_id, data)
        )

    @post(
        "/{webhook_id:uuid}/deletion",
        operation_class=answering(Writing, WEBHOOK),
        responses=WRITE_PROBLEMS,
        operation_id="deleteWebhook",
        summary="Delete a webhook",
        status_code=200,
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def delete(
        self, context: NamedDependency[RequestContext], webhook_id: FromPath[UUID]
    ) -> WebhookShown:
        """Send it nothing more; what waits is cancelled. Takes no body."""
        return once(context, None, WebhookShown, lambda: _deleted(context, webhook_id))

    @post(
        "/{webhook_id:uuid}/secret",
        operation_class=answering(Writing, ROTATED),
        responses=WRITE_PROBLEMS,
        operation_id="rotateWebhookSecret",
        summary="Give a webhook a new secret",
        status_code=201,
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def rotate(
        self,
        context: NamedDependency[RequestContext],
        webhook_id: FromPath[UUID],
        data: Annotated[
            RotationBody, BodyKwarg(examples=[example("A day", {"overlap_hours": 24})])
        ],
    ) -> WebhookMade:
        """Make a new secret, shown this once; until the overlap ends, both sign."""
        overlap = timedelta(hours=data.overlap_hours)
        return made_once(context, data, lambda: _rotated(context, webhook_id, overlap))


def _changed(
    context: RequestContext, webhook_id: UUID, data: WebhookChangeBody
) -> WebhookShown:
    before = find_webhook(context, webhook_id, live=True)
    topics = None if data.all_events else data.events or before.topics
    after = replace(
        before,
        url=data.url or before.url,
        topics=topics,
        state=State(data.state) if data.state else before.state,
    )
    change = WebhookChangeKind.CHANGED
    if after.state is not before.state:
        paused = after.state is State.PAUSED
        change = WebhookChangeKind.PAUSED if paused else WebhookChangeKind.RESUMED
    return _stored(context, after, change)


def _deleted(context: RequestContext, webhook_id: UUID) -> WebhookShown:
    before = find_webhook(context, webhook_id, live=True)
    return _stored(
        context, replace(before, state=State.DELETED), WebhookChangeKind.DELETED
    )


def _stored(
    context: RequestContext, after: Webhook, change: WebhookChangeKind
) -> WebhookShown:
    by, now = context.caller.subject, datetime.now(UTC)
    context.system.webhooks.change(after, change, by, now)
    return webhook_shown(find_webhook(context, after.webhook_id))


def _rotated(context: RequestContext, webhook_id: UUID, overlap: timedelta) -> Made:
    webhook = find_webhook(context, webhook_id, live=True)
    by, now = context.caller.subject, datetime.now(UTC)
    return context.system.webhooks.rotate(webhook, by, now, overlap)
