"""How far an import has come."""

from __future__ import annotations

from msgspec import Struct


class Progress(Struct, frozen=True, kw_only=True):
    """How far an import has come.

    `cases` are new, `grown` are cases that were there and got more events; `events`
    were added. `present`: what told nothing new; `skipped`: rows that state no event.
    `rejects_size` is the length in bytes of the file of rejects; `share` of the file
    was read, 0 to 1.
    """

    rows: int = 0
    cases: int = 0
    grown: int = 0
    events: int = 0
    present: int = 0
    skipped: int = 0
    rejected: int = 0
    rejects_size: int = 0
    finished: bool = False
    share: float = 0.0
