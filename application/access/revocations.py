"""Revoked tokens: single ones, and all that a subject had until a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from application.jobs.locks import REVOKING


class Revocation(Struct, frozen=True, kw_only=True):
    """One revocation: of the token `jti`, or of a subject's tokens until `revoked_at`.

    `platform` None: of a subject whose tokens are of no platform.
    """

    number: int
    jti: str | None
    platform: str | None
    subject: str | None
    reason: str
    revoked_by: str
    revoked_at: datetime


def revoke_token(
    connection: Connection[Any], jti: str, reason: str, revoked_by: str, now: datetime
) -> None:
    """Revoke one token by its id."""
    _insert(connection, (jti, None, None, reason, revoked_by, now))


def revoke_subject(
    connection: Connection[Any],
    platform: str | None,
    subject: str,
    reason: str,
    revoked_by: str,
    now: datetime,
) -> None:
    """Revoke all tokens of a subject that were issued until now."""
    _insert(connection, (None, platform, subject, reason, revoked_by, now))


def revocations(connection: Connection[Any], since: datetime) -> tuple[Revocation, ...]:
    """Return the revocations made after a time, the oldest first."""
    with connection.cursor(row_factory=class_row(Revocation)) as cursor:
        cursor.execute(
            "SELECT number, jti, platform, subject, reason, revoked_by, revoked_at"
            " FROM revocations WHERE revoked_at > %s ORDER BY number",
            (since,),
        )
        return tuple(cursor.fetchall())


def _insert(connection: Connection[Any], values: tuple[object, ...]) -> None:
    with connection.transaction():
        # One at a time: processes look for a higher number, and would never see a
        # revocation that commits after one with a higher number than its own.
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (REVOKING,))
        connection.execute(
            "INSERT INTO revocations"
            " (jti, platform, subject, reason, revoked_by, revoked_at)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            values,
        )
