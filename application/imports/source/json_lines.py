"""Reads JSON Lines: one object a line, nested objects by dotted names."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any

import msgspec

from application.imports.mapping import MappingError
from application.imports.source.csv_reader import KEPT_OF_A_LONG_LINE, LONGEST_LINE
from application.imports.source.packed_files import Packed, looks_like, opened_file
from application.imports.source.source_row import Row
from domain.names import quoted

SAMPLE = 1_000
"""The first lines name the columns; a later name that they do not have is passed over,
unless the mapping names it."""

_DEPTH = 8
_NAMES = re.compile(rb'"\s*:')


@contextmanager
def opened_json_lines(path: Path, named: frozenset[str]) -> Iterator[JsonLines]:
    """Open a file. `named` are columns that may come late. Raises MappingError."""
    with opened_file(path) as first:
        found = dict.fromkeys(
            name for row in islice(_objects(first.content), SAMPLE) for name in row[1]
        )
    if not found:
        hint = looks_like(path)
        said = "the first lines are no JSON objects"
        raise MappingError(f"{path}: {said}{f'; {hint}' if hint else ''}")
    late = sorted(name for name in named if _may_come(name, found))
    with opened_file(path) as packed:
        yield JsonLines(packed, (*found, *late))


def _may_come(name: str, found: dict[str, None]) -> bool:
    """Tell whether a column may be that of an object which the sample lacks."""
    return name not in found and "." in name


class JsonLines:
    """An open file of JSON Lines, at its first line."""

    def __init__(self, packed: Packed, header: tuple[str, ...]) -> None:
        self._packed = packed
        self.header = header

    @property
    def share_read(self) -> float:
        """Return the share of the file that has been read, from 0 to 1."""
        return self._packed.share_read

    def rows(self) -> Iterator[Row]:
        """Yield every line, good or bad. Blank lines are no rows."""
        for line, found, wrong, text in _lines(self._packed.content):
            if wrong is not None:
                yield Row(line, (text,), wrong)
            else:
                yield Row(line, tuple(found.get(name, "") for name in self.header))


def _objects(content: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, found, wrong, _ in _lines(content):
        if wrong is None:
            yield line, found


def _lines(content: IO[bytes]) -> Iterator[tuple[int, dict[str, Any], str | None, str]]:
    number = 0
    while line := content.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            text = line[:KEPT_OF_A_LONG_LINE].decode(errors="replace")
            while line and not line.endswith(b"\n"):
                line = content.readline(LONGEST_LINE)
            yield number, {}, f"the line is longer than {LONGEST_LINE:,}", text
        elif line.strip():
            yield number, *_read(line)


def _read(line: bytes) -> tuple[dict[str, Any], str | None, str]:
    text = line.decode(errors="replace").rstrip("\r\n")
    try:
        found = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}, "the line is not JSON", text
    if not isinstance(found, dict):
        return {}, "the line is no JSON object", text
    # Most lines have as many names as values: only what has more is read again.
    if len(_NAMES.findall(line)) > _count(found) and (name := _twice(line)):
        return {}, f"has {quoted(name)} twice", text
    flat: dict[str, Any] = {}
    _flatten(found, "", flat, _DEPTH)
    if any(isinstance(one, str) and "\0" in one for one in flat.values()):
        return {}, "holds a NUL", text
    return flat, None, text


def _count(value: Any) -> int:
    """Return how many named values there are in a value of JSON."""
    if isinstance(value, dict):
        return len(value) + sum(map(_count, value.values()))
    return sum(map(_count, value)) if isinstance(value, list) else 0


def _twice(line: bytes) -> str | None:
    """Return a name that an object has twice: nobody knows which of them is meant."""
    found: list[str] = []

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        counts = Counter(name for name, _ in pairs)
        found.extend(name for name, count in counts.items() if count > 1)
        return dict(pairs)

    # A number of thousands of digits is none for this decoder.
    with suppress(ValueError):
        json.loads(line.removeprefix(b"\xef\xbb\xbf"), object_pairs_hook=note)
    return found[0] if found else None


def _flatten(
    found: dict[str, Any], path: str, flat: dict[str, Any], depth: int
) -> None:
    for name, value in found.items():
        at = f"{path}{name}"
        if isinstance(value, dict) and depth:
            _flatten(value, f"{at}.", flat, depth - 1)
        else:
            flat[at] = "" if value is None else value
