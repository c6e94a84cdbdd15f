"""Imports a source in batches; each is committed together with how far the import is.

Whatever stops an import, it continues after the last batch that was committed. Run
again, it finds that everything is there; run with a newer export, it adds what is new.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from eventsourcing.persistence import IntegrityError
from msgspec.structs import replace
from psycopg.errors import InvalidParameterValue

from application.cases.disputes import Disputes
from application.imports.case_batch import CaseBatch
from application.imports.import_runs import Begun, begun, note, source_of
from application.imports.mapping import FileMapping, MappingError, Rows
from application.imports.progress import Progress
from application.imports.rejects import Rejects
from application.imports.row_to_events import RowToEvents
from application.imports.sorted_rows import cases_of
from application.imports.source.opened_source import files_of_source, opened_source
from application.imports.source.source_row import Row, Table
from application.operator_error import OperatorError
from application.record.movable_clock import held
from application.record.record import append_within

BATCH = 500
BATCH_BYTES = 8 << 20
"""A batch ends with so many rows, or with so many characters in them."""

ATTEMPTS = 3
"""How often a batch is tried because another import has just added some of it."""


class ImportFailed(OperatorError):
    """An import cannot continue; what was committed stays."""


Unit = tuple[Row, ...]
"""The rows that tell a case together."""


class Importer:
    """Imports one source under one mapping."""

    def __init__(
        self,
        disputes: Disputes,
        mapping: FileMapping,
        mapping_text: str,
        paths: Sequence[Path],
        folder: Path = Path(),
    ) -> None:
        self._disputes = disputes
        self._mapping = mapping
        self.files = files_of_source(mapping, paths, folder)
        self._paths = [path for of_table in self.files.values() for path in of_table]
        self._source = source_of(self._paths, mapping_text)

    def run(
        self,
        rejects: Path,
        tell: Callable[[Progress], None],
        *,
        keep_rejects: bool = True,
    ) -> Progress:
        """Import what is not there yet. Raises ImportFailed."""
        self._check_zone()
        mapping = self._mapping
        names = mapping.system, mapping.of_platform, _user()
        database, now = self._disputes.database, self._disputes.clock()
        with begun(database, self._source, names, now) as run:
            progress = run.progress
            if progress.finished:
                told = progress.cases + progress.grown + progress.present
                return replace(progress, cases=0, grown=0, events=0, present=told)
            with (
                opened_source(mapping, self.files) as file,
                Rejects(rejects, file.header, progress, keeps=keep_rejects) as bad,
            ):
                bad.check(self._paths)
                progress = self._all(file, run, bad, tell)
            return self._finish(run, progress)

    def _all(
        self,
        file: Table,
        run: Begun,
        bad: Rejects,
        tell: Callable[[Progress], None],
    ) -> Progress:
        codes = self._disputes.books.codes
        converter = RowToEvents(self._mapping, file.header, codes)
        progress = run.progress
        for batch in batches(self._units(file, converter, progress.rows)):
            with held(self._disputes.clock):
                progress = self._one_batch(batch, run, progress, converter, bad)
            progress = replace(progress, share=file.share_read)
            tell(progress)
        return progress

    def _units(self, file: Table, converter: RowToEvents, done: int) -> Iterator[Unit]:
        """Yield the rows of each case, after those that were read before."""
        if self._mapping.rows is Rows.CASES:
            return ((row,) for row in islice(file.rows(), done, None))
        return _after(cases_of(file.rows(), converter.record), done)

    def _check_zone(self) -> None:
        """Raise MappingError if PostgreSQL does not know the mapping's time zone.

        Its time zone data may be older than Python's, and read models ask it for the
        month of an event in this zone.
        """
        zone = self._mapping.zone
        try:
            with self._disputes.database.get_connection() as connection:
                connection.execute("SELECT now() AT TIME ZONE %s", (zone,))
        except InvalidParameterValue:
            raise MappingError(f"zone: PostgreSQL does not know {zone!r}") from None

    def _one_batch(
        self,
        batch: Sequence[Unit],
        run: Begun,
        before: Progress,
        converter: RowToEvents,
        bad: Rejects,
    ) -> Progress:
        """Commit the events of a batch, and how far the import is after it."""
        for _ in range(ATTEMPTS):
            made = CaseBatch(self._disputes, self._mapping, converter, run.id)
            stored = made.stored(batch)
            mark = bad.mark()
            for row, reason in made.rejects:
                bad.add(row, reason)
            counts = made.counts
            after = replace(
                before,
                rows=before.rows + sum(map(len, batch)),
                **{name: getattr(before, name) + counts[name] for name in _COUNTED},
                # On the disk before the commit: the size that is committed is where the
                # next run continues, and it cuts off what lies behind.
                rejects_size=bad.flush(),
            )
            try:
                with (
                    self._disputes.database.get_connection() as connection,
                    connection.transaction(),
                ):
                    if stored:
                        append_within(connection, stored)
                    note(connection, run.id, after)
            except IntegrityError:
                # Another import of the same records was quicker: see what is there now.
                bad.back_to(mark)
                continue
            return after
        raise ImportFailed("others keep importing the same records")

    def _finish(self, run: Begun, progress: Progress) -> Progress:
        finished = replace(progress, finished=True, share=1.0)
        with self._disputes.database.get_connection() as connection:
            note(connection, run.id, finished)
        return finished


_COUNTED = ("cases", "grown", "events", "present", "skipped", "rejected")


def batches(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    """Yield units in batches that are bounded in rows and in bytes."""
    batch: list[Unit] = []
    rows = size = 0
    for unit in units:
        batch.append(unit)
        rows += len(unit)
        size += sum(row.size for row in unit)
        if rows >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, rows, size = [], 0, 0
    if batch:
        yield batch


def _after(units: Iterable[Unit], done: int) -> Iterator[Unit]:
    """Skip the first rows; they were committed as whole cases."""
    for unit in units:
        if done > 0:
            done -= len(unit)
        else:
            yield unit


def _user() -> str:
    """Return who imports, as the operating system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return ""
