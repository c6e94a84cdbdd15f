"""The secrets of endpoints, each sealed under a data key of its endpoint."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from application.deliveries.signature import new_secret
from application.privacy.data_keys import KeyStore
from application.privacy.sealed_texts import NONCE_BYTES

OF_WEBHOOK = "webhook:"
"""So begin the subjects of keys that seal secrets; the endpoint follows."""

_IN_FORCE = """
SELECT number, key_id, sealed FROM webhook_secrets
WHERE webhook_id = %s AND (ends_at IS NULL OR ends_at > %s) ORDER BY number DESC
"""


class SecretLost(Exception):
    """The key of an endpoint's secret was destroyed: rotate the secret."""


class WebhookSecrets:
    """Makes secrets, and opens those that are in force."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    def make(self, connection: Connection[Any], webhook: UUID, now: datetime) -> int:
        """Make an endpoint's next secret; return its number. Raises SecretLost."""
        subject = f"{OF_WEBHOOK}{webhook}"
        key_id = self._keys.current([subject])[subject]
        cipher = self._keys.cipher(key_id)
        if cipher is None:
            raise SecretLost(str(webhook))
        query = (
            "SELECT coalesce(max(number), 0) + 1 AS number FROM webhook_secrets"
            " WHERE webhook_id = %s"
        )
        row = connection.execute(query, (webhook,)).fetchone()
        number = row["number"] if row else 1
        text, nonce = new_secret().encode(), os.urandom(NONCE_BYTES)
        sealed = nonce + cipher.encrypt(nonce, text, _place(webhook, number))
        connection.execute(
            "INSERT INTO webhook_secrets VALUES (%s, %s, %s, %b, %s, NULL)",
            (webhook, number, key_id, sealed, now),
        )
        return int(number)

    def rotate(
        self,
        connection: Connection[Any],
        webhook: UUID,
        now: datetime,
        overlap: timedelta,
    ) -> int:
        """Make a new secret; those before it sign as well until the overlap is over."""
        connection.execute(
            "DELETE FROM webhook_secrets WHERE webhook_id = %s AND ends_at <= %s",
            (webhook, now),
        )
        connection.execute(
            "UPDATE webhook_secrets SET ends_at = least(ends_at, %s)"
            " WHERE webhook_id = %s",
            (now + overlap, webhook),
        )
        return self.make(connection, webhook, now)

    def remove(self, connection: Connection[Any], webhook: UUID) -> None:
        """Delete all secrets of an endpoint."""
        connection.execute(
            "DELETE FROM webhook_secrets WHERE webhook_id = %s", (webhook,)
        )

    def in_force(
        self, connection: Connection[Any], webhook: UUID, now: datetime
    ) -> list[str]:
        """Return the secrets that sign now, the newest first. Raises SecretLost."""
        rows = connection.execute(_IN_FORCE, (webhook, now)).fetchall()
        return [self._opened(webhook, row) for row in rows]

    def find(
        self,
        connection: Connection[Any],
        webhook: UUID,
        number: int,
        made_since: datetime,
    ) -> str | None:
        """Return a secret by its number if it was made since a time."""
        row = connection.execute(
            "SELECT number, key_id, sealed FROM webhook_secrets"
            " WHERE webhook_id = %s AND number = %s AND made_at >= %s",
            (webhook, number, made_since),
        ).fetchone()
        return None if row is None else self._opened(webhook, row)

    def _opened(self, webhook: UUID, row: Mapping[str, Any]) -> str:
        cipher, sealed = self._keys.cipher(row["key_id"]), row["sealed"]
        if cipher is None:
            raise SecretLost(str(webhook))
        nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return cipher.decrypt(nonce, text, _place(webhook, row["number"])).decode()


def _place(webhook: UUID, number: int) -> bytes:
    return f"redress-webhook-secret/1\n{webhook}\n{number}".encode()
