"""Changes to data keys: retirement, destruction, and wrapping by a new master key.

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

from application.privacy.master_key import MasterKeys
from application.record.database import Database

BATCH = 1_000


class MasterKeyUse(Struct, frozen=True, kw_only=True):
    """How many data keys a master key wraps."""

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


def announce(database: Database) -> None:
    """Let every process read keys and the master key file again."""
    with _changing(database):
        pass


def rewrap(database: Database, master: MasterKeys, many: int = BATCH) -> int:
    """Wrap some keys of older master keys by the current one; return how many.

    Nothing is announced: the data keys themselves stay as they are.
    """
    with database.get_connection() as connection, connection.transaction():
        # The rows are locked until all is written. Were a key destroyed in between, the
        # trigger would refuse to bring it back, and with it the whole batch.
        rows = connection.execute(
            "SELECT key_id, wrapped, wrapped_by FROM data_keys"
            " WHERE wrapped IS NOT NULL AND wrapped_by <> %s"
            " ORDER BY key_id LIMIT %s FOR UPDATE",
            (master.current, many),
        ).fetchall()
        rewrapped = [
            master.wrap(master.unwrap(row["wrapped"], row["wrapped_by"]))
            for row in rows
        ]
        connection.execute(
            "UPDATE data_keys d SET wrapped = new.wrapped, wrapped_by = %s"
            " FROM unnest(%s::uuid[], %s::bytea[]) AS new (key_id, wrapped)"
            " WHERE d.key_id = new.key_id",
            (master.current, [row["key_id"] for row in rows], rewrapped),
        )
    return len(rows)


def uses(database: Database, master: MasterKeys) -> tuple[MasterKeyUse, ...]:
    """Return the master keys in the file and in use, and how many keys each wraps."""
    wraps = _wraps(database)
    return tuple(
        MasterKeyUse(
            name=name,
            wraps=wraps.get(name, 0),
            current=name == master.current,
            present=name in master.keys,
        )
        for name in sorted({*master.keys, *wraps}, key=lambda one: (len(one), one))
    )


def one_wrapped_by_each(database: Database) -> Mapping[str, bytes]:
    """Return one wrapped data key for each master key that wraps any."""
    with database.get_connection() as connection:
        # LATERAL with LIMIT 1 reads one key of each master key. DISTINCT ON would read
        # them all in the order of an index: 108 ms instead of 28 ms for 200,000 keys.
        rows = connection.execute(
            "SELECT by.wrapped_by, one.wrapped FROM (SELECT DISTINCT wrapped_by"
            " FROM data_keys WHERE wrapped IS NOT NULL) AS by, LATERAL (SELECT wrapped"
            " FROM data_keys d WHERE d.wrapped_by = by.wrapped_by"
            " AND d.wrapped IS NOT NULL LIMIT 1) AS one"
        ).fetchall()
    return {row["wrapped_by"]: row["wrapped"] for row in rows}


def _wraps(database: Database) -> Mapping[str, int]:
    with database.get_connection() as connection:
        rows = connection.execute(
            "SELECT wrapped_by, count(*) AS many FROM data_keys"
            " WHERE wrapped IS NOT NULL GROUP BY wrapped_by"
        ).fetchall()
    return {row["wrapped_by"]: row["many"] for row in rows}


@contextmanager
def _changing(database: Database) -> Iterator[Connection[Any]]:
    with database.get_connection() as connection, connection.transaction():
        # In one transaction with the change: a process that saw the count before the
        # change would read the old keys again, and remember them under the new count.
        connection.execute("UPDATE key_changes SET made = made + 1")
        yield connection
