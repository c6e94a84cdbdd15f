"""What a database's owner can do who switches the triggers off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

TABLES = (
    "events",
    "ledger",
    "log_batches",
    "log_tiles",
    "log_checkpoints",
    "log_archive",
    "log_keys",
    "access_log",
)


@contextmanager
def owner_without_triggers(url: str) -> Iterator[Connection[TupleRow]]:
    """Yield the owner's connection; afterwards all triggers are as they were."""
    with psycopg.connect(url) as owner:
        owner.execute("SET search_path TO redress")
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL".encode())
        owner.execute(
            "ALTER TABLE ledger DROP CONSTRAINT IF EXISTS ledger_position_check"
        )
        owner.execute(
            "ALTER TABLE events DROP CONSTRAINT IF EXISTS events_notification_id_check"
        )
        owner.commit()
        yield owner
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL".encode())
        ours = owner.execute(
            "SELECT tgrelid::regclass, tgname FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY(%s)",
            (list(TABLES),),
        ).fetchall()
        for table, name in ours:
            owner.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}".encode())
        # NOT VALID: what was written meanwhile stays, and the schema is as it was.
        owner.execute(
            "ALTER TABLE ledger ADD CONSTRAINT ledger_position_check"
            " CHECK (position > 0) NOT VALID"
        )
        owner.execute(
            "ALTER TABLE events ADD CONSTRAINT events_notification_id_check"
            " CHECK (notification_id > 0) NOT VALID"
        )
        # A constraint that was never checked would itself count as a change by hand.
        with suppress(psycopg.errors.CheckViolation), owner.transaction():
            owner.execute(
                "ALTER TABLE ledger VALIDATE CONSTRAINT ledger_position_check"
            )


def cut_log(owner: Connection[TupleRow], size: int) -> None:
    """Take events, ledger and log back to an earlier size, as an old backup has it.

    Tiles above the lowest level are left out: so early there are none yet.
    """
    row = owner.execute("SELECT position FROM log_batches WHERE size = %s", (size,))
    (position,) = row.fetchone() or (0,)
    owner.execute("DELETE FROM log_checkpoints WHERE size > %s", (size,))
    owner.execute("DELETE FROM log_archive WHERE size > %s", (size,))
    owner.execute(
        "DELETE FROM events USING ledger l"
        " WHERE events.notification_id = l.notification_id AND l.position > %s",
        (position,),
    )
    owner.execute("DELETE FROM ledger WHERE position > %s", (position,))
    owner.execute("DELETE FROM log_batches WHERE size > %s", (size,))
    owner.execute("DELETE FROM log_tiles WHERE level > 0")
    tile, width = divmod(size, 256)
    owner.execute("DELETE FROM log_tiles WHERE index > %s", (tile,))
    owner.execute(
        "UPDATE log_tiles SET hashes = substring(hashes FOR %s) WHERE index = %s",
        (width * 32, tile),
    )
