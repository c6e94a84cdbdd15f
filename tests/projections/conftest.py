"""Views of all sample cases, and sessions of the application and of the owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from application.cases.disputes import Disputes
from application.record.database import connected
from tests.conftest import Clock, ManualWorker
from tests.sample_cases import tell_all


@pytest.fixture
def app(url: str) -> Iterator[Connection[Any]]:
    with connected(url) as connection:
        yield connection


@pytest.fixture
def session(url: str) -> Iterator[Connection[Any]]:
    """Connect as the owner of the tables, whom row security hides nothing from."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        yield connection


@pytest.fixture
def grown(disputes: Disputes, clock: Clock, worker: ManualWorker) -> None:
    """Have every sample case in every view."""
    tell_all(disputes, clock)
    worker.catch_up()
