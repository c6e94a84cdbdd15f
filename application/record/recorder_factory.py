"""Gives the event-sourcing library our connection pool and recorder."""

from __future__ import annotations

from eventsourcing.persistence import BaseInfrastructureFactory
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment

from application.record.database import Database
from application.record.recorder import LockFreeRecorder


class RecorderFactory(PostgresFactory):
    """Makes the lock-free recorder on the pool that it is given."""

    def __init__(self, env: Environment, database: Database) -> None:
        # The parent would take a connection's parts from environment variables of its
        # own, and open a second pool.
        BaseInfrastructureFactory.__init__(self, env)
        self.datastore = database

    def application_recorder(self) -> LockFreeRecorder:
        """Return the lock-free recorder; migrations have created its tables."""
        return LockFreeRecorder(self.datastore, events_table_name="events")
