"""One round of the custody audit, what it reports, and what an owner does to it."""

from __future__ import annotations

import time

import psycopg

from application.jobs.custody_audit import CustodyAudit
from application.jobs.status import CUSTODY
from application.record.database import connected
from interface.bootstrap import System


def a_round(audit: CustodyAudit) -> None:
    """Let the audit go through everything once."""
    audit.close()
    # The server lets go of the lock a moment after the connection is closed.
    ends = time.monotonic() + 10
    while not audit.tick():
        assert time.monotonic() < ends, "the audit does not lead"
        time.sleep(0.01)
    while audit.tick():
        pass


def found(system: System) -> str | None:
    with connected(system.url) as connection:
        row = connection.execute(
            "SELECT problem FROM log_reports WHERE part = %s", (CUSTODY,)
        ).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


def by_hand(system: System, *statements: str) -> None:
    """Change tables as their owner, whom no trigger stops."""
    with psycopg.connect(system.url) as connection:
        connection.execute("SET session_replication_role = replica")
        for trigger in ("data_keys DISABLE TRIGGER no_revival",):
            connection.execute(f"ALTER TABLE redress_keys.{trigger}".encode())
        connection.execute("SET search_path TO redress, redress_keys")
        for statement in statements:
            done = connection.execute(statement.encode())
            assert done.rowcount > 0
        connection.execute(
            "ALTER TABLE redress_keys.data_keys ENABLE ALWAYS TRIGGER no_revival"
        )
