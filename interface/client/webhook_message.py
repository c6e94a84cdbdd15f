"""Checks that a message to a webhook is the server's: Standard Webhooks 1.0."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from .generated.models import EventMessage
from .problem_raised import RedressError

TOLERANCE_SECONDS = 300.0
_DIGITS = 12


class BadSignature(RedressError):
    """A message that no secret has signed, or that is too old or from the future."""


class WebhookMessage(Struct, frozen=True):
    """A message that is the server's.

    `id` is the same whenever it is sent again: keep the ids of some days, and pass over
    what you have. `at`: when this attempt was made. `type`: an event's name, or "test".
    """

    id: str
    at: datetime
    type: str
    body: bytes

    def event(self) -> EventMessage:
        """Return the event that it tells of."""
        return msgspec.json.decode(self.body, type=EventMessage)

    def content(self) -> dict[str, Any]:
        """Return the body as it is, whatever the message tells."""
        return msgspec.json.decode(self.body, type=dict[str, Any])


def verify(
    headers: Mapping[str, str],
    body: bytes,
    secrets: str | Iterable[str],
    *,
    tolerance: float = TOLERANCE_SECONDS,
    now: float | None = None,
) -> WebhookMessage:
    """Return the message, if one of the secrets has signed these very bytes.

    `secrets`: those in force, such as `whsec_…`; while one is rotated, both.
    `tolerance`: how many seconds the time of the message may be away from `now`
    (seconds since 1970), so that nobody can send again what they have seen. Raises
    BadSignature.

    >>> verify(headers, body, secret).type
    'ruled'
    """
    small = {name.lower(): value for name, value in headers.items()}
    try:
        name, stamp = small["webhook-id"], small["webhook-timestamp"]
        signatures = small["webhook-signature"].split()
    except KeyError as missing:
        raise BadSignature(f"no header {missing.args[0]}") from None
    sent = _seconds(stamp)
    signed = f"{name}.{stamp}.".encode() + body
    known = (secrets,) if isinstance(secrets, str) else tuple(secrets)
    # Each is compared, whichever one is right: the time tells nothing.
    matches = [
        hmac.compare_digest(expected, one.encode())
        for expected in (_signature(secret, signed) for secret in known)
        for one in signatures
    ]
    if not any(matches):
        raise BadSignature("no secret has signed this")
    if abs((time.time() if now is None else now) - sent) > tolerance:
        raise BadSignature(f"its time is more than {tolerance:g} seconds away")
    return _message(name, sent, body)


def _message(name: str, sent: int, body: bytes) -> WebhookMessage:
    try:
        kind = msgspec.json.decode(body, type=_Typed).type
    except msgspec.MsgspecError as error:
        raise BadSignature(f"signed, but no message: {error}") from error
    return WebhookMessage(name, datetime.fromtimestamp(sent, UTC), kind, body)


class _Typed(Struct):
    type: str


def _seconds(stamp: str) -> int:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _DIGITS):
        raise BadSignature("webhook-timestamp is no number of seconds")
    return int(stamp)


def _signature(secret: str, signed: bytes) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise ValueError("a secret is whsec_ and base64") from None
    if not key:
        # Anybody can sign with nothing.
        raise ValueError("a secret is empty")
    return b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
