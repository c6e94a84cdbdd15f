"""Opens what a mapping says that rows come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from application.imports.mapping import FileMapping, Format, MappingError, TableSource
from application.imports.named_columns import named_columns
from application.imports.rejects import is_rejects
from application.imports.source.source_files import (
    BY_QUERY,
    Reading,
    files_of,
    format_of,
    opened_files,
)
from application.imports.source.source_query import WHOLE, opened_query
from application.imports.source.source_row import Table
from application.operator_error import OperatorError

SOURCE = "source"
"""What the table of a source is called in its query, if it has one table."""

AS_REJECTS = Reading(TableSource(format=Format.CSV), "utf-8", ",")
"""How files of rejects are written, whatever the source was."""

Files = Mapping[str, Sequence[Path]]
"""The files of each table, by the table's name."""


def files_of_source(
    mapping: FileMapping, given: Sequence[Path], folder: Path
) -> dict[str, tuple[Path, ...]]:
    """Return the files of each table. Raises MappingError.

    `given` are files of the command line; they are those of a source with one table.
    `folder` is where the names in the mapping begin.
    """
    rule = mapping.source
    for path in given:
        if not path.is_file():
            raise OperatorError(f"{path}: there is no such file")
    if given and all(map(is_rejects, given)):
        return {SOURCE: tuple(given)}
    if rule.tables:
        if given or rule.files:
            raise MappingError("source.tables name their files; no others are read")
        return {name: files_of(one, folder) for name, one in rule.tables.items()}
    paths = tuple(given) or files_of(rule, folder)
    if not paths:
        raise MappingError("say FILE, or source.files in the mapping")
    return {SOURCE: paths}


@contextmanager
def opened_source(mapping: FileMapping, files: Files) -> Iterator[Table]:
    """Open a source as one table. Raises MappingError."""
    if set(files) == {SOURCE} and all(map(is_rejects, files[SOURCE])):
        # What was rejected has the columns of the source, after a query too.
        with opened_files(files[SOURCE], AS_REJECTS) as table:
            yield table
        return
    rule = mapping.source
    names = frozenset(_names(mapping))
    of_tables: Mapping[str, TableSource] = rule.tables or {SOURCE: rule}
    readings = {
        name: Reading(of_tables[name], mapping.encoding, mapping.delimiter, names)
        for name in files
    }
    sql = rule.sql
    if sql is None and any(
        format_of(path, readings[name].table) in BY_QUERY
        for name, paths in files.items()
        for path in paths
    ):
        sql = WHOLE
    if sql is None:
        with opened_files(files[SOURCE], readings[SOURCE]) as table:
            yield table
    else:
        tables = {name: (paths, readings[name]) for name, paths in files.items()}
        with opened_query(tables, sql) as query:
            yield query


def _names(mapping: FileMapping) -> Iterator[str]:
    for columns, _ in named_columns(mapping):
        yield from (columns,) if isinstance(columns, str) else columns
