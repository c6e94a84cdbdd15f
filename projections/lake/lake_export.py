"""One export: events, the log, the cases' tables and the dimensions, up to now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct
from psycopg import Connection

from application.exports.pseudonyms import Pseudonyms
from application.feed.event_feed import end_of_feed
from application.rules.rulebook import Rulebooks
from projections.lake.arrow_rows import table_of
from projections.lake.case_export import FEW, CaseExport
from projections.lake.compaction import MOST_FILES, compact
from projections.lake.dimension_rows import dimension_rows
from projections.lake.event_export import COMMIT, Progress, export_events, export_log
from projections.lake.lake_store import WHOLE, Lake, LakeIdentity, Overtaken
from projections.lake.lake_tables import DIMENSIONS


class LakeExport(Struct, frozen=True, kw_only=True):
    """What is exported to where. `url`: the record's database.

    `folder`: where the ledger may be spilt, about as many bytes as the record has.
    `commit`: events in one commit; `few`: up to so many cases are read one by one;
    `most_files`: of a part of a table, before it is compacted.
    """

    url: str
    lake: Lake
    pseudonyms: Pseudonyms
    books: Rulebooks
    folder: Path | None = None
    commit: int = COMMIT
    few: int = FEW
    most_files: int = MOST_FILES

    def run(
        self, connection: Connection[Any], events: Progress, cases: Progress
    ) -> int:
        """Bring the lake to the end of the record; return the last event's position.

        Killed at any point, or beside another one, it writes nothing twice and leaves
        nothing out. Raises LakeHalted, LakeWrong.
        """
        self.lake.make(LakeIdentity(pseudonyms=self.pseudonyms.fingerprint))
        upto = end_of_feed(connection)
        export_events(connection, self.lake, self.pseudonyms, upto, events, self.commit)
        export_log(connection, self.lake, upto)
        self._export_dimensions()
        own = CaseExport(
            url=self.url,
            lake=self.lake,
            pseudonyms=self.pseudonyms,
            upto=upto,
            folder=self.folder,
            few=self.few,
        )
        # A part that another exporter was just compacting has been left for now.
        while self.lake.exported_to() < upto:
            own.run(connection, cases)
        compact(self.lake, self.most_files)
        return upto

    def _export_dimensions(self) -> None:
        """Write the dimensions that have changed."""
        rows = dimension_rows(self.books)
        for table in DIMENSIONS:
            opened = self.lake.open(table)
            made = table_of(rows[table.name], table.row)
            if opened.to_pyarrow_table().equals(made):
                continue
            edition = self.lake.positions(table, opened)[WHOLE] + 1
            try:
                self.lake.replace(opened, made, {WHOLE: edition})
            except Overtaken:
                continue
