"""Signs messages by Standard Webhooks 1.0: id, time and content, by HMAC-SHA256."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The specification asks for 24 to 64."""


def new_secret() -> str:
    """Make a random secret, as its holders write it."""
    made = secrets.token_bytes(SECRET_BYTES)
    return PREFIX + base64.b64encode(made).decode("ascii")


def message_id(delivery: UUID) -> str:
    """Return the id under which a delivery is sent, by every attempt."""
    return f"msg_{delivery.hex}"


def signed_headers(
    delivery: UUID, at: datetime, body: bytes, secrets_in_force: Sequence[str]
) -> dict[str, str]:
    """Return the headers of an attempt, with a signature by each secret."""
    name, stamp = message_id(delivery), str(int(at.timestamp()))
    signatures = (_signature(one, name, stamp, body) for one in secrets_in_force)
    return {
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, name: str, stamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    said = f"{name}.{stamp}.".encode() + body
    digest = hmac.new(key, said, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode("ascii")
