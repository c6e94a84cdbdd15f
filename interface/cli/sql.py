"""`redress sql`."""

from __future__ import annotations

import re
import readline
import signal
import sys
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path

import click
import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection

from interface.cli.answer_output import FORMATS, write_answer
from interface.cli.lake_place import lake_at, lake_options
from interface.cli.output_file import FORCE, refuse_to_replace
from interface.cli.query_fault import explained, place_of_fault
from interface.settings.settings import read
from projections.lake.lake_errors import plain
from projections.lake.lake_query import opened_lake

HISTORY = 1_000
"""Lines of the prompt that are remembered."""

INTERRUPT_SECONDS = 0.1
"""How often a query is told again to end: before it has begun, it hears nothing."""

INTERRUPTED = "redress sql: the query was interrupted"

_ASKING = {duckdb.StatementType.SELECT}

# Which part of DuckDB says it tells an analyst nothing.
_KIND = re.compile(r"^(\w+ )+Error: ")


@click.command()
@click.argument("query", required=False)
@click.option("--lake", "place", default="lake", show_default=True, metavar="DIR")
@lake_options
@click.option("--format", "form", type=click.Choice(FORMATS), default="table")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file; parquet needs one.",
)
@FORCE
def sql(
    query: str | None,
    *,
    place: str,
    options: tuple[str, ...],
    form: str,
    output: Path | None,
    force: bool,
) -> None:
    """Ask a lake in SQL (DuckDB); without QUERY, line after line.

    Tables are events, cases, deadlines, offers, evidence, rulings, reasons,
    obligations, money, sanctions, cases_aside, codes, policies, rules, calendar,
    log_batches and checkpoints; `redress lake dictionary` tells their columns.
    A query is one statement. It reads the lake and nothing else, and changes nothing.
    """
    if output is not None:
        if query is None:
            raise click.UsageError("--output writes one answer: give the query, too")
        refuse_to_replace(output, force=force)
    if form == "parquet" and output is None:
        raise click.UsageError("--format parquet needs --output FILE")
    with opened_lake(lake_at(place, options)) as (connection, position):
        if query is not None:
            try:
                if not _answer(connection, query, form, output):
                    sys.exit(1)
            except KeyboardInterrupt:
                # What a shell reports of a process that Ctrl+C ended.
                sys.exit(128 + signal.SIGINT)
        else:
            _prompt(connection, position, form, output)


def _prompt(
    connection: DuckDBPyConnection, position: int, form: str, output: Path | None
) -> None:
    """Ask for queries until the input ends; each ends with a semicolon."""
    # Who pipes queries in wants their answers only.
    is_person = sys.stdin.isatty()
    if is_person:
        said = "A query ends with ; and all of it with Ctrl+D."
        click.echo(f"{position:,} events. {said}")
    remembered = read().home / "sql-history"
    if remembered.exists():
        readline.read_history_file(remembered)
    readline.set_history_length(HISTORY)
    # A query is remembered whole, and not line by line.
    readline.set_auto_history(False)
    lines: list[str] = []
    try:
        while True:
            try:
                lines.append(_line("   ...> " if lines else "redress> "))
                if lines[-1].rstrip().endswith(";"):
                    readline.add_history(" ".join(lines))
                    _answer(connection, "\n".join(lines), form, output)
                    lines = []
            except KeyboardInterrupt:
                # Ctrl+C ends the query, or drops what is typed, and not the prompt.
                click.echo()
                lines = []
    except EOFError:
        if is_person:
            click.echo()
        elif "".join(lines).strip():
            # The last query of a pipe needs no semicolon.
            _answer(connection, "\n".join(lines), form, output)
    finally:
        readline.write_history_file(remembered)


def _line(prompt: str) -> str:
    return input(prompt if sys.stdin.isatty() else "")


def _answer(
    connection: DuckDBPyConnection, query: str, form: str, output: Path | None
) -> bool:
    """Print or write what a query finds; tell what is wrong with it."""
    try:
        _refuse_others(query)
        found = _found(connection, query)
    except duckdb.InterruptException:
        click.echo(INTERRUPTED, err=True)
        return False
    except duckdb.Error as error:
        where = place_of_fault(query, str(error))
        said = _KIND.sub("", plain(str(error)))
        click.echo(f"redress sql: {where}{said}", err=True)
        return False
    except (KeyboardInterrupt, SystemExit):
        click.echo(INTERRUPTED, err=True)
        raise
    write_answer(found, form, output)
    return True


def _found(connection: DuckDBPyConnection, query: str) -> pa.Table:
    """Return what a query finds. A signal ends it, and is raised as it is."""

    def ask() -> pa.Table:
        relation = connection.sql(query)
        # A relation without rows is false.
        if relation is None:
            return pa.table({})
        return _named_apart(relation.to_arrow_table())

    # In a thread of its own: this one sees no signal while DuckDB counts.
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask)
        try:
            return asked.result()
        except (KeyboardInterrupt, SystemExit):
            _end(connection, asked)
            raise


def _end(connection: DuckDBPyConnection, asked: Future[pa.Table]) -> None:
    """Interrupt what is asked, and see it end: also before it has quite begun.

    Another Ctrl+C meanwhile asks for nothing else.
    """
    while not asked.done():
        with suppress(KeyboardInterrupt):
            connection.interrupt()
            wait([asked], INTERRUPT_SECONDS)


def _named_apart(found: pa.Table) -> pa.Table:
    """Return an answer in which no two columns have one name.

    By their names, rows would lose the values of all but the last of them.
    """
    names: list[str] = []
    for name in found.column_names:
        number, own = 0, name
        while own in names:
            number += 1
            own = f"{name}_{number}"
        names.append(own)
    return found.rename_columns(names)


def _refuse_others(query: str) -> None:
    """Raise for several statements, and for one that could write a file.

    DuckDB may write where it may read, and would answer the last of several only.
    """
    statements = duckdb.extract_statements(explained(query))
    if len(statements) != 1:
        said = f"one statement is taken at a time, and not {len(statements)}"
        if not statements:
            said = "there is no query"
        raise duckdb.PermissionException(said)
    for one in statements:
        if one.type not in _ASKING:
            name = str(one.type).rpartition(".")[2]
            raise duckdb.PermissionException(f"{name}: ask by SELECT")
