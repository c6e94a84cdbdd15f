"""How often a bundle reads its case: the stored events, as `redress bundle` asks."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any
from uuid import UUID

import psycopg
from click.testing import CliRunner
from psycopg.sql import Composable

from application.record.prepared import run
from domain.identity import RULES
from interface.bootstrap import wire
from interface.cli.main import redress
from interface.settings.settings import read
from tests.bundle.long_case import sign, tell_long
from tests.postgres import running
from tests.samples import NOW

EVENTS = 3
_READS_EVENTS = re.compile(r"SELECT\b.*\bstate\b.*\bevents\b", re.DOTALL)


def bundle_loads(url: str, home: Path) -> list[str]:
    """Make a bundle from the command line; return each statement that read events."""
    environ = {"REDRESS_HOME": str(home), "DATABASE_URL": url}
    system = wire(read(environ), url, url, lambda: NOW)
    case = tell_long(system, EVENTS)
    sign(system)
    system.close()
    command = ["bundle", str(case), "--out", str(home / "case.zip"), "--no-stamp"]
    with statements() as sent:
        done = CliRunner().invoke(redress, command, env=environ, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return [text for text, of in sent if _READS_EVENTS.search(text) and of != RULES]


@contextmanager
def statements() -> Iterator[list[tuple[str, UUID | None]]]:
    """Note what this thread sends to the database, and the history it is about.

    By watching psycopg, and what runs prepared statements, at work.
    """
    sent: list[tuple[str, UUID | None]] = []

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code is psycopg.Cursor.execute.__code__:
            values = frame.f_locals["params"]
            named = (one for one in values or () if isinstance(one, UUID))
            sent.append((_text(frame.f_locals["query"]), next(named, None)))
        if event == "call" and frame.f_code is run.__code__:
            named = (one for one in frame.f_locals["values"] if isinstance(one, UUID))
            sent.append((frame.f_locals["statement"].text.decode(), next(named, None)))

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield sent
    finally:
        sys.setprofile(before)


def _text(query: Any) -> str:
    if isinstance(query, Composable):
        return query.as_string(None)
    return query.decode() if isinstance(query, bytes) else str(query)


def measured() -> list[str]:
    """Return what `bundle_loads` does, on a database of its own."""
    with running() as server, server.database() as url, TemporaryDirectory() as folder:
        return bundle_loads(url, Path(folder))
