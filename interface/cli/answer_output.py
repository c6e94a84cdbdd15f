"""What a query has found: as a table, CSV, JSON or Parquet, on stdout or in a file."""

from __future__ import annotations

import csv
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

import click
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from rich.table import Table

from interface.cli.table_output import print_table

FORMATS = ("table", "csv", "json", "parquet")

MOST_SHOWN = 200
"""Rows of a table on a terminal."""

MOST_KEPT = 10_000
"""Rows of a table in a file or a pipe: it is laid out as a whole, in memory."""


def write_answer(found: pa.Table, form: str, output: Path | None) -> None:
    """Write an answer to a file, or to stdout."""
    if form == "parquet" and output is not None:
        pq.write_table(found, output)
    elif output is not None:
        with output.open("w", encoding="utf-8", newline="") as file:
            _write(found, form, file)
    else:
        _write(found, form, sys.stdout)


def _write(found: pa.Table, form: str, file: TextIO) -> None:
    if form == "csv":
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(found.column_names)
        for batch in found.to_batches():
            writer.writerows(one.values() for one in batch.to_pylist())
    elif form == "json":
        for batch in _with_sums(found).to_batches():
            for row in batch.to_pylist():
                file.write(msgspec.json.encode(row).decode())
                file.write("\n")
    else:
        _show(found, file)


def _with_sums(found: pa.Table) -> pa.Table:
    """Return sums of whole numbers as such: DuckDB has 128 bits for them.

    Those that no 64 bits hold stay decimals, which JSON has as texts.
    """
    for place, field in enumerate(found.schema):
        if pa.types.is_decimal(field.type) and field.type.scale == 0:
            with suppress(pa.ArrowInvalid):
                numbers = found.column(place).cast(pa.int64())
                found = found.set_column(place, field.name, numbers)
    return found


def _show(found: pa.Table, file: TextIO) -> None:
    most = MOST_SHOWN if file.isatty() else MOST_KEPT
    table = Table(*found.column_names)
    for row in found.slice(0, most).to_pylist():
        table.add_row(*map(_text, row.values()))
    print_table(table, file=file)
    if found.num_rows > most:
        said = f"{most:,} of {found.num_rows:,} rows: --format csv or json has all"
        click.echo(f"redress sql: {said}", err=True)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
