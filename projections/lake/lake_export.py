"""One export: events, the log, the cases' tables and the dimensions, up to now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import scalar_row

from application.exports.pseudonyms import Pseudonyms
from application.exports.spill_folder import remove_left
from application.feed.event_feed import end_of_feed
from application.jobs.view_skips import passed_over
from application.record.database import connected
from application.rules.rulebook import Rulebooks
from projections.figures.transparency import TRANSPARENCY
from projections.lake.arrow_rows import table_of
from projections.lake.case_export import FEW, SPILL, CaseExport
from projections.lake.compaction import MOST_FILES, compact
from projections.lake.dimension_rows import dimension_rows
from projections.lake.event_export import (
    COMMIT,
    Progress,
    check_same_record,
    export_events,
    export_log,
)
from projections.lake.lake_identity import LakeIdentity
from projections.lake.lake_store import WHOLE, Lake, Overtaken
from projections.lake.lake_tables import CASE_TABLES, DIMENSIONS, EVENTS
from projections.lake.store_check import check_store
from projections.lake.table_data import rows_of
from projections.rebuild.worker_processes import worker_processes

MANY = 200_000
"""From so many events on, starting processes takes less time than they save."""


class LakeExport(Struct, frozen=True, kw_only=True):
    """What is exported to where. `url`: the record's database.

    `folder`: where the ledger may be spilt, about as many bytes as the record has.
    `commit`: events in one commit; `few`: up to so many cases are read one by one;
    `most_files`: of a part of a table, before it is compacted; `jobs`: how many
    processes export where `many` events are missing.
    """

    url: str
    lake: Lake
    pseudonyms: Pseudonyms
    books: Rulebooks
    folder: Path | None = None
    commit: int = COMMIT
    few: int = FEW
    most_files: int = MOST_FILES
    jobs: int = 1
    many: int = MANY

    def stand(self, connection: Connection[Any]) -> tuple[int, int]:
        """Return what tells whether there is anything new to export.

        To find out from the lake takes many requests to an object store.
        """
        with connection.cursor(row_factory=scalar_row) as cursor:
            query = "SELECT coalesce(sum(size), 0)::bigint FROM log_checkpoints"
            signed = cursor.execute(query).fetchone()
        return end_of_feed(connection), signed or 0

    def run(
        self, connection: Connection[Any], events: Progress, cases: Progress
    ) -> int:
        """Bring the lake to the end of the record; return the last event's position.

        Killed at any point, or beside another one, it writes nothing twice and leaves
        nothing out. Raises LakeHalted, LakeWrong.
        """
        with self.lake.errors():
            return self._run(connection, events, cases)

    def _run(
        self, connection: Connection[Any], events: Progress, cases: Progress
    ) -> int:
        # Also where this one spills nothing: one that was killed may have.
        remove_left(SPILL, self.folder)
        if self.lake.is_remote and self.lake.is_new:
            check_store(self.lake)
        self.lake.make(LakeIdentity(pseudonyms=self.pseudonyms.fingerprint))
        check_same_record(connection, self.lake)
        upto = end_of_feed(connection)
        after = self.lake.exported_to([EVENTS])
        # From here on nothing is refused any more: progress may be shown.
        events(after, upto)
        own = CaseExport(
            url=self.url,
            lake=self.lake,
            pseudonyms=self.pseudonyms,
            upto=upto,
            folder=self.folder,
            few=self.few,
            passed=passed_over(connection, TRANSPARENCY.name),
        )
        with worker_processes(self.jobs if upto - after > self.many else 1) as pool:
            writing = pool.submit(self.write_events, upto) if pool else None
            if writing is None:
                self._write_events(connection, upto, events)
            self._export_dimensions()
            # A part that another exporter was just compacting has been left for now.
            while self.lake.exported_to(CASE_TABLES) < upto:
                own.run(connection, cases, pool)
            if writing is not None:
                writing.result()
        compact(self.lake, self.most_files)
        return upto

    def write_events(self, upto: int) -> None:
        """Write the events and the log up to a position, in a process of its own."""
        with self.lake.errors(), connected(self.url, "lake") as connection:
            self._write_events(connection, upto, lambda *_: None)

    def _write_events(
        self, connection: Connection[Any], upto: int, progress: Progress
    ) -> None:
        passed = passed_over(connection, TRANSPARENCY.name)
        export_events(
            connection, self.lake, self.pseudonyms, upto, progress, self.commit, passed
        )
        export_log(connection, self.lake, upto)

    def _export_dimensions(self) -> None:
        """Write the dimensions that have changed."""
        rows = dimension_rows(self.books)
        for table in DIMENSIONS:
            opened = self.lake.open(table)
            made = table_of(rows[table.name], table.row)
            if rows_of(opened).equals(made):
                continue
            edition = self.lake.positions(table, opened)[WHOLE] + 1
            try:
                self.lake.replace(opened, made.to_batches(), {WHOLE: edition})
            except Overtaken:
                continue
