"""The endpoints of platforms: made, changed, found; each with its secrets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from application.deliveries.webhook import (
    COLUMNS,
    State,
    Webhook,
    WebhookChange,
    WebhookChangeKind,
    as_list,
    cancel_waiting,
    note,
    read_topics,
    select,
)
from application.deliveries.webhook_secrets import WebhookSecrets
from application.privacy.data_keys import KeyStore
from application.record.database import Database

MOST = 20
"""Endpoints of one platform: each event is sent to every one of them."""

OVERLAP = timedelta(hours=24)
"""For how long an earlier secret signs as well, unless the caller says otherwise."""

SHOWN_AGAIN = timedelta(minutes=10)
"""For how long a request that is repeated under its key is shown its secret again."""

Place = tuple[datetime, UUID]


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
                f"INSERT INTO webhooks ({COLUMNS}) VALUES (%s, %s, %s, %s, %s,"
                " (SELECT coalesce(max(position), 0) FROM ledger), %s, NULL)",
                (
                    *(webhook.webhook_id, webhook.platform, webhook.url),
                    *(as_list(webhook.topics), webhook.state, webhook.created_at),
                ),
            )
            number = self.secrets.make(
                connection, webhook.webhook_id, webhook.created_at
            )
            note(connection, webhook, WebhookChangeKind.CREATED, by, webhook.created_at)
        return Made(webhook_id=webhook.webhook_id, secret=number)

    def change(
        self, after: Webhook, change: WebhookChangeKind, by: str, now: datetime
    ) -> None:
        """Store what was changed about an endpoint.

        One that was disabled, and is enabled again, is told of what comes from now on.
        """
        with self._database.get_connection() as connection, connection.transaction():
            # Of what was dispatched while it was being disabled, too.
            cancel_waiting(connection, after.webhook_id, now)
            connection.execute(
                "UPDATE webhooks SET url = %s, topics = %s, state = %s, after = CASE"
                " WHEN state = 'disabled' AND %s <> 'disabled'"
                " THEN (SELECT coalesce(max(position), 0) FROM ledger) ELSE after END"
                " WHERE webhook_id = %s AND state <> 'deleted'",
                (
                    *(after.url, as_list(after.topics), after.state),
                    *(after.state, after.webhook_id),
                ),
            )
            if after.state is State.DELETED:
                self.secrets.remove(connection, after.webhook_id)
                # Nobody can send them again; health would tell of them for ever.
                connection.execute(
                    "UPDATE deliveries SET state = 'cancelled', ended_at = %s"
                    " WHERE webhook_id = %s AND state = 'dead'",
                    (now, after.webhook_id),
                )
            note(connection, after, change, by, now)

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
            note(connection, webhook, WebhookChangeKind.ROTATED, by, now)
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
            found = select(
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
            return select(
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
                | {
                    "change": WebhookChangeKind(row["change"]),
                    "topics": read_topics(row["topics"]),
                }
            )
            for row in rows
        ]
