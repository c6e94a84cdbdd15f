"""Endpoints of platforms that are told of events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import kwargs_row

from application.deliveries.webhook_secrets import WebhookSecrets
from application.privacy.data_keys import KeyStore
from application.record.database import Database

MOST = 20
"""Endpoints of one platform: each event is sent to every one of them."""

OVERLAP = timedelta(hours=24)
"""For how long an earlier secret signs as well, unless the caller says otherwise."""

SHOWN_AGAIN = timedelta(minutes=10)
"""For how long a request that is repeated under its key is shown its secret again."""

_COLUMNS = "webhook_id, platform, url, topics, state, after, created_at, failing_since"

Place = tuple[datetime, UUID]


class State(StrEnum):
    """ACTIVE: is sent events. PAUSED: they wait. DISABLED: there are none to wait.

    An endpoint that answers 410 is disabled. DELETED ones stay for their delivery log.
    """

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"
    DELETED = "deleted"


class Change(StrEnum):
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

    change: Change
    url: str
    topics: tuple[str, ...] | None
    changed_by: str
    changed_at: datetime


class TooManyWebhooks(Exception):
    """The platform has as many endpoints as it may have."""


class Made(Struct, frozen=True, kw_only=True):
    """What a request has made: an endpoint's secret, by its number."""

    webhook_id: UUID
    secret: int


class Webhooks:
    """The table of endpoints, their secrets, and who changed what."""

    def __init__(self, database: Database, keys: KeyStore) -> None:
        self._database = database
        self.secrets = WebhookSecrets(keys)

    def create(self, webhook: Webhook, by: str) -> Made:
        """Add an endpoint with its first secret. Raises TooManyWebhooks.

        It is told of what gets its position from now on.
        """
        with self._database.get_connection() as connection, connection.transaction():
            # One at a time for each platform, or two would both be the last allowed.
            connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 17))",
                (f"webhooks/{webhook.platform}",),
            )
            query = (
                "SELECT count(*) AS many FROM webhooks"
                " WHERE platform = %s AND state <> 'deleted'"
            )
            row = connection.execute(query, (webhook.platform,)).fetchone()
            if row and row["many"] >= MOST:
                raise TooManyWebhooks
            connection.execute(
                f"INSERT INTO webhooks ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s,"
                " (SELECT coalesce(max(position), 0) FROM ledger), %s, NULL)",
                (
                    *(webhook.webhook_id, webhook.platform, webhook.url),
                    *(_list(webhook.topics), webhook.state, webhook.created_at),
                ),
            )
            number = self.secrets.make(
                connection, webhook.webhook_id, webhook.created_at
            )
            _note(connection, webhook, Change.CREATED, by, webhook.created_at)
        return Made(webhook_id=webhook.webhook_id, secret=number)

    def change(self, after: Webhook, change: Change, by: str, now: datetime) -> None:
        """Store what was changed about an endpoint.

        One that was disabled, and is enabled again, is told of what comes from now on.
        """
        with self._database.get_connection() as connection, connection.transaction():
            connection.execute(
                "UPDATE webhooks SET url = %s, topics = %s, state = %s, after = CASE"
                " WHEN state = 'disabled' AND %s <> 'disabled'"
                " THEN (SELECT coalesce(max(position), 0) FROM ledger) ELSE after END"
                " WHERE webhook_id = %s AND state <> 'deleted'",
                (
                    *(after.url, _list(after.topics), after.state),
                    *(after.state, after.webhook_id),
                ),
            )
            _note(connection, after, change, by, now)

    def rotate(
        self, webhook: Webhook, by: str, now: datetime, overlap: timedelta
    ) -> Made:
        """Give an endpoint a new secret; those before it sign on for the overlap."""
        with self._database.get_connection() as connection, connection.transaction():
            # Of two that rotate at once, the second finds the secret of the first.
            connection.execute(
                "SELECT 1 FROM webhooks WHERE webhook_id = %s FOR UPDATE",
                (webhook.webhook_id,),
            )
            number = self.secrets.rotate(connection, webhook.webhook_id, now, overlap)
            _note(connection, webhook, Change.ROTATED, by, now)
        return Made(webhook_id=webhook.webhook_id, secret=number)

    def shown_secret(self, made: Made, now: datetime) -> str | None:
        """Return a secret that was only just made, None for an older one."""
        with self._database.get_connection() as connection:
            return self.secrets.find(
                connection, made.webhook_id, made.secret, now - SHOWN_AGAIN
            )

    def find(self, webhook_id: UUID, platform: str) -> Webhook | None:
        """Return an endpoint of a platform, also a deleted one."""
        with self._database.get_connection() as connection:
            found = _select(
                connection,
                "webhook_id = %s AND platform = %s",
                (webhook_id, platform),
            )
        return found[0] if found else None

    def listed(
        self, platform: str, limit: int, after: Place | None = None
    ) -> Sequence[Webhook]:
        """List the endpoints of a platform, but for deleted ones, the oldest first."""
        at, webhook_id = after or (None, None)
        with self._database.get_connection() as connection:
            return _select(
                connection,
                "platform = %s AND state <> 'deleted' AND (%s::timestamptz IS NULL"
                " OR (created_at, webhook_id) > (%s, %s))"
                " ORDER BY created_at, webhook_id LIMIT %s",
                (platform, at, at, webhook_id, limit),
            )

    def changes(self, webhook_id: UUID) -> Sequence[WebhookChange]:
        """Return who changed what about an endpoint, the first change first."""
        query = (
            "SELECT change, url, topics, changed_by, changed_at FROM webhook_changes"
            " WHERE webhook_id = %s ORDER BY number"
        )
        with self._database.get_connection() as connection:
            rows = connection.execute(query, (webhook_id,)).fetchall()
        return [
            WebhookChange(
                **row
                | {"change": Change(row["change"]), "topics": _topics(row["topics"])}
            )
            for row in rows
        ]


