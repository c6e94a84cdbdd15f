"""Imports a source in batches; each is committed together with how far the import is.

Whatever stops an import, it continues after the last batch that was committed. Run
again, it finds that everything is there; run with a newer export, it adds what is new.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path
from uuid import UUID

from eventsourcing.persistence import IntegrityError
from msgspec.structs import replace
from psycopg.errors import InvalidParameterValue

from application.cases.disputes import Disputes
from application.imports.case_batch import CaseBatch, Standing
from application.imports.evidence_keeper import (
    EvidenceKeeper,
    EvidencePlace,
    evidence_of,
)
from application.imports.import_runs import Begun, begun, note, source_of
from application.imports.known_cases import known_cases
from application.imports.mapping import FileMapping, MappingError
from application.imports.progress import Progress
from application.imports.rejects import Rejects
from application.imports.row_batches import Unit, batches
from application.imports.row_to_events import RowToEvents
from application.imports.source.opened_source import files_of_source, opened_source
from application.imports.source.source_row import Table
from application.operator_error import OperatorError
from application.record.movable_clock import held
from application.record.record import append_within

ATTEMPTS = 3
"""How often a batch is tried because another import has just added some of it."""


class ImportFailed(OperatorError):
    """An import cannot continue; what was committed stays."""


class Importer:
    """Imports one source under one mapping."""

    def __init__(
        self,
        disputes: Disputes,
        mapping: FileMapping,
        mapping_text: str,
        paths: Sequence[Path],
        folder: Path = Path(),
        evidence: EvidencePlace | None = None,
    ) -> None:
        self._disputes = disputes
        self._folder = folder
        self._evidence = evidence
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
        files = evidence_of(self._mapping, self._folder, self._evidence)
        converter = RowToEvents(self._mapping, file.header, codes, files)
        keeper = None
        if files is not None and self._evidence is not None:
            keeper = EvidenceKeeper(self._evidence, self._disputes.keys, files)
        progress = run.progress
        for batch in batches(file.rows(), converter, self._mapping.rows, progress.rows):
            with held(self._disputes.clock):
                making = partial(
                    CaseBatch, self._disputes, self._mapping, converter, run.id, keeper
                )
                progress = self._one_batch(batch, run, progress, making, bad)
            progress = replace(progress, share=file.share_read)
            tell(progress)
        return progress

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
        making: Callable[[], CaseBatch],
        bad: Rejects,
    ) -> Progress:
        """Commit the events of a batch, and how far the import is after it."""
        for _ in range(ATTEMPTS):
            made = making()
            stored = made.stored(made.added(batch, self._known))
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
                    note(connection, run.id, after, stored)
            except IntegrityError:
                # Another import of the same records was quicker: see what is there now.
                bad.back_to(mark)
                continue
            return after
        raise ImportFailed("others keep importing the same records")

    def _known(self, cases: AbstractSet[UUID]) -> Mapping[UUID, Standing]:
        return known_cases(self._disputes, cases)

    def _finish(self, run: Begun, progress: Progress) -> Progress:
        finished = replace(progress, finished=True, share=1.0)
        with self._disputes.database.get_connection() as connection:
            note(connection, run.id, finished)
        return finished


_COUNTED = ("cases", "grown", "events", "present", "skipped", "rejected")


def _user() -> str:
    """Return who imports, as the operating system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return ""
