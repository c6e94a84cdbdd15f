"""API keys: whom each stands for, what it may do, until when; and revocations of them.

Both tables can only be added to. The keys themselves are nowhere, only hashes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import dict_row

from application.jobs.locks import REVOKING
from domain.refusals import Refusal
from domain.roles import Role

MOST_LIVE = 1_000
"""Keys of a platform that hold at a time: every process has all of them at hand."""


class TooManyKeys(Refusal):
    """There are as many API keys as one platform may have at a time."""

    code = "too-many-api-keys"


class ApiKey(Struct, frozen=True, kw_only=True):
    """A key: whom it stands for, and what it may be used for.

    `scopes` None: for all that the role may do. `creator_role` and `revoker_role` None:
    an operator, at the command line.
    """

    number: int
    key_id: str
    digest: bytes
    name: str
    role: Role
    platform: str | None
    subject: str
    scopes: tuple[str, ...] | None
    created_by: str
    creator_role: Role | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoker_role: Role | None = None
    reason: str | None = None
    used_at: datetime | None = None


_KEYS = """
SELECT k.*, r.revoked_at, r.revoked_by, r.revoker_role, r.reason, u.used_at
FROM api_keys k
LEFT JOIN LATERAL (
    SELECT revoked_at, revoked_by, revoker_role, reason FROM api_key_revocations
    WHERE key_id = k.key_id
    UNION ALL
    -- Whoever shuts out a subject means all by which it can call.
    SELECT revoked_at, revoked_by, NULL, reason FROM revocations
    WHERE subject = k.subject AND platform IS NOT DISTINCT FROM k.platform
        AND revoked_at >= k.created_at
    ORDER BY revoked_at LIMIT 1
) r ON true
LEFT JOIN api_key_uses u ON u.key_id = k.key_id
"""


def create(connection: Connection[Any], key: ApiKey) -> None:
    """Keep a new key; its `number` is passed over. Raises TooManyKeys."""
    with connection.transaction():
        _take_turn(connection)
        row = connection.execute(
            "SELECT count(*) AS live FROM api_keys k WHERE expires_at > %s"
            " AND platform IS NOT DISTINCT FROM %s AND NOT EXISTS"
            " (SELECT FROM api_key_revocations WHERE key_id = k.key_id)",
            (key.created_at, key.platform),
        ).fetchone()
        if _first(row) >= MOST_LIVE:
            raise TooManyKeys(limit=f"{MOST_LIVE:,}")
        connection.execute(
            "INSERT INTO api_keys (key_id, digest, name, role, platform, subject,"
            " scopes, created_by, creator_role, created_at, expires_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(key.key_id, key.digest, key.name, key.role, key.platform),
                *(key.subject, None if key.scopes is None else list(key.scopes)),
                *(key.created_by, key.creator_role, key.created_at, key.expires_at),
            ),
        )


def revoke(
    connection: Connection[Any],
    key_id: str,
    reason: str,
    by: tuple[str, Role | None],
    now: datetime,
) -> None:
    """Revoke a key that is there, as of now. Safe to repeat: the first one counts."""
    who, role = by
    with connection.transaction():
        _take_turn(connection)
        connection.execute(
            "INSERT INTO api_key_revocations"
            " (key_id, reason, revoked_by, revoker_role, revoked_at)"
            " SELECT %s, %s, %s, %s, %s WHERE NOT EXISTS"
            " (SELECT FROM api_key_revocations WHERE key_id = %s)",
            (key_id, reason, who, role, now, key_id),
        )


class LastNumbers(NamedTuple):
    """The last numbers of the tables that say who is let in; 0 for an empty one."""

    keys: int
    key_revocations: int
    revocations: int


def last_numbers(connection: Connection[Any]) -> LastNumbers:
    """Return the last numbers; every process asks for them again and again."""
    row = connection.execute(
        "SELECT ARRAY[coalesce((SELECT max(number) FROM api_keys), 0),"
        " coalesce((SELECT max(number) FROM api_key_revocations), 0),"
        " coalesce((SELECT max(number) FROM revocations), 0)] AS numbers"
    ).fetchone()
    return LastNumbers(*_first(row))


def at_hand(connection: Connection[Any], since: datetime) -> Sequence[ApiKey]:
    """Return the keys that have not expired before a time, revoked ones too."""
    return _read(connection, "WHERE k.expires_at > %s", since)


def found(connection: Connection[Any], key_id: str) -> ApiKey | None:
    """Return a key by its id."""
    return next(iter(_read(connection, "WHERE k.key_id = %s", key_id)), None)


def listed(
    connection: Connection[Any],
    platform: str | None,
    roles: Collection[Role],
    limit: int,
    before: int | None = None,
) -> Sequence[ApiKey]:
    """Return the keys of a platform (None: of all) for some roles, the latest first.

    `before` is the number of the key that they follow.
    """
    return _read(
        connection,
        "WHERE (%s::text IS NULL OR k.platform = %s) AND k.role = ANY (%s)"
        " AND (%s::bigint IS NULL OR k.number < %s) ORDER BY k.number DESC LIMIT %s",
        *(platform, platform, [str(one) for one in roles], before, before, limit),
    )


def note_uses(connection: Connection[Any], uses: Mapping[str, float]) -> None:
    """Keep when keys were used last (POSIX), unless something later is kept."""
    connection.execute(
        "INSERT INTO api_key_uses (key_id, used_at)"
        " SELECT * FROM unnest(%s::text[], %s::timestamptz[]) ORDER BY 1"
        " ON CONFLICT (key_id) DO UPDATE"
        " SET used_at = greatest(api_key_uses.used_at, excluded.used_at)",
        (list(uses), [datetime.fromtimestamp(one, UTC) for one in uses.values()]),
    )


def _take_turn(connection: Connection[Any]) -> None:
    # One at a time, as with other revocations: processes look for a higher number.
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (REVOKING,))


def _first(row: Any) -> Any:
    # Pools give rows as dicts, connections outside of them as tuples.
    return next(iter(row.values())) if isinstance(row, dict) else row[0]


def _read(
    connection: Connection[Any], where: str, *parameters: Any
) -> Sequence[ApiKey]:
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute((_KEYS + where).encode(), parameters)
        return [_key(row) for row in cursor.fetchall()]


def _key(row: dict[str, Any]) -> ApiKey:
    """Return a row as a key: the driver knows of no roles and tuples."""
    for name in ("role", "creator_role", "revoker_role"):
        row[name] = None if row[name] is None else Role(row[name])
    scopes = row.pop("scopes")
    return ApiKey(**row, scopes=None if scopes is None else tuple(scopes))
