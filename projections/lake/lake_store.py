"""A lake on a disk or in an object store: its Delta tables and how far each is.

How far a table is, is part of the commit that brought it there (the protocol's `txn`
action): what is written and the position are there together, or not at all. A commit
whose position another exporter has brought forward meanwhile is refused by the
protocol, so that nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
from deltalake import (
    CommitProperties,
    DeltaTable,
    Schema,
    Transaction,
)
from deltalake.exceptions import CommitFailedError, TableNotFoundError

from projections.lake.file_writer import write_files
from projections.lake.first_commit import forget_location
from projections.lake.lake_errors import LakeWrong, NoLake, lake_errors
from projections.lake.lake_folder import check_folder, refuse_others
from projections.lake.lake_identity import LakeIdentity
from projections.lake.lake_row import BUCKETS
from projections.lake.lake_tables import CASE_TABLES, TABLES, LakeTable
from projections.lake.log_files import harmed_log

WHOLE = "whole"
"""The part of a table that has no buckets."""

PARTS = tuple(f"bucket-{number:02}" for number in range(BUCKETS))
KEEP = timedelta(days=7)
"""For how long files stay that a newer version has replaced: readers may have begun."""


class Overtaken(Exception):
    """Another exporter has written this part meanwhile: look where it is now."""


class Lake:
    """The tables of a lake. `options` are those of the object store, if it is one."""

    def __init__(self, place: str, options: Mapping[str, str] | None = None) -> None:
        self.place = place.rstrip("/")
        self.options = dict(options or {}) or None

    @property
    def is_remote(self) -> bool:
        """Tell whether it lies in an object store."""
        return "://" in self.place

    @property
    def is_new(self) -> bool:
        """Tell whether nothing of it has been made."""
        try:
            self.open(TABLES[0])
        except NoLake:
            return True
        return False

    @property
    def pseudonyms(self) -> str | None:
        """Return what tells the key of its pseudonyms; None: nothing is made yet."""
        return None if self.is_new else self._identity(TABLES[0]).pseudonyms

    def uri(self, table: str) -> str:
        """Return where a table is."""
        return f"{self.place}/{table}"

    def errors(self) -> AbstractContextManager[None]:
        """Raise LakeWrong for what a library says of the lake, and name the file."""
        return lake_errors(self.place, lambda: map(self.open, TABLES))

    def make(self, identity: LakeIdentity) -> None:
        """Make the tables that are missing. Raises LakeWrong for another's lake."""
        self._check_place()
        if not self.is_remote and self.is_new:
            refuse_others(Path(self.place), {table.name for table in TABLES})
        for table in TABLES:
            # Another exporter has just made it; or this one, whose answer was lost.
            with self._errors_of(table), suppress(CommitFailedError):
                DeltaTable.create(
                    self.uri(table.name),
                    table.schema,
                    mode="ignore",
                    partition_by=[table.partition] if table.partition else None,
                    name=table.name,
                    description=(table.row.__doc__ or "").partition("\n")[0],
                    configuration=identity.configuration,
                    storage_options=self.options,
                    raise_if_key_not_exists=False,
                )
            if not self.is_remote:
                forget_location(Path(self.uri(table.name)))
            found = self._identity(table)
            if found.format != identity.format:
                said = f"{table.name} is of another version (format {found.format})"
                raise LakeWrong(f"{self.place}: {said}: export into another folder")
            if found != identity:
                said = "was made under another key of pseudonyms"
                told = f"{table.name} has the check value {found.pseudonyms}"
                raise LakeWrong(f"{self.place}: {said}: {told}")

    def open(self, table: LakeTable) -> DeltaTable:
        """Open a table as it is now. Raises NoLake if there is none, or LakeWrong."""
        self._check_place()
        with self._errors_of(table):
            try:
                return DeltaTable(self.uri(table.name), storage_options=self.options)
            except TableNotFoundError:
                said = f"is no lake: it has no table {table.name}"
                if not self.is_remote and not Path(self.place).exists():
                    said = "there is no such folder"
                raise NoLake(f"{self.place}: {said}") from None

    def harmed_log(self, table: LakeTable) -> str | None:
        """Return the harmed file of a table's log; None for an object store."""
        return None if self.is_remote else harmed_log(Path(self.uri(table.name)))

    def check_logs(self) -> None:
        """Raise LakeWrong for a harmed file of a log that readers pass over."""
        for table in TABLES:
            self.open(table)
            if file := self.harmed_log(table):
                said = f"the file {file} is missing or damaged"
                raise LakeWrong(f"{self.place}: {table.name}: {said}")

    def positions(
        self,
        table: LakeTable,
        opened: DeltaTable,
        parts: Iterable[str] | None = None,
    ) -> Mapping[str, int]:
        """Return how far each part of a table is, or some are; 0: nothing is there."""
        if parts is None:
            parts = PARTS if table in CASE_TABLES else (WHOLE,)
        return {part: opened.transaction_version(part) or 0 for part in parts}

    def append(
        self,
        opened: DeltaTable,
        rows: Iterable[pa.RecordBatch],
        parts: Mapping[str, int],
    ) -> None:
        """Add rows, and bring parts of the table to new positions, in one commit.

        `opened` is the table as it was when its positions were read. Raises Overtaken.
        """
        self._commit(opened, rows, parts, "append")

    def replace(
        self,
        opened: DeltaTable,
        rows: Iterable[pa.RecordBatch],
        parts: Mapping[str, int],
        only: tuple[str, str] | None = None,
    ) -> None:
        """Put rows in the place of all, or of those in a partition: column and value.

        Raises Overtaken.
        """
        self._commit(opened, rows, parts, "overwrite", only)

    def _commit(
        self,
        opened: DeltaTable,
        rows: Iterable[pa.RecordBatch],
        parts: Mapping[str, int],
        mode: str,
        only: tuple[str, str] | None = None,
    ) -> None:
        with self.moving(parts) as moved:
            files, written = write_files(opened, rows, self.options)
            if written is not None:
                _widen(opened, written)
            opened.create_write_transaction(
                files,
                mode,
                opened.schema(),
                opened.metadata().partition_columns,
                [(only[0], "=", only[1])] if only else None,
                commit_properties=moved,
            )

    @contextmanager
    def moving(self, parts: Mapping[str, int]) -> Iterator[CommitProperties]:
        """Yield what a commit says of the positions of parts, which it may leave.

        Raises Overtaken if another commit has said something of one of them meanwhile.
        """
        moved = [Transaction(part, position) for part, position in parts.items()]
        with lake_errors(self.place):
            try:
                yield CommitProperties(app_transactions=moved)
            except CommitFailedError as error:
                raise Overtaken(str(error)) from error

    def exported_to(self, tables: Sequence[LakeTable]) -> int:
        """Return up to which event tables go, at least. Raises LakeWrong."""
        return min(
            position
            for table in tables
            for position in self.positions(table, self.open(table)).values()
        )

    def _errors_of(self, table: LakeTable) -> AbstractContextManager[None]:
        named = f"{self.place}: {table.name}"
        return lake_errors(named, logs=lambda: self.harmed_log(table))

    def _check_place(self) -> None:
        if not self.is_remote:
            check_folder(Path(self.place))

    def _identity(self, table: LakeTable) -> LakeIdentity:
        found = self.open(table).metadata().configuration
        return LakeIdentity(
            pseudonyms=found.get("redress.pseudonyms", ""),
            format=int(found.get("redress.format", "0")),
        )


def _widen(opened: DeltaTable, written: pa.Schema) -> None:
    """Add the columns to a table of an earlier version that it lacks."""
    known = {field.name for field in opened.schema().fields}
    if lacking := [field for field in written if field.name not in known]:
        opened.alter.add_columns(list(Schema.from_arrow(pa.schema(lacking)).fields))
