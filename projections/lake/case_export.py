"""Writes the tables of cases: the rows of each case as it is at a position.

All rows of a case are written anew when anything has happened to it. Those before stay
until the table is compacted; readers take the ones with the case's last position.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from itertools import chain, groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
from deltalake import DeltaTable
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import scalar_row, tuple_row

from application.exports.pseudonyms import Pseudonyms
from application.exports.spill_folder import spill_folder
from application.record.envelope import BESIDE_CASES, decode
from application.record.event_place import event_place
from domain.identifiers import map_identifiers
from projections.following.ledger_batch import in_turn
from projections.lake.arrow_rows import PackedRows
from projections.lake.aside_rows import AsideRow
from projections.lake.event_export import LakeHalted, Progress
from projections.lake.lake_row import BUCKETS, CaseHistory, bucket_of
from projections.lake.lake_store import PARTS, Lake, Overtaken
from projections.lake.lake_tables import CASE_TABLES, CaseTable
from projections.rebuild.ledger_spill import BUCKETS as SPILT
from projections.rebuild.ledger_spill import Histories, Range, histories, spill
from projections.rebuild.worker_processes import each

FEW = 20_000
"""So many cases are read one by one; for more of them the whole ledger is spilt."""

AT_A_TIME = 500
ROWS = 2_000
BYTES = 8 * 1024 * 1024
"""Of a bucket's events in memory together: beside them are the rows of all tables."""

SPILL = "redress-lake-"
"""How folders of what is spilt begin."""

_OF_ONE = SPILT // BUCKETS


