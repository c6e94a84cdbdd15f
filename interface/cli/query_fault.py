"""Where in a query its fault is, for those who typed it over several lines."""

from __future__ import annotations

import re

_SHOWN = re.compile(r"LINE (\d+): (.*)\n( *)\^")
_NAMED = re.compile(r"[\w\s]* \"(\w+)\" not found|with name (\w+) does not exist")
_EXPLAIN = re.compile(r"\s*explain\s+(?:analyze\b\s*)?(?:\([^)]*\)\s*)?", re.IGNORECASE)


def place_of_fault(query: str, said: str) -> str:
    """Return "line 2, column 5: "; "" where DuckDB and the query do not tell it."""
    if shown := _SHOWN.search(said):
        line = int(shown[1])
        begun = len(f"LINE {line}: ")
        text = shown[2]
        # A long line is shown from the middle.
        start = text.removeprefix("...").removesuffix("...")
        cut = len(text) - len(text.removeprefix("..."))
        of = query.split("\n")[line - 1] if line <= query.count("\n") + 1 else ""
        column = len(shown[3]) - begun - cut + max(of.find(start), 0) + 1
        return f"line {line}, column {column}: "
    if named := _NAMED.search(said):
        found = [*re.finditer(rf"\b{named[1] or named[2]}\b", query, re.IGNORECASE)]
        if len(found) == 1:
            before = query[: found[0].start()].split("\n")
            return f"line {len(before)}, column {len(before[-1]) + 1}: "
    return ""


def explained(query: str) -> str:
    """Return the statement that EXPLAIN is asked of; others as they are.

    EXPLAIN ANALYZE runs it: what may not be asked may not be explained.
    """
    found = _EXPLAIN.match(query)
    return query[found.end() :] if found else query
