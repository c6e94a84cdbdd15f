"""A queue of any size: generated cases, followed once, and their rows repeated."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection

from application.record.schema.migrations import STORE
from application.record.session import open_session
from interface.bootstrap import System, wire
from interface.generator.ledger_growth import grow
from interface.generator.record_writer import RecordWriter
from interface.settings.settings import read
from projections.following.follower import Following
from projections.queue.queue_view import QUEUE

UNTIL = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)

# Each case once more under another id, at another hour, of another buyer and order.
_REPEAT = """
INSERT INTO queue ({columns}) SELECT {values}
FROM queue q CROSS JOIN generate_series(1, %(times)s) AS n WHERE {where}
"""
_VARIED = {
    "case_id": "gen_random_uuid()",
    "buyer": "buyer || '-' || n",
    "seller": "seller || '-' || n %% 10",
    "assignee": "assignee || '-' || n %% 4",
    "order_id": "order_id || '-' || n",
    "case_number": "lpad((random() * 1e18)::bigint::text, 20, '0')",
    "opened_at": "opened_at - random() * interval '20 hours'",
    "changed_at": "changed_at - random() * interval '20 hours'",
    "due": "due + floor(random() * 2) * random() * interval '20 hours'",
}


def system_of(url: str, home: Path) -> System:
    """Return a system on a database of its own."""
    home.mkdir(exist_ok=True)
    environ = {"REDRESS_HOME": str(home), "DATABASE_URL": url}
    return wire(read(environ), url, url, lambda: UNTIL)


def generate(system: System, cases: int, seed: int = 1) -> None:
    """Write cases and have the queue follow them."""
    with open_session(system.url, search_path=STORE.name) as owner:
        writer = RecordWriter(system, owner, cases, seed, UNTIL)
        writer.check()
        writer.write(lambda _: None)
        grow(system.url, owner, lambda *_: None)
        following = Following(QUEUE, owner)
        while following.advance():
            pass


def repeat(owner: Connection[Any], times: int, where: str = "true") -> None:
    """Have rows of the queue so many times more, and count all."""
    columns = QUEUE.row.__struct_fields__
    values = [_VARIED.get(name, name) for name in columns]
    query = _REPEAT.format(
        columns=", ".join(columns), values=", ".join(values), where=where
    )
    owner.execute("SET search_path TO redress")
    owner.execute(query.encode(), {"times": times})
    owner.execute("TRUNCATE queue_cells, queue_dues, queue_assignees")
    with owner.cursor() as cursor:
        QUEUE.sums.fill(cursor)  # type: ignore[union-attr]
    owner.execute("VACUUM ANALYZE queue, queue_cells, queue_dues, queue_assignees")


def owner_of(url: str) -> Connection[Any]:
    """Open a session of the owner, each statement by itself."""
    return psycopg.connect(url, autocommit=True)
