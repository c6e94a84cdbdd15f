"""Checks the whole record at once, the next rows read while some are checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.access_walk import check_access
from application.log.batches import tip
from application.log.checking.anchors import Anchor, Kept, Trust, anchors
from application.log.checking.case import check_case
from application.log.checking.finding import Differs, Finding
from application.log.checking.walk import Walk

Progress = Callable[[int, int], None]
"""Takes how many events are checked, and how many there are."""


class Verdict(Struct, frozen=True, kw_only=True):
    """What a check came to.

    `events` were checked; `waiting` of them are not in the log yet, `unsigned` entries
    are, but beyond the last checkpoint. `size`: how many entries that one covers;
    `witnesses`: who cosigned it, `quorum`: whether those are enough. `reads`: how many
    entries of the access log were checked.
    """

    intact: bool
    events: int
    waiting: int
    entries: int
    unsigned: int
    size: int
    witnesses: tuple[str, ...]
    quorum: bool
    reads: int
    finding: Finding | None


def check(
    connection: Connection[object],
    trust: Trust,
    kept: Sequence[Kept] = (),
    case: UUID | None = None,
    progress: Progress = lambda *_: None,
) -> Verdict:
    """Check everything, or one case, against every checkpoint there is."""
    held: tuple[Anchor, ...] = ()
    try:
        held = anchors(connection, trust, kept)
        if case is not None:
            events = check_case(connection, case, held)
            return _verdict(held, events=events, entries=tip(connection).size)
        return _check_whole(connection, held, progress)
    except Differs as found:
        return _verdict(held, finding=found.finding)


def _check_whole(
    connection: Connection[object], held: tuple[Anchor, ...], progress: Progress
) -> Verdict:
    walk, total = Walk(connection, held), tip(connection).position
    try:
        _go(walk, total, progress)
        waiting = walk.finish()
        reads = check_access(connection)
    except Differs as found:
        return _verdict(held, walk.position, walk.size, finding=found.finding)
    return _verdict(held, walk.position, walk.size, waiting, reads=reads)


def _go(walk: Walk, total: int, progress: Progress) -> None:
    with ThreadPoolExecutor(1) as reader:
        chunk = walk.read(0)
        while chunk is not None:
            ahead = reader.submit(walk.read, chunk.batches[-1].size)
            walk.step(chunk)
            progress(walk.position, max(total, walk.position))
            chunk = ahead.result()


def _verdict(
    held: Sequence[Anchor],
    events: int = 0,
    entries: int = 0,
    waiting: int = 0,
    finding: Finding | None = None,
    reads: int = 0,
) -> Verdict:
    quorums = [one for one in held if one.quorum]
    last = max(quorums or held, key=lambda one: one.size, default=None)
    covered = max((one.size for one in held), default=0)
    return Verdict(
        intact=finding is None,
        events=events,
        waiting=waiting,
        entries=entries,
        unsigned=max(0, entries - covered),
        size=last.size if last else 0,
        witnesses=tuple(dict.fromkeys(last.witnesses)) if last else (),
        quorum=last.quorum if last else False,
        reads=reads,
        finding=finding,
    )
