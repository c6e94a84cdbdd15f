"""What was sent to a webhook: the delivery log, dead letters, test events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from application.deliveries.delivery import DeliveryState, send_again, send_test
from application.deliveries.delivery_log import (
    Delivery,
    Place,
    attempts,
    deliveries,
    find_delivery,
)
from application.deliveries.webhook import State
from application.record.row_scope import Beyond, beyond
from interface.api.cursors import opened, page
from interface.api.idempotency import once
from interface.api.openapi.operations import (
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Reading,
    Writing,
    answering,
)
from interface.api.openapi.text_forms import Cursor
from interface.api.openapi.webhook_examples import AGAIN, DELIVERY, WHOLE
from interface.api.problems import Failure
from interface.api.request_context import RequestContext
from interface.api.responses.webhook_state import (
    DeliveriesPage,
    DeliveryShown,
    DeliveryWhole,
    SentAgain,
    delivery_shown,
)
from interface.api.routes.webhooks import MANAGERS, find_webhook

# The framework has a use of its own for an argument called `state`.
STATE = QueryParameter(name="state", description="Only those that are so far.")


class WebhookDeliveriesController(Controller):
    """What a webhook was sent, and what became of it."""

    path = "/v1/webhooks/{webhook_id:uuid}"
    tags = ("webhooks",)

    @post(
        "/test",
        operation_class=answering(Writing, DELIVERY),
        responses=WRITE_PROBLEMS,
        operation_id="testWebhook",
        summary="Send a test event",
        status_code=201,
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def test(
        self, context: NamedDependency[RequestContext], webhook_id: FromPath[UUID]
    ) -> DeliveryShown:
        """Send a message of the type `test`, signed like all others. Takes no body."""
        return once(context, None, DeliveryShown, lambda: _tested(context, webhook_id))

    @get(
        "/deliveries",
        operation_class=answering(Reading, {"items": [DELIVERY], "next": None}),
        responses=READ_PROBLEMS,
        operation_id="listDeliveries",
        summary="List what was sent",
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def log(
        self,
        context: NamedDependency[RequestContext],
        webhook_id: FromPath[UUID],
        state_: Annotated[DeliveryState | None, STATE] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: Cursor = None,
    ) -> DeliveriesPage:
        """List a webhook's messages, the last first: `state=dead` for dead letters."""
        find_webhook(context, webhook_id)
        with context.system.database.get_connection() as connection:
            return page(
                DeliveriesPage,
                lambda after, many: deliveries(
                    connection, webhook_id, state_, many, after
                ),
                delivery_shown,
                lambda one: (one.created_at, one.delivery_id),
                limit,
                opened(cursor, Place, context.list_name),
            )

    @get(
        "/deliveries/{delivery_id:uuid}",
        operation_class=answering(Reading, WHOLE),
        responses=READ_PROBLEMS,
        operation_id="getDelivery",
        summary="Show a message and its attempts",
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def delivery(
        self,
        context: NamedDependency[RequestContext],
        webhook_id: FromPath[UUID],
        delivery_id: FromPath[UUID],
    ) -> DeliveryWhole:
        """Show a message with every attempt at it."""
        found = _find(context, webhook_id, delivery_id)
        with context.system.database.get_connection() as connection:
            made = tuple(attempts(connection, delivery_id))
        return DeliveryWhole(delivery=delivery_shown(found), attempts=made)

    @post(
        "/deliveries/{delivery_id:uuid}/redelivery",
        operation_class=answering(Writing, AGAIN),
        responses=WRITE_PROBLEMS,
        operation_id="redeliverMessage",
        summary="Send a dead letter again",
        status_code=200,
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def again(
        self,
        context: NamedDependency[RequestContext],
        webhook_id: FromPath[UUID],
        delivery_id: FromPath[UUID],
    ) -> SentAgain:
        """Begin anew with a message that was given up. Takes no body."""
        return once(
            context, None, SentAgain, lambda: _again(context, webhook_id, delivery_id)
        )

    @post(
        "/redelivery",
        operation_class=answering(Writing, AGAIN),
        responses=WRITE_PROBLEMS,
        operation_id="redeliverMessages",
        summary="Send all dead letters again",
        status_code=200,
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def all_again(
        self, context: NamedDependency[RequestContext], webhook_id: FromPath[UUID]
    ) -> SentAgain:
        """Begin anew with all messages that were given up. Takes no body."""
        return once(context, None, SentAgain, lambda: _again(context, webhook_id, None))


def _tested(context: RequestContext, webhook_id: UUID) -> DeliveryShown:
    webhook = find_webhook(context, webhook_id, live=True)
    # It would wait unsent, while its sender waits for it.
    if webhook.state is not State.ACTIVE:
        raise Failure("webhook-not-active")
    name = str(context.command_id())
    with (
        beyond(Beyond.QUEUE),
        context.system.database.get_connection() as connection,
    ):
        sent = send_test(
            connection, webhook_id, webhook.platform, name, datetime.now(UTC)
        )
    return delivery_shown(_find(context, webhook_id, sent))


def _again(
    context: RequestContext, webhook_id: UUID, delivery_id: UUID | None
) -> SentAgain:
    webhook = find_webhook(context, webhook_id, live=True)
    # What waits for a disabled one is cancelled: the dead letter would be lost.
    if webhook.state is State.DISABLED:
        raise Failure("webhook-not-active")
    if delivery_id is not None:
        found = _find(context, webhook_id, delivery_id)
        if found.state is not DeliveryState.DEAD:
            raise Failure("not-a-dead-letter")
    with (
        beyond(Beyond.QUEUE),
        context.system.database.get_connection() as connection,
    ):
        many = send_again(connection, webhook_id, delivery_id, datetime.now(UTC))
    return SentAgain(deliveries=many)


def _find(context: RequestContext, webhook_id: UUID, delivery_id: UUID) -> Delivery:
    find_webhook(context, webhook_id)
    with context.system.database.get_connection() as connection:
        found = find_delivery(connection, webhook_id, delivery_id)
    if found is None:
        raise Failure("no-such-delivery")
    return found
