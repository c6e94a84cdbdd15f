"""Imports a file in batches; each is committed together with how far the import is.

Whatever stops an import, it continues after the last batch that was committed. Run
again, it finds that everything is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent
from msgspec.structs import replace
from psycopg import Connection
from psycopg.errors import InvalidParameterValue

from application.cases.disputes import Disputes
from application.imports.csv_reader import Row, opened
from application.imports.mapping import FileMapping, MappingError
from application.imports.progress import Progress
from application.imports.rejects import Rejects
from application.imports.row_to_events import BadRow, RowToEvents
from application.operator_error import OperatorError
from application.privacy.sealing_keys import subjects, with_keys
from application.record.envelope import Recorded
from application.record.movable_clock import held
from application.record.record import append_within
from application.record.storable_values import check
from application.texts import say
from domain.case.evolve import fold
from domain.refusals import Invalid

BATCH = 500
ATTEMPTS = 3
"""How often a batch is tried because another import has just added some of it."""


class ImportFailed(OperatorError):
    """An import cannot continue; what was committed stays."""


RowEvents = tuple[Row, tuple[Recorded, ...]]
"""A good row, and the events that it states."""


class Importer:
    """Imports one file under one mapping."""

    def __init__(
        self, disputes: Disputes, mapping: FileMapping, mapping_text: str, path: Path
    ) -> None:
        self._disputes = disputes
        self._path = path
        self._mapping = mapping
        self._source = _fingerprint(path, mapping_text)

    def run(
        self,
        rejects: Path,
        tell: Callable[[Progress], None],
        *,
        keep_rejects: bool = True,
    ) -> Progress:
        """Import the records that are not there yet. Raises ImportFailed."""
        self._check_zone()
        progress = self._progress()
        if progress.finished:
            return replace(progress, cases=0, events=0, present=progress.cases)
        with (
            opened(self._path, self._mapping) as file,
            Rejects(rejects, file.header, progress, keeps=keep_rejects) as bad,
        ):
            bad.check(self._path)
            converter = RowToEvents(self._mapping, file.header)
            rows = islice(file.rows(), progress.rows, None)
            while batch := list(islice(rows, BATCH)):
                reached = replace(
                    progress,
                    rows=progress.rows + len(batch),
                    share=file.share_read,
                )
                with held(self._disputes.clock):
                    converted = list(self._events_of(converter, batch, bad))
                    progress = self._one_batch(converted, reached, bad)
                tell(progress)
        return self._finish(progress)

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
        self, converted: Sequence[RowEvents], progress: Progress, bad: Rejects
    ) -> Progress:
        """Commit a batch whose rows `progress` counts already."""
        stored = dict(self._stored(converted, bad))
        for _ in range(ATTEMPTS):
            present = self._present(stored)
            fresh = [
                event
                for case, events in stored.items()
                if case not in present
                for event in events
            ]
            after = replace(
                progress,
                cases=progress.cases + len(stored) - len(present),
                events=progress.events + len(fresh),
                present=progress.present + len(present),
                rejected=bad.count,
                # On the disk before the commit: the size that is committed is where the
                # next run continues, and it cuts off what lies behind.
                rejects_size=bad.flush(),
            )
            try:
                self._commit(fresh, after)
            except IntegrityError:
                # Another import of the same records was quicker: see what is there now.
                continue
            return after
        raise ImportFailed(f"{self._path}: others keep importing the same records")

    def _events_of(
        self, converter: RowToEvents, batch: Iterable[Row], bad: Rejects
    ) -> Iterator[RowEvents]:
        """Yield the events of good rows; put the bad rows aside."""
        learnt = self._disputes.clock()
        # Nothing of a batch is stored yet, so only this shows a record twice in it.
        seen: set[UUID] = set()
        for row in batch:
            try:
                events = converter.events(row, learnt)
            except BadRow as error:
                bad.add(row, str(error))
                continue
            if events[0].case in seen:
                bad.add(row, "the same record stands in the file above")
                continue
            seen.add(events[0].case)
            yield row, events

    def _stored(
        self, rows: Sequence[RowEvents], bad: Rejects
    ) -> Iterator[tuple[UUID, list[StoredEvent]]]:
        """Seal and encode the events of each case."""
        keys = self._disputes.keys
        rows = [row for row in rows if _is_storable(*row, bad)]
        disputes = [fold(recorded.event for recorded in events) for _, events in rows]
        pairs = list(zip(rows, disputes, strict=True))
        # One statement makes the missing keys of the whole batch.
        needed = (subjects(events, dispute).values() for (_, events), dispute in pairs)
        keys.current(chain.from_iterable(needed))
        for (row, events), dispute in pairs:
            try:
                keyed = with_keys(events, dispute, keys)
                yield events[0].case, self._disputes.record.encoded(keyed, None)
            except Invalid as error:
                bad.add(row, _reason(error))

    def _present(self, cases: Iterable[UUID]) -> set[UUID]:
        with self._disputes.database.get_connection() as connection:
            rows = connection.execute(
                "SELECT originator_id FROM events"
                " WHERE originator_id = ANY(%s) AND originator_version = 1",
                (list(cases),),
            ).fetchall()
        return {row["originator_id"] for row in rows}

    def _commit(self, stored: Sequence[StoredEvent], progress: Progress) -> None:
        """Append a batch and store how far the import has come, in one transaction."""
        with (
            self._disputes.database.get_connection() as connection,
            connection.transaction(),
        ):
            if stored:
                append_within(connection, stored)
            self._note(connection, progress)

    def _finish(self, progress: Progress) -> Progress:
        finished = replace(progress, finished=True, share=1.0)
        with self._disputes.database.get_connection() as connection:
            self._note(connection, finished)
        return finished

    def _note(self, connection: Connection[Any], progress: Progress) -> None:
        connection.execute(
            "INSERT INTO imports VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (source) DO UPDATE SET rows_read = excluded.rows_read,"
            " cases = excluded.cases, events = excluded.events,"
            " rejected = excluded.rejected, rejects_size = excluded.rejects_size,"
            " finished = excluded.finished",
            (
                self._source,
                self._path.name,
                progress.rows,
                progress.cases,
                progress.events,
                progress.rejected,
                progress.rejects_size,
                progress.finished,
            ),
        )

    def _progress(self) -> Progress:
        """Return how far the import has come in earlier runs."""
        with self._disputes.database.get_connection() as connection:
            row = connection.execute(
                "SELECT rows_read AS rows, cases, events, rejected, rejects_size,"
                " finished FROM imports WHERE source = %s",
                (self._source,),
            ).fetchone()
        return Progress(**row) if row else Progress()


def _is_storable(row: Row, events: Sequence[Recorded], bad: Rejects) -> bool:
    """Tell whether the record can take a row's events; put the row aside if not."""
    # Before keys are made: not even their table could hold the names of some rows.
    try:
        for recorded in events:
            check(recorded)
    except Invalid as error:
        bad.add(row, _reason(error))
        return False
    return True


def _reason(error: Invalid) -> str:
    return say("faults", error.problems[0].code, "en", **error.problems[0].details)


def _fingerprint(path: Path, mapping_text: str) -> bytes:
    """Return the hash of mapping and file by which an import is recognised."""
    digest = sha256(mapping_text.encode())
    with path.open("rb") as source:
        while piece := source.read(1 << 20):
            digest.update(piece)
    return digest.digest()
