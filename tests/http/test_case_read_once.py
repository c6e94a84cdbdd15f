"""A request reads the events of its case once, whoever asks and for whatever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from psycopg import Cursor

from application.record.patience import PatientConnection
from application.record.prepared import Prepared
from domain.roles import Role
from interface.bootstrap import System, wire
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import PNG, CaseStory
from tests.http.conftest import People
from tests.http.conftest import whole_worker as background
from tests.http.test_recorded_reads import ROUTES
from tests.http_app import serving

__all__ = ["background"]

OF_A_CASE = {path: ROUTES[path] for path in ROUTES if "{dispute_id" in path}
EVENTS = re.compile(r"\b(FROM|JOIN) events\b")
QUERIES = {
    "bundle": {"opened": "true", "with_files": "true"},
    "difference": {"from": "1", "to": "2"},
}
READERS = set(Role) - {Role.CLOCK, Role.ANALYST}
"""Whoever may see a case."""


class CountedCursor(Cursor[Any]):
    """A cursor that notes what is read of the record."""

    reads: ClassVar[list[str]] = []

    def execute(self, query: Any, *arguments: Any, **how: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else str(query)
        # Other cases on the order line are looked up by their filings.
        if EVENTS.search(text) and '"order":' not in text:
            self.reads.append(text)
        return super().execute(query, *arguments, **how)


class CountedConnection(PatientConnection[Any]):
    """A connection that notes what prepared statements read of the record."""

    def run(self, statement: Prepared, *how: Any) -> Any:
        text = statement.text.decode()
        if EVENTS.search(text) and '"order":' not in text:
            CountedCursor.reads.append(text)
        return super().run(statement, *how)


@pytest.fixture
def counted(system: System) -> Iterator[System]:
    """The same system on connections of its own, whose reads are counted."""
    one = wire(system.settings, system.url, system.url, system.clock)
    for pool in (one.database.pool, one.database.request_pool):
        how = pool.kwargs
        assert isinstance(how, dict)
        how["cursor_factory"] = CountedCursor
        pool.connection_class = CountedConnection
    yield one
    one.close()


@pytest.fixture
def case(people: People, background: Worker, clock: Clock) -> str:
    """A case with evidence and a message with a file, in a log that is signed."""
    story = CaseStory(people, background, clock).ruled()
    buyer = people.buyer
    sent = buyer.http.post(
        f"/v1/disputes/{story.id}/messages/files",
        files={"file": ("a.png", PNG, "image/png")},
        data={"text": "Here it is."},
        headers=buyer.headers | {"Idempotency-Key": "a-file", "If-Match": "*"},
    )
    assert sent.status_code == 201, sent.text
    background.catch_up()
    return story.id


def test_every_route_of_a_case_reads_it_once(case: str, counted: System) -> None:
    failures = []
    with serving(counted) as client:
        people = People(client, counted)
        for path, handler in OF_A_CASE.items():
            place = path.format(dispute_id=case, number=1, version=1)
            query = QUERIES.get(path.rpartition("/")[2], {})
            for role in sorted(handler.opt.get("roles") or READERS):
                CountedCursor.reads.clear()
                status = getattr(people, role).get(place, **query).status_code
                # Only the buyer has done what the receipt is of.
                right = 404 if "/receipts/" in path else 200
                right = 200 if role is Role.BUYER else right
                if (status, len(CountedCursor.reads)) != (right, 1):
                    failures.append(f"{role} {place}: {status} {CountedCursor.reads}")
    assert len(OF_A_CASE) > 8
    assert not failures, "\n".join(failures)
