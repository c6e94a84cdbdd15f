"""An endpoint of a platform that is told of events, and who changed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import kwargs_row

COLUMNS = "webhook_id, platform, url, topics, state, after, created_at, failing_since"


class State(StrEnum):
    """ACTIVE: is sent events. PAUSED: they wait. DISABLED: there are none to wait.

    An endpoint that answers 410 is disabled. DELETED ones stay for their delivery log.
    """

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"
    DELETED = "deleted"


class WebhookChangeKind(StrEnum):
    """What was changed about an endpoint."""

    CREATED = "created"
    CHANGED = "changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    DISABLED = "disabled"
    DELETED = "deleted"
    ROTATED = "secret-rotated"


class Webhook(Struct, frozen=True, kw_only=True):
    """An endpoint: where it is, of which events it is told, from where on.

    `topics` None: of every event. `after`: the position after which events are sent.
    `failing_since`: when the first of all attempts since the last success failed.
    """

    webhook_id: UUID
    platform: str
    url: str
    topics: tuple[str, ...] | None
    state: State
    after: int
    created_at: datetime
    failing_since: datetime | None = None

    def wants(self, topic: str) -> bool:
        """Tell whether the endpoint is told of events of a kind."""
        return self.topics is None or topic in self.topics


class WebhookChange(Struct, frozen=True, kw_only=True):
    """A change of an endpoint: what, by whom, when, and where it pointed after it."""

    change: WebhookChangeKind
    url: str
    topics: tuple[str, ...] | None
    changed_by: str
    changed_at: datetime


def told(connection: Connection[Any]) -> Sequence[Webhook]:
    """Return the endpoints that are told of events: the active and the paused ones."""
    return select(connection, "state IN ('active', 'paused')", ())


def disable(connection: Connection[Any], webhook_id: UUID, now: datetime) -> None:
    """Disable an endpoint whose receiver says that it is gone; nothing waits for it."""
    with connection.transaction():
        done = connection.execute(
            "UPDATE webhooks SET state = 'disabled' WHERE webhook_id = %s"
            " AND state IN ('active', 'paused')",
            (webhook_id,),
        )
        cancel_waiting(connection, webhook_id, now)
        if done.rowcount:
            one = select(connection, "webhook_id = %s", (webhook_id,))[0]
            note(connection, one, WebhookChangeKind.DISABLED, "receiver", now)


def cancel_waiting(connection: Connection[Any], webhook_id: UUID, now: datetime) -> int:
    """Cancel what waits for an endpoint if it is disabled; return how many.

    Its jobs end without a message once they are taken up.
    """
    done = connection.execute(
        "UPDATE deliveries SET state = 'cancelled', next_at = NULL, ended_at = %s"
        " WHERE webhook_id = %s AND state = 'waiting' AND EXISTS (SELECT FROM webhooks"
        " w WHERE w.webhook_id = deliveries.webhook_id AND w.state = 'disabled')",
        (now, webhook_id),
    )
    return done.rowcount


def select(
    connection: Connection[Any], where: str, parameters: tuple[Any, ...]
) -> Sequence[Webhook]:
    """Return the endpoints for which a condition holds."""
    query = f"SELECT {COLUMNS} FROM webhooks WHERE {where}"
    with connection.cursor(row_factory=kwargs_row(_row)) as cursor:
        return cursor.execute(query.encode(), parameters).fetchall()


def _row(**row: Any) -> Webhook:
    known = {"state": State(row["state"]), "topics": read_topics(row["topics"])}
    return Webhook(**row | known)


def note(
    connection: Connection[Any],
    webhook: Webhook,
    change: WebhookChangeKind,
    by: str,
    now: datetime,
) -> None:
    """Store who changed an endpoint, and what it is since."""
    connection.execute(
        "INSERT INTO webhook_changes"
        " (webhook_id, change, url, topics, changed_by, changed_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (webhook.webhook_id, change, webhook.url, as_list(webhook.topics), by, now),
    )


def as_list(topics: tuple[str, ...] | None) -> list[str] | None:
    """Return kinds of events as they are stored."""
    return None if topics is None else list(topics)


def read_topics(stored: list[str] | None) -> tuple[str, ...] | None:
    """Return kinds of events as they were stored."""
    return None if stored is None else tuple(stored)
