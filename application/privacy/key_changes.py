"""Changes to data keys: retirement, destruction, and wrapping by a new bucket key.

Processes remember keys. Each retirement and destruction is counted in `key_changes`,
and a process that sees a new count forgets the keys it remembers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.jobs.locks import MAKING_KEYS
from application.privacy.master_key import MasterKeys
from application.record.database import Database

BATCH = 1_000
BUCKETS_NAME = "buckets"


class KeyUse(Struct, frozen=True, kw_only=True):
    """How many data keys a key of the file wraps, or all current bucket keys do."""

    name: str
    wraps: int
    current: bool
    present: bool


def retire(database: Database, subjects: Sequence[str]) -> tuple[UUID, ...]:
    """Retire the keys under a subject's names, and return them all.

    They open texts, but seal no new ones. Every process knows within
    `data_keys.FRESH_SECONDS`.
    """
    with _changing(database) as connection:
        rows = connection.execute(
            "UPDATE data_keys SET retired_at = coalesce(retired_at, now())"
            " WHERE subject = ANY(%s) AND wrapped IS NOT NULL RETURNING key_id",
            (list(subjects),),
        ).fetchall()
    return tuple(sorted(row["key_id"] for row in rows))


def living(database: Database, subjects: Sequence[str]) -> tuple[UUID, ...]:
    """Return the keys under a subject's names that are not destroyed."""
    with database.get_connection() as connection:
        rows = connection.execute(
            "SELECT key_id FROM data_keys"
            " WHERE subject = ANY(%s) AND wrapped IS NOT NULL",
            (list(subjects),),
        ).fetchall()
    return tuple(sorted(row["key_id"] for row in rows))


def destroy(database: Database, key_ids: Sequence[UUID]) -> None:
    """Destroy keys for good. Their rows stay as tombstones. Safe to repeat."""
    with _changing(database) as connection:
        connection.execute(
            "UPDATE data_keys SET wrapped = NULL, destroyed_at = now(),"
            " retired_at = coalesce(retired_at, now())"
            " WHERE key_id = ANY(%s) AND wrapped IS NOT NULL",
            (list(key_ids),),
        )


def destroyed_after(
    database: Database, key_id: UUID, most: int
) -> list[tuple[UUID, str]]:
    """Return the next destroyed keys with their subjects, in order of id."""
    with database.get_connection() as connection:
        rows = connection.execute(
            "SELECT key_id, subject FROM data_keys WHERE key_id > %s"
            " AND wrapped IS NULL ORDER BY key_id LIMIT %s",
            (key_id, most),
        ).fetchall()
    return [(row["key_id"], row["subject"]) for row in rows]


def are_made(database: Database) -> bool:
    """Tell whether the database has the table of data keys at all."""
    with database.get_connection() as connection:
        query = "SELECT to_regclass('data_keys') IS NOT NULL AS made"
        row = connection.execute(query).fetchone()
    return bool(row and row["made"])


def announce(database: Database) -> None:
    """Let every process read keys and the key file again."""
    with _changing(database):
        pass


def rewrap(database: Database, master: MasterKeys, name: str, many: int = BATCH) -> int:
    """Wrap some of the data keys that a key wraps by the newest ones; say how many.

    Nothing is announced: the data keys themselves stay as they are. Raises
    DataKeyUnusable for a row that does not open: with its bucket key gone, nobody could
    ever set it right again.
    """
    with database.get_connection() as connection, connection.transaction():
        # The rows are locked until all is written. Were a key destroyed in between, the
        # trigger would refuse to bring it back, and with it the whole batch.
        rows = connection.execute(
            "SELECT key_id, subject, wrapped, wrapped_by FROM data_keys"
            " WHERE wrapped IS NOT NULL AND wrapped_by = %s"
            " ORDER BY key_id LIMIT %s FOR UPDATE",
            (name, many),
        ).fetchall()
        again = [_wrapped_again(row, master) for row in rows]
        connection.execute(
            "UPDATE data_keys d SET wrapped = new.wrapped, wrapped_by = new.by"
            " FROM unnest(%s::uuid[], %s::bytea[], %s::text[])"
            " AS new (key_id, wrapped, by) WHERE d.key_id = new.key_id",
            (
                [row["key_id"] for row in rows],
                [wrapped for wrapped, _ in again],
                [by for _, by in again],
            ),
        )
    return len(rows)


def _wrapped_again(row: dict[str, Any], master: MasterKeys) -> tuple[bytes, str]:
    place = row["key_id"], row["subject"]
    return master.wrap(master.unwrap(row["wrapped"], row["wrapped_by"], *place), *place)


def wraps(database: Database) -> Mapping[str, int]:
    """Return how many data keys each key of the file wraps."""
    with database.get_connection() as connection:
        rows = connection.execute(
            "SELECT wrapped_by, count(*) AS many FROM data_keys"
            " WHERE wrapped IS NOT NULL GROUP BY wrapped_by"
        ).fetchall()
    return {row["wrapped_by"]: row["many"] for row in rows}


def uses(database: Database, master: MasterKeys) -> tuple[KeyUse, ...]:
    """Return what wraps data keys: the buckets, and each key that no bucket wraps by.

    These are left from an interrupted rotation or an earlier version, or missing.
    """
    counted = wraps(database)
    newest = set(master.newest.values())
    of_buckets = sum(many for name, many in counted.items() if name in newest)
    others = sorted({*master.keys, *counted} - newest, key=lambda one: (len(one), one))
    buckets = KeyUse(name=BUCKETS_NAME, wraps=of_buckets, current=True, present=True)
    return (
        *((buckets,) if master.has_buckets else ()),
        *(
            KeyUse(
                name=name,
                wraps=counted.get(name, 0),
                current=name == master.current,
                present=name in master.keys,
            )
            for name in others
        ),
    )


def one_wrapped_by_each(database: Database) -> list[dict[str, Any]]:
    """Return the row of one data key for each key of the file that wraps any."""
    with database.get_connection() as connection:
        # From name to name in the index: DISTINCT would read all rows.
        return connection.execute(
            "WITH RECURSIVE names AS (("
            f"{_NEXT_NAME} ORDER BY wrapped_by LIMIT 1) UNION ALL SELECT"
            f" ({_NEXT_NAME} AND d.wrapped_by > names.wrapped_by"
            " ORDER BY wrapped_by LIMIT 1) FROM names WHERE wrapped_by IS NOT NULL)"
            " SELECT one.* FROM names, LATERAL (SELECT key_id, subject, wrapped,"
            " wrapped_by FROM data_keys d WHERE d.wrapped_by = names.wrapped_by"
            " AND d.wrapped IS NOT NULL LIMIT 1) AS one"
        ).fetchall()


_NEXT_NAME = "SELECT d.wrapped_by FROM data_keys d WHERE d.wrapped IS NOT NULL"


@contextmanager
def _changing(database: Database) -> Iterator[Connection[Any]]:
    with database.get_connection() as connection, connection.transaction():
        # Keys that are being made now are made before the change, or not at all.
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MAKING_KEYS,))
        # In one transaction with the change: a process that saw the count before the
        # change would read the old keys again, and remember them under the new count.
        connection.execute("UPDATE key_changes SET made = made + 1")
        yield connection
