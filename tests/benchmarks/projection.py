"""Events a second into a read model: our followers, and the stock ProjectionRunner."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from application.record.codec import EventCodec, chained
from application.record.database import Database
from application.record.envelope import Recorded, decode
from application.record.recorder import LockFreeRecorder
from application.record.sequencer import Sequencer
from projections.audit.audit_trail import AUDIT_TRAIL
from projections.figures.transparency import TRANSPARENCY
from projections.following.follower import Following
from projections.following.ledger_batch import evolved
from projections.queue.queue_view import QUEUE
from projections.read_model import View
from tests.benchmarks.append import stock_recorder
from tests.benchmarks.measurement import Bench, Rate, Result, compared
from tests.samples import BUYER, CLOSED, NOW, play

CASES = 4_000
STOCK_CASES = 250
VIEWS = (QUEUE, AUDIT_TRAIL, TRANSPARENCY)


def measure(bench: Bench) -> Iterator[Result]:
    events = play(*CLOSED)
    for view in VIEWS:
        with bench.database() as url:
            fill(url, events, CASES)
            ours = follow(url, view)
        with bench.database() as url:
            fill(url, events, STOCK_CASES, stock=True)
            stock = run_stock(url, view)
        name = "projection" if view is QUEUE else f"projection-{view.name}"
        against = f"stock ProjectionRunner, {view.name}"
        yield compared(name, "events/s", ours, against, stock)


def fill(url: str, events: tuple[Any, ...], cases: int, *, stock: bool = False) -> None:
    """Append the same history for many cases."""
    database = Database(url)
    ours = LockFreeRecorder(database, events_table_name="events")
    recorder: Any = ours
    if stock:
        recorder = stock_recorder(url)
        recorder.create_table()
    mapper = EventCodec(None)  # type: ignore[arg-type]
    for _ in range(cases):
        recorder.insert_events(chained(mapper, history(uuid4(), events), None))
    sequencer = Sequencer(url)
    while sequencer.tick():
        pass
    sequencer.close()
    recorder.datastore.close()
    database.close()


def history(case: UUID, events: tuple[Any, ...]) -> list[Recorded]:
    return [
        Recorded(
            case=case,
            version=version,
            at=NOW,
            recorded_at=NOW,
            actor=BUYER,
            command_id=uuid4(),
            policy="cn-default/1",
            event=event,
        )
        for version, event in enumerate(events, 1)
    ]


def follow(url: str, view: View[Any]) -> Rate:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        following = Following(view, connection)
        began = time.monotonic()
        while following.advance():
            pass
        return Rate(following.position / (time.monotonic() - began), [])


class StockView(PostgresTrackingRecorder):
    """The same fold and the same rows, one transaction an event."""

    view: View[Any]
    states: ClassVar[dict[UUID, Any]] = {}

    def apply(self, recorded: Recorded, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute("SET LOCAL search_path TO redress")
            before = self.view.load(cursor.connection, [recorded.case])
            # In memory, however many cases there are: less than ours do.
            placed = evolved(
                tracking.notification_id, recorded, self.states.get(recorded.case)
            )
            self.states[recorded.case] = placed.evolved
            self.view.store(
                cursor, before, self.view.folded(before, {recorded.case: [placed]})
            )


class StockProjection(Projection[StockView]):
    name = "stock"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.apply(domain_event, tracking)


class StockMapper(EventCodec):
    """Decodes as ours does."""

    def to_domain_event(self, stored_event: Any) -> Any:
        return decode(stored_event.state)


class StockApplication(Application[UUID]):
    name = "stock"

    def construct_mapper(self) -> Any:
        return StockMapper(None)  # type: ignore[arg-type]


def run_stock(url: str, view: View[Any]) -> Rate:
    parts = conninfo_to_dict(url)
    environ = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts["host"]),
        "POSTGRES_USER": str(parts.get("user") or "postgres"),
        "POSTGRES_PASSWORD": "",
    }
    with psycopg.connect(url, row_factory=dict_row) as connection:
        row = connection.execute("SELECT max(notification_id) AS n FROM stock_events")
        last = (row.fetchone() or {"n": 0})["n"]
    bound = type("BoundView", (StockView,), {"view": view})
    began = time.monotonic()
    with ProjectionRunner(
        application_class=StockApplication,
        projection_class=StockProjection,
        view_class=bound,
        env=environ,
    ) as runner:
        runner.wait(last, timeout=300)
        return Rate(last / (time.monotonic() - began), [])
