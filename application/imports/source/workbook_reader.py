"""Reads a sheet of a workbook (xlsx) as a table; its first row has the names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from application.imports.cells import BadRow, as_text
from application.imports.mapping import MappingError
from application.imports.source.source_row import Row, shown
from application.operator_error import OperatorError


class Workbook:
    """A sheet of a workbook. It is read as a whole: a sheet has 1,048,576 rows."""

    def __init__(self, path: Path, sheet: str | None) -> None:
        self._path = path
        self._sheet = _sheet(path, sheet)
        rows = self._sheet.iter_rows()
        names = [_cell(one) for one in next(rows, ())]
        # Any row that is longer makes the first one longer, by cells without a name.
        while names and not names[-1]:
            names.pop()
        self.header = tuple(names)
        if not any(self.header):
            raise MappingError(f"{path}: the sheet's first row has no names of columns")
        self._read = 1
        self._height = max(1, int(self._sheet.height))

    @property
    def share_read(self) -> float:
        """Return the share of the sheet that has been read, from 0 to 1."""
        return min(1.0, self._read / self._height)

    def rows(self) -> Iterator[Row]:
        """Yield every row that has a cell."""
        width = len(self.header)
        for number, cells in enumerate(islice(self._sheet.iter_rows(), 1, None), 2):
            self._read = number
            try:
                plain = tuple(map(_cell, cells))
            except BadRow as error:
                yield Row(number, tuple(map(str, cells)), str(error))
                continue
            if not any(plain):
                continue
            wrong = "holds a NUL" if any("\0" in one for one in plain) else None
            if any(plain[width:]):
                wrong = f"has cells beyond the {width} columns of the header"
            yield Row(number, (*plain, *("",) * width)[:width], wrong)


def _sheet(path: Path, name: str | None) -> Any:
    try:
        from python_calamine import (  # noqa: PLC0415 - an extra
            CalamineError,
            CalamineWorkbook,
        )
    except ModuleNotFoundError:
        raise MappingError(
            "workbooks need the extra `import`: pip install '.[import]'"
        ) from None
    try:
        book = CalamineWorkbook.from_path(path)
    except FileNotFoundError:
        raise OperatorError(f"{path}: there is no such file") from None
    except (CalamineError, OSError):
        raise MappingError(f"{path}: is no workbook that can be read") from None
    if name is not None and name not in book.sheet_names:
        known = ", ".join(map(shown, book.sheet_names))
        raise MappingError(f"{path}: has no sheet {name!r}; it has {known}")
    return book.get_sheet_by_name(name or book.sheet_names[0])


def _cell(value: Any) -> str:
    """Return a cell as a text; a number without a fraction as a whole one."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.15g}"
    # A workbook has binary numbers only, also where they are read as whole ones.
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return as_text(float(value) if is_whole else value)
