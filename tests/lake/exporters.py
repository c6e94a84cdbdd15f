"""Exporters in processes of their own, to be killed, and to race each other."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext, ForkServerProcess

from msgspec import Struct

from application.exports.pseudonyms import Pseudonyms
from application.record.schema.migrations import STORE
from application.record.session import open_session
from application.rules.rulebook import Rulebooks
from projections.lake.lake_export import LakeExport
from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import TABLES
from tests.lake.written_record import KEY, told_nothing


class Exporting(Struct, frozen=True, kw_only=True):
    """An export of a record: few events in a commit, so that many can be broken off."""

    url: str
    place: str
    commit: int = 100
    few: int = 0
    options: Mapping[str, str] = {}

    @property
    def lake(self) -> Lake:
        return Lake(self.place, self.options)

    def run(self) -> None:
        """Export, in this process."""
        one = LakeExport(
            url=self.url,
            lake=self.lake,
            pseudonyms=Pseudonyms(KEY),
            books=Rulebooks(),
            commit=self.commit,
            few=self.few,
            most_files=4,
        )
        with open_session(self.url, search_path=STORE.name) as connection:
            one.run(connection, told_nothing, told_nothing)

    @contextmanager
    def started(self) -> Iterator[ForkServerProcess]:
        """Yield a process that exports; it is killed at the end."""
        process = context().Process(target=self.run)
        process.start()
        try:
            yield process
        finally:
            process.kill()
            process.join()
            process.close()


def context() -> ForkServerContext:
    """Return what forks processes from one that has imported everything already."""
    one = multiprocessing.get_context("forkserver")
    one.set_forkserver_preload([__name__, "projections.lake.lake_export"])
    return one


def same(lake: Lake, whole: Lake) -> None:
    """Hold a lake against one that was written without disturbance."""
    with opened_lake(lake) as (own, position), opened_lake(whole) as (other, end):
        assert position == end
        for table in TABLES:
            query = f'SELECT * FROM "{table.name}" ORDER BY ALL'
            found, due = (of.sql(query).to_arrow_table() for of in (own, other))
            assert found.equals(due), table.name


def same_files(lake: Lake, whole: Lake) -> None:
    """Hold the rows in the files, too, from which readers choose each case's last."""
    for table in TABLES:
        counted = lake.open(table).to_pyarrow_dataset().count_rows()
        expected = whole.open(table).to_pyarrow_dataset().count_rows()
        assert counted == expected, table.name
