"""`redress export`: the record's cases as logs for process mining."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from application.exports.pseudonyms import Pseudonyms
from application.exports.spill_folder import spill_folder
from application.feed.event_feed import end_of_feed
from application.record.schema.migrations import STORE
from application.record.schema.whole_sight import refuse_hidden_rows
from application.record.session import open_session
from interface.bootstrap import build
from interface.cli.output_file import FORCE, refuse_to_replace
from interface.cli.progress_bars import rates
from interface.cli.pseudonym_key import kept_key, pseudonym_options
from interface.settings.settings import read
from projections.mining.ocel_file import OcelFile
from projections.mining.ocel_json import write_ocel_json
from projections.mining.told_case import SPILL, ToldCase, told_cases
from projections.mining.xes import write_xes

SQLITE = frozenset({".sqlite", ".sqlite3", ".db"})
"""Endings of names that ask for OCEL in SQLite; any other one asks for JSON."""

file = click.argument("file", type=click.Path(path_type=Path))


@click.group()
def export() -> None:
    """Write the record's cases as logs for process mining.

    They have codes, amounts, times and pseudonyms, and no personal text.
    """


@export.command()
@file
@pseudonym_options
@FORCE
def ocel(file: Path, *, pseudonyms: Path | None, force: bool) -> None:
    """Write an object-centric log (OCEL 2.0) to FILE: SQLite for .sqlite, else JSON.

    Objects are cases, orders, buyers, sellers, mediators, evidence and rulings.
    """
    refuse_to_replace(file, force=force)
    with _cases(file, pseudonyms) as cases, spill_folder(SPILL, file.parent) as folder:
        whole = folder / "ocel.sqlite"
        _write_ocel(cases, whole)
        if file.suffix not in SQLITE:
            as_json = folder / "ocel.json"
            with as_json.open("wb") as out:
                write_ocel_json(whole, out)
            whole = as_json
        whole.replace(file)


@export.command()
@file
@pseudonym_options
@FORCE
def xes(file: Path, *, pseudonyms: Path | None, force: bool) -> None:
    """Write an event log (XES, IEEE 1849-2016) to FILE: a trace for each case."""
    refuse_to_replace(file, force=force)
    with _cases(file, pseudonyms) as cases, spill_folder(SPILL, file.parent) as folder:
        whole = folder / "log.xes"
        with whole.open("wb") as out:
            write_xes(cases, out)
        whole.replace(file)


def _write_ocel(cases: Iterator[ToldCase], path: Path) -> None:
    with OcelFile(path) as one:
        for told in cases:
            one.add(told)


@contextmanager
def _cases(file: Path, key: Path | None) -> Iterator[Iterator[ToldCase]]:
    """Yield the cases up to now, and say on stderr how far they have been taken."""
    with (
        closing(build(read())) as system,
        kept_key(system, "exports", str(file.absolute()), key) as own,
        rates() as progress,
    ):
        one = Pseudonyms(own)
        session = open_session(system.url, search_path=STORE.name, job="export")
        with session as connection:
            refuse_hidden_rows(connection)
            upto = end_of_feed(connection)
        task = progress.add_task("events", total=upto)
        # Before the first case the ledger is spilt, which takes a while.
        progress.update(task)

        def counted() -> Iterator[ToldCase]:
            for told in told_cases(system.url, upto, one.of, system.settings.home):
                yield told
                progress.advance(task, len(told.events))
            # Events beside cases are told of nowhere, and were passed all the same.
            progress.update(task, completed=upto)

        yield counted()
