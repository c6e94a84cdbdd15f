"""Webhooks and what was sent to them, as supervisors and the platform are shown it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from application.deliveries.delivery import DeliveryState
from application.deliveries.delivery_log import Attempt, Delivery
from application.deliveries.signature import message_id
from application.deliveries.webhook import State, Webhook, WebhookChangeKind
from interface.api.cursors import Page


class WebhookShown(Struct, frozen=True, kw_only=True):
    """An endpoint that is told of events; times are UTC.

    `events` null: of every kind. `after`: it is told of events behind this position.
    `failed_at`: when an attempt failed after which none has succeeded.
    """

    id: UUID
    url: str
    events: tuple[str, ...] | None
    state: State
    after: int
    created_at: datetime
    failed_at: datetime | None


class WebhookMade(Struct, frozen=True, kw_only=True):
    """An endpoint with a new secret.

    The secret is shown this once; null: the request is repeated, too late for that.
    """

    webhook: WebhookShown
    secret: str | None


class WebhooksPage(Page[WebhookShown], frozen=True, kw_only=True):
    """One page of endpoints."""


class WebhookChangeShown(Struct, frozen=True, kw_only=True):
    """A change of an endpoint: who, when, and where it led after it."""

    change: WebhookChangeKind
    url: str
    events: tuple[str, ...] | None
    changed_by: str
    changed_at: datetime


class WebhookChangesPage(Page[WebhookChangeShown], frozen=True, kw_only=True):
    """All changes of an endpoint, the first one first."""


class DeliveryShown(Struct, frozen=True, kw_only=True):
    """A message to an endpoint, and how far it is; times are UTC.

    `message_id` is its header `webhook-id`. `position` null: a test event.
    """

    id: UUID
    message_id: str
    position: int | None
    dispute: UUID | None
    type: str
    state: DeliveryState
    tries: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None


class DeliveriesPage(Page[DeliveryShown], frozen=True, kw_only=True):
    """One page of deliveries."""


class DeliveryWhole(Struct, frozen=True, kw_only=True):
    """A message to an endpoint, with every attempt at it.

    `problem` of an attempt: why it failed; null: the receiver has taken the message.
    """

    delivery: DeliveryShown
    attempts: tuple[Attempt, ...]


class SentAgain(Struct, frozen=True, kw_only=True):
    """How many dead letters wait to be sent again."""

    deliveries: int


def webhook_shown(webhook: Webhook) -> WebhookShown:
    """Return an endpoint as it is shown."""
    return WebhookShown(
        id=webhook.webhook_id,
        url=webhook.url,
        events=webhook.topics,
        state=webhook.state,
        after=webhook.after,
        created_at=webhook.created_at,
        failed_at=webhook.failing_since,
    )


def delivery_shown(delivery: Delivery) -> DeliveryShown:
    """Return a delivery as it is shown."""
    return DeliveryShown(
        id=delivery.delivery_id,
        message_id=message_id(delivery.delivery_id),
        position=delivery.position,
        dispute=delivery.case_id,
        type=delivery.topic,
        state=delivery.state,
        tries=delivery.tries,
        created_at=delivery.created_at,
        next_at=delivery.next_at,
        ended_at=delivery.ended_at,
    )
