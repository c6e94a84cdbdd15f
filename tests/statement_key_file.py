"""The file of an application's key, as an operator makes it before production."""

from __future__ import annotations

from pathlib import Path

from application.log.sign.statement_keys import StatementKey, read_or_make
from tests.samples import NOW

ORIGIN = "redress.localhost/log"


def statement_key_file(folder: Path) -> str:
    """Make the file in a folder, and return its path, as a setting names it."""
    path = folder / "statements.json"
    read_or_make(path, ORIGIN, NOW)
    return str(path)


def made_statement_key(folder: Path, origin: str) -> StatementKey:
    """Make the key of a log's application."""
    return StatementKey(read_or_make(folder / "statements.json", origin, NOW))
