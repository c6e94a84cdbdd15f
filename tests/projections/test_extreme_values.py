"""What the record takes, every view holds: its limits are those of their columns."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec import Struct
from msgspec.structs import replace

from application.cases.disputes import Disputes
from application.record.envelope import Recorded, leaf
from application.record.storable_values import (
    INT4,
    INT8,
    LARGE,
    MOST_NAME_BYTES,
    MOST_PROSE_BYTES,
    PROSE,
)
from domain.case.event import Event
from domain.filing.events import Filed
from domain.money import LARGEST_MINOR, Money
from domain.roles import Actor, Role
from tests.conftest import ManualWorker
from tests.sample_events import EVENTS

pytestmark = pytest.mark.store

TIMES = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def text(random: Random, size: int) -> str:
    # Of many different characters: PostgreSQL compresses what it can before it finds an
    # index row too large, and of the characters that JSON writes as two.
    letters = [chr(random.randrange(0x4E00, 0x9FFF)) for _ in range(size // 3 // 2)]
    left = size - sum(len(one.encode()) for one in letters)
    return "".join(letters) + "".join(random.choice('"\\') for _ in range(left))


def extreme(value: Any, name: str, random: Random, *, latest: bool) -> Any:
    """Return a value with everything in it at its limit."""
    match value:
        case Money():
            return Money(LARGEST_MINOR, "TND")
        case Struct():
            fields = {
                field: extreme(getattr(value, field), field, random, latest=latest)
                for field in value.__struct_fields__
            }
            return replace(value, **fields)
        case tuple():
            return tuple(extreme(one, name, random, latest=latest) for one in value)
        case datetime():
            return TIMES[latest]
        case bool():
            return value
        case int():
            return INT8 if name in LARGE else INT4
        case str() if type(value) is str:
            return text(random, MOST_PROSE_BYTES if name in PROSE else MOST_NAME_BYTES)
        case _:
            return value


def recorded(case: UUID, version: int, event: Event, *, latest: bool) -> Recorded:
    random = Random(version)
    return Recorded(
        case=case,
        version=version,
        at=TIMES[latest],
        recorded_at=TIMES[latest],
        actor=Actor(role=Role.MEDIATOR, id=text(random, MOST_NAME_BYTES)),
        command_id=uuid4(),
        policy=text(random, MOST_NAME_BYTES),
        event=extreme(event, "", random, latest=latest),
    )


@pytest.mark.parametrize("latest", [False, True], ids=["earliest", "latest"])
def test_every_view_holds_every_event_at_the_limits_of_the_record(
    disputes: Disputes, worker: ManualWorker, url: str, *, latest: bool
) -> None:
    begun, others = (
        EVENTS[Filed],
        [one for kind, one in EVENTS.items() if kind != Filed],
    )
    for event in others:
        case, head = uuid4(), None
        for version, one in enumerate((begun, event), 1):
            new = recorded(case, version, one, latest=latest)
            (state,) = disputes.record.append([new], head)
            head = leaf(state)
    worker.catch_up()
    with psycopg.connect(url) as connection:
        halted = connection.execute(
            "SELECT name, halted FROM redress.followers WHERE halted IS NOT NULL"
        ).fetchall()
        parked = connection.execute("SELECT * FROM redress.parked").fetchall()
        lag = connection.execute(
            "SELECT min(position), max(position) FROM redress.followers"
        ).fetchone()
    assert halted == []
    assert parked == []
    assert lag == (2 * len(others),) * 2
