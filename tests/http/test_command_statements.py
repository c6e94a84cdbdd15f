"""How often a command asks the database: each time wakes two processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from psycopg import Cursor

from application.record.patience import PatientConnection
from application.record.prepared import Prepared
from interface.bootstrap import System, wire
from tests.http.conftest import FILING, People
from tests.http_app import serving

LINE, EVENTS, QUOTA, APPEND = (
    "the order line",
    "the case",
    "the quota",
    "append",
)
NAMES = {
    '"order":': LINE,
    "SELECT originator_version, topic, state": EVENTS,
    "INTO filing_counts": QUOTA,
    "INTO events": APPEND,
}


class Sent:
    """What went to the store since it was last asked for."""

    texts: ClassVar[list[str]] = []

    @classmethod
    def taken(cls) -> list[str]:
        found = [
            next((name for mark, name in NAMES.items() if mark in text), text)
            for text in cls.texts
            # What a connection is told when it is new is no command's, and the worker
            # is woken now and then, whatever the command.
            if not text.startswith(("SET ", "SELECT set_config", "NOTIFY "))
        ]
        cls.texts.clear()
        return found


class NotedCursor(Cursor[Any]):
    """A cursor that notes each statement."""

    def execute(self, query: Any, *arguments: Any, **how: Any) -> Any:
        Sent.texts.append(query.decode() if isinstance(query, bytes) else str(query))
        return super().execute(query, *arguments, **how)


class NotedConnection(PatientConnection[Any]):
    """A connection that notes each message of prepared statements."""

    def run(self, statement: Prepared, *how: Any) -> Any:
        Sent.texts.append(statement.text.decode())
        return super().run(statement, *how)


@pytest.fixture
def people(system: System) -> Iterator[People]:
    one = wire(system.settings, system.url, system.url, system.clock)
    with serving(one) as client:
        found = People(client, one)
        _warm(found)
        for pool in (one.database.pool, one.database.request_pool):
            how = pool.kwargs
            assert isinstance(how, dict)
            how["cursor_factory"] = NotedCursor
            pool.connection_class = NotedConnection
            pool.drain()
        # The first statement of each new connection says how patient it is.
        _warm(found)
        Sent.texts.clear()
        yield found
    one.close()


def _warm(people: People) -> None:
    """Do all of it once: the rules are adopted, and the keys made."""
    case = filed(people)
    people.mediator.act(case, "assignment", {})
    people.buyer.act(case, "withdrawal", {})


def filed(people: People) -> str:
    order = FILING["order"] | {"id": str(uuid4())}
    answer = people.buyer.file(order=order)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_command_loads_its_case_and_its_order_line_once(people: People) -> None:
    case = filed(people)
    assert Sent.taken() == [LINE, QUOTA, APPEND]
    people.mediator.act(case, "assignment", {})
    assert Sent.taken() == [EVENTS, APPEND, LINE]
    people.buyer.act(case, "withdrawal", {})
    assert Sent.taken() == [EVENTS, APPEND, LINE]


def test_an_order_line_is_read_again_after_somebody_else_appended(
    people: People,
) -> None:
    case = filed(people)
    Sent.texts.clear()
    answer = people.buyer.post(
        "/v1/disputes", FILING | {"order": FILING["order"] | {"id": "o-7"}}
    )
    assert answer.status_code == 201
    again = people.buyer.post(
        "/v1/disputes", FILING | {"order": FILING["order"] | {"id": "o-7"}}
    )
    assert again.status_code == 409
    assert again.json()["dispute"] == answer.json()["id"] != case
