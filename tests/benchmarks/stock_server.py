"""The same handlers on the stock recorder: exclusive table lock and NOTIFY."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from msgspec.structs import replace
from psycopg import Cursor
from psycopg.rows import DictRow

from application.cases.disputes import Disputes
from application.record.append_sql import KeyUse
from application.record.recorder import KeyTaken, VersionTaken
from interface.bootstrap import build
from interface.run.server import serve
from interface.settings.settings import read
from tests.benchmarks.append import stock_recorder


class StockRecorder(PostgresApplicationRecorder):
    """The library's recorder; only the use of the key goes into its transaction."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Any:
        try:
            return super().insert_events(stored_events, **kwargs)
        except IntegrityError as error:
            kind = KeyTaken if "requests_pkey" in str(error) else VersionTaken
            raise kind(str(error)) from error

    def _insert_events(
        self,
        curs: Cursor[DictRow],
        stored_events: Sequence[StoredEvent],
        *,
        key_use: KeyUse | None = None,
        **kwargs: Any,
    ) -> None:
        super()._insert_events(curs, stored_events, **kwargs)
        if key_use is not None:
            curs.execute(
                "INSERT INTO redress.requests VALUES (%s, %s, %s)",
                (key_use.command_id, key_use.case, key_use.digest),
            )


class StockDisputes(Disputes):
    """Our application on the stock recorder."""

    def construct_recorder(self) -> Any:
        datastore = stock_recorder(self.database.url).datastore
        return StockRecorder(datastore, events_table_name="stock_events")


def main() -> None:
    system = build(read())
    disputes = StockDisputes(
        system.database, system.keys, system.rulebooks, clock=system.clock
    )
    serve(replace(system, disputes=disputes), lambda: None)


if __name__ == "__main__":
    main()
