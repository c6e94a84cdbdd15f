"""Tables on stdout, with every value whole: they are piped, searched and copied from.

A file or a pipe has no width: a row is one line there, as long as it has to be, but in
reports, which people read. There and on a terminal, what is too long for its column
goes on in the next line.
"""

from __future__ import annotations

from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

LONGEST = 1_000_000
"""Columns of a table that nothing bounds."""

REPORT_WIDTH = 100
"""Columns of a report in a file or a pipe: all parts of a figure are many more."""

NARROWEST = 6
"""Columns of the terminal that a column takes at least, with its frame."""


def print_table(
    table: Table, most: int = LONGEST, *, file: TextIO | None = None
) -> None:
    """Print a table, and cut nothing of it off.

    `most`: columns that it has at most in a file or a pipe; `file`: None for stdout.
    """
    # A value in square brackets or between colons is a value, and no markup.
    console = Console(file=file, markup=False, emoji=False)
    for column in table.columns:
        # Rich's own is an ellipsis.
        column.overflow = "fold"
    # Not what rich says: whoever forces colours has no terminal for it.
    if not console.file.isatty():
        unbound = console.options.update(max_width=LONGEST)
        whole = console.measure(table, options=unbound).maximum
        console.width = min(whole, most)
    elif _unbroken(table) > console.width:
        for column in table.columns:
            column.no_wrap = False
    console.print(table)


def _unbroken(table: Table) -> int:
    """Return how wide a table is whose other columns are as narrow as can be read."""
    widths = (
        max(cell_len(str(cell)) for cell in column.cells)
        for column in table.columns
        if column.no_wrap and table.row_count
    )
    return sum(widths) + NARROWEST * len(table.columns)
