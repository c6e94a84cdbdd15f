"""A session on a database with hand-counted cases."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.consistency.counted_cases import CASES, add
from tests.postgres import Server


@pytest.fixture(scope="module")
def counted(server: Server) -> Iterator[psycopg.Connection]:
    """Yield a session on a database that has the cases; nothing may be added."""
    with (
        server.database() as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        connection.execute("SET search_path TO redress")
        add(connection, CASES)
        yield connection