class CaseExport(Struct, frozen=True, kw_only=True):
    """An export of the tables of cases, up to a position.

    `url`: the record's database; `folder`: where the ledger may be spilt; `few`: up to
    so many cases are read one by one; `passed`: the events that figures pass over. A
    case that cannot be folded without one of them is set aside.
    """

    url: str
    lake: Lake
    pseudonyms: Pseudonyms
    upto: int
    folder: Path | None = None
    few: int = FEW
    passed: frozenset[int] = frozenset()

    def run(
        self,
        connection: Connection[Any],
        progress: Progress,
        pool: Executor | None = None,
    ) -> None:
        """Write what is missing, in the processes of a pool. Raises LakeHalted."""
        opened, behind = self._behind()
        if not behind:
            return
        since = min(after for of in behind.values() for after in of.values())
        touched = self._touched(connection, since)
        if len(touched) <= self.few:
            buckets = sorted({bucket for of in behind.values() for bucket in of})
            progress(0, len(touched))
            tables = self._tables(self._read(connection, touched), behind)
            self._write(opened, tables, behind, buckets)
            progress(len(touched), len(touched))
        else:
            self._run_spilt(behind, progress, pool)

    def _behind(
        self, buckets: Iterable[int] = range(BUCKETS)
    ) -> tuple[Mapping[str, DeltaTable], Mapping[str, Mapping[int, int]]]:
        """Open the tables; return of each the buckets that lack something."""
        opened = {one.name: self.lake.open(one) for one in CASE_TABLES}
        behind = {}
        for table in CASE_TABLES:
            parts = {PARTS[bucket]: bucket for bucket in buckets}
            at = self.lake.positions(table, opened[table.name], parts)
            lacking = {parts[k]: after for k, after in at.items() if after < self.upto}
            if lacking:
                behind[table.name] = lacking
        return opened, behind

    def _touched(self, connection: Connection[Any], since: int) -> list[UUID]:
        beside = [f"{prefix}%" for prefix in BESIDE_CASES]
        with connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(
                "SELECT DISTINCT l.originator_id FROM ledger l"
                " JOIN events e USING (notification_id)"
                " WHERE l.position > %s AND l.position <= %s"
                " AND e.topic NOT LIKE ALL (%s) LIMIT %s",
                (since, self.upto, beside, self.few + 1),
            ).fetchall()

    def _read(
        self, connection: Connection[Any], cases: Sequence[UUID]
    ) -> Iterator[Histories]:
        for start in range(0, len(cases), AT_A_TIME):
            some = list(cases[start : start + AT_A_TIME])
            with connection.cursor(row_factory=tuple_row) as cursor:
                rows = cursor.execute(
                    "SELECT l.originator_id, l.position, e.state FROM ledger l"
                    " JOIN events e USING (notification_id)"
                    " WHERE l.originator_id = ANY(%s) AND l.position <= %s"
                    " ORDER BY l.originator_id, l.originator_version",
                    (some, self.upto),
                    binary=True,
                )
                yield {
                    case: [(position, state) for _, position, state in own]
                    for case, own in groupby(rows, key=lambda row: row[0])
                }

    def _run_spilt(
        self,
        behind: Mapping[str, Mapping[int, int]],
        progress: Progress,
        pool: Executor | None,
    ) -> None:
        """Write bucket by bucket, so that a kill loses what was being written only."""
        buckets = sorted({bucket for of in behind.values() for bucket in of})
        wanted = [b * _OF_ONE + n for b in buckets for n in range(_OF_ONE)]
        whole = Range(0, self.upto)
        with spill_folder(SPILL, self.folder) as spilt:
            spill(self.url, whole, wanted, spilt)
            calls = [(bucket, whole, spilt) for bucket in buckets]
            progress(0, len(buckets))
            for done, _ in enumerate(each(pool, self.write_bucket, calls), 1):
                progress(done, len(buckets))

    def write_bucket(self, bucket: int, whole: Range, spilt: Path) -> None:
        """Write one bucket of what was spilt. Raises LakeHalted."""
        cases = (
            some
            for number in range(bucket * _OF_ONE, (bucket + 1) * _OF_ONE)
            for some in histories(number, [whole], spilt, BYTES)
        )
        opened, behind = self._behind([bucket])
        self._write(opened, self._tables(cases, behind), behind, [bucket])

    def _tables(
        self,
        groups: Iterator[Histories],
        behind: Mapping[str, Mapping[int, int]],
    ) -> Mapping[str, pa.RecordBatchReader]:
        """Make the rows of cases, for the tables that lack them."""
        made = {one.name: PackedRows(one.row) for one in CASE_TABLES}
        rows: defaultdict[str, list[Struct]] = defaultdict(list)
        lacking = {one: behind.get(one.name, {}) for one in CASE_TABLES}
        for case, events in chain.from_iterable(cases.items() for cases in groups):
            bucket = bucket_of(case)
            wanted = {one: of[bucket] for one, of in lacking.items() if bucket in of}
            for table, found in self._made(case, events, wanted):
                own = rows[table.name]
                own += found
                if len(own) >= ROWS:
                    made[table.name].add(own)
                    own.clear()
        for name, packed in made.items():
            packed.add(rows[name])
        return {name: packed.unpacked() for name, packed in made.items()}

    def _made(
        self,
        case: UUID,
        events: Sequence[tuple[int, bytes]],
        wanted: Mapping[CaseTable, int],
    ) -> Sequence[tuple[CaseTable, Sequence[Struct]]]:
        """Make the rows of a case for tables, each with where the table is."""
        kept = [one for one in events if one[0] not in self.passed]
        try:
            history = _history(case, kept)
            return [
                (table, self._rows(table, history))
                for table, after in wanted.items()
                if history.position > after
            ]
        except LakeHalted:
            if len(kept) == len(events):
                raise
        last, _ = events[-1]
        aside = AsideRow(
            case=case,
            position=last,
            bucket=bucket_of(case),
            passed_over=min(at for at, _ in events if at in self.passed),
        )
        tables = (one for one in wanted if one.row is AsideRow and last > wanted[one])
        return [(table, [aside]) for table in tables]

    def _rows(self, table: CaseTable, history: CaseHistory) -> list[Struct]:
        try:
            return [
                map_identifiers(row, self.pseudonyms.of) for row in table.rows(history)
            ]
        except Exception as error:
            last = history.placed[-1]
            place = event_place(last.position, history.case, last.recorded.version)
            said = f"the case up to {place} cannot be exported: {error}"
            raise LakeHalted(said) from error

    def _write(
        self,
        opened: Mapping[str, DeltaTable],
        tables: Mapping[str, pa.RecordBatchReader],
        behind: Mapping[str, Mapping[int, int]],
        buckets: Sequence[int],
    ) -> None:
        for table in CASE_TABLES:
            own = [one for one in buckets if one in behind.get(table.name, {})]
            moved = {PARTS[one]: self.upto for one in own}
            if not moved:
                continue
            # Whoever was first has written the same rows, or later ones.
            with suppress(Overtaken):
                self.lake.append(opened[table.name], tables[table.name], moved)


def _history(case: UUID, events: Sequence[tuple[int, bytes]]) -> CaseHistory:
    if not events:
        raise LakeHalted(f"of the case {case} no event can be exported")
    decoded = []
    for version, (position, state) in enumerate(events, 1):
        try:
            decoded.append((position, decode(state)))
        except ValueError as error:
            said = f"{event_place(position, case, version)} cannot be exported: {error}"
            raise LakeHalted(said) from error
    return CaseHistory(in_turn(decoded))