def told(connection: Connection[Any]) -> Sequence[Webhook]:
    """Return the endpoints that are told of events: the active and the paused ones."""
    return _select(connection, "state IN ('active', 'paused')", ())


def disable(connection: Connection[Any], webhook_id: UUID, now: datetime) -> None:
    """Disable an endpoint whose receiver says that it is gone."""
    with connection.transaction():
        done = connection.execute(
            "UPDATE webhooks SET state = 'disabled' WHERE webhook_id = %s"
            " AND state IN ('active', 'paused')",
            (webhook_id,),
        )
        if done.rowcount:
            one = _select(connection, "webhook_id = %s", (webhook_id,))[0]
            _note(connection, one, Change.DISABLED, "receiver", now)


def _select(
    connection: Connection[Any], where: str, parameters: tuple[Any, ...]
) -> Sequence[Webhook]:
    query = f"SELECT {_COLUMNS} FROM webhooks WHERE {where}"
    with connection.cursor(row_factory=kwargs_row(_row)) as cursor:
        return cursor.execute(query.encode(), parameters).fetchall()


def _row(**row: Any) -> Webhook:
    known = {"state": State(row["state"]), "topics": _topics(row["topics"])}
    return Webhook(**row | known)


def _note(
    connection: Connection[Any],
    webhook: Webhook,
    change: Change,
    by: str,
    now: datetime,
) -> None:
    connection.execute(
        "INSERT INTO webhook_changes"
        " (webhook_id, change, url, topics, changed_by, changed_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (webhook.webhook_id, change, webhook.url, _list(webhook.topics), by, now),
    )


def _list(topics: tuple[str, ...] | None) -> list[str] | None:
    return None if topics is None else list(topics)


def _topics(stored: list[str] | None) -> tuple[str, ...] | None:
    return None if stored is None else tuple(stored)
