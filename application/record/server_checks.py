"""What this program needs of a PostgreSQL server, each with the line that says it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from enum import StrEnum

import psycopg
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow

from application.record.session import open_session

OLDEST = 15
"""The oldest major version of PostgreSQL that the tests run on."""

SESSIONS = 72
"""Connections that one process may open: a pool each for requests, for what else reads
the record and for the keys, and one for each job of the worker."""

_PROBE = "redress.pooler_probe"

_FACTS = """
SELECT current_setting('server_version_num')::int / 10000,
       current_setting('server_encoding'),
       current_setting('transaction_read_only') = 'on',
       current_setting('max_connections')::int
           - current_setting('superuser_reserved_connections')::int,
       (SELECT datconnlimit FROM pg_database WHERE datname = current_database()),
       (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user),
       current_setting('fsync'), current_setting('full_page_writes'),
       current_setting('synchronous_commit')
"""


class Weight(StrEnum):
    """What a shortcoming means: no start, or a line in the log and in the doctor."""

    REFUSED = "refused"
    WARNED = "warned"


class Shortcoming(Struct, frozen=True):
    """One thing that a server lacks, in one line, and what it is about."""

    weight: Weight
    about: str
    said: str


class ServerFacts(Struct, frozen=True):
    """What a server says of itself."""

    major: int
    encoding: str
    is_read_only: bool
    sessions: int
    database_limit: int
    role_limit: int
    fsync: str
    full_page_writes: str
    synchronous_commit: str


def shortcomings(
    url: str, *, is_production: bool, wait_seconds: int
) -> tuple[Shortcoming, ...]:
    """Return what is wrong with a server. Raises psycopg.Error if it is out of reach.

    In production it is also asked whether what it has acknowledged survives a crash.
    """
    with (
        open_session(url, wait_seconds=wait_seconds) as one,
        open_session(url, wait_seconds=wait_seconds) as other,
    ):
        if said := _shared(one, other):
            # Nothing else that such a session says can be relied on.
            return (Shortcoming(Weight.REFUSED, "pooler", said),)
        row = one.execute(_FACTS).fetchone() or ()
        facts = ServerFacts(*row)
    unsafe = _unsafe(facts) if is_production else ()
    return (*_unfit(facts), *_tight(facts), *unsafe)


def _unfit(facts: ServerFacts) -> Iterator[Shortcoming]:
    if facts.major < OLDEST:
        said = f"PostgreSQL {facts.major} is too old: it has to be {OLDEST} or newer"
        yield Shortcoming(Weight.REFUSED, "version", said)
    if facts.encoding != "UTF8":
        said = (
            f"the database's encoding is {facts.encoding}: it has to be UTF8"
            " (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0)"
        )
        yield Shortcoming(Weight.REFUSED, "encoding", said)


def _tight(facts: ServerFacts) -> Iterator[Shortcoming]:
    if facts.is_read_only:
        said = "the database is read-only: nothing can be recorded"
        yield Shortcoming(Weight.WARNED, "writes", said)
    limits = (facts.sessions, facts.database_limit, facts.role_limit)
    # -1 stands for no limit.
    fewest = min(limit for limit in limits if limit >= 0)
    if fewest < SESSIONS:
        said = (
            f"the server gives {fewest} connections at most, and one process may open"
            f" {SESSIONS}: raise max_connections or the limit of the database or role"
        )
        yield Shortcoming(Weight.WARNED, "connections", said)


def _unsafe(facts: ServerFacts) -> Iterator[Shortcoming]:
    # "local" and the others wait for this server's own disk at least.
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if getattr(facts, name) == "off":
            said = f"{name} is off: what was acknowledged can be lost in a crash"
            yield Shortcoming(Weight.WARNED, name, said)


def _shared(one: Connection[TupleRow], other: Connection[TupleRow]) -> str:
    """Say in a line that sessions do not stay with their connections, "" if they do.

    A pooler that lends a server's session for one transaction only, such as PgBouncer
    with pool_mode = transaction, loses locks, roles and settings between statements.
    """
    said = (
        "a pooler shares sessions between connections (such as PgBouncer with"
        " pool_mode = transaction or statement): locks, roles and prepared statements"
        " get lost; connect to PostgreSQL itself, or use pool_mode = session"
    )
    mark = secrets.token_hex(8)
    try:
        one.execute("SELECT set_config(%s, %s, false)", (_PROBE, mark))
        with other.transaction():
            # While this transaction holds the session that the mark was left in, the
            # first connection is given another one.
            stayed = _mark(other) != mark and _mark(one) == mark
        one.execute("SELECT set_config(%s, '', false)", (_PROBE,))
    except psycopg.errors.ProtocolViolation as error:
        # So PgBouncer refuses the transaction itself where it pools statements.
        return f"{said} ({str(error).strip()})"
    return "" if stayed else said


def _mark(session: Connection[TupleRow]) -> str | None:
    row = session.execute("SELECT current_setting(%s, true)", (_PROBE,)).fetchone()
    return row[0] if row else None
