"""Checks the whole record at once, or one case, and returns the verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from psycopg import Connection

from application.log.fsck.access_chain import check_access
from application.log.fsck.coverage import absent, unsigned, unwitnessed
from application.log.fsck.erasure_rows import check_erasures
from application.log.fsck.finding import Differs
from application.log.fsck.grant_rows import check_grants
from application.log.fsck.one_case import check_case
from application.log.fsck.tree_rebuild import log_end
from application.log.fsck.trusted_checkpoints import Anchor, Kept, Trust, anchors
from application.log.fsck.unsequenced_events import unordered
from application.log.fsck.verdict import Counts, Status, Verdict, covered, judged
from application.log.fsck.walk import Walk

Progress = Callable[[int, int], None]
"""Takes how many events have been checked, and how many there are."""


def check(
    connection: Connection[object],
    trust: Trust,
    kept: Sequence[Kept] = (),
    case: UUID | None = None,
    progress: Progress = lambda *_: None,
) -> Verdict:
    """Check everything, or one case, against all published and kept checkpoints."""
    asked = trust.policy is not None and trust.policy.asks_quorum
    held: tuple[Anchor, ...] = ()
    counts = Counts()
    try:
        held = anchors(connection, trust, kept)
        if case is not None:
            counts = check_case(connection, case, held)
        else:
            walk = Walk(connection, held)
            try:
                counts = _check_whole(connection, walk, covered(held), progress)
            except Differs:
                counts = Counts(events=walk.position, entries=walk.size)
                raise
    except Differs as found:
        differs = Status.DIFFERS
        return judged(held, counts, differs, quorum_asked=asked, finding=found.finding)
    status, said = _status(connection, trust, held, counts, case)
    return judged(held, counts, status, quorum_asked=asked, said=said)


def _status(
    connection: Connection[object],
    trust: Trust,
    held: Sequence[Anchor],
    counts: Counts,
    case: UUID | None,
) -> tuple[Status, str | None]:
    """Return the status of a check that found no difference, and the words for it."""
    if case is not None and not counts.events + counts.unordered:
        return Status.ABSENT, absent(connection, case)
    if (said := unsigned(connection, held, counts, case)) is not None:
        return Status.UNSIGNED, said
    if (said := unwitnessed(trust.policy, held)) is not None:
        return Status.UNWITNESSED, said
    return Status.INTACT, None


def _check_whole(
    connection: Connection[object], walk: Walk, signed: int, progress: Progress
) -> Counts:
    _go(walk, log_end(connection).position, progress)
    waiting = walk.finish()
    reads = check_access(connection)
    check_grants(connection)
    check_erasures(connection)
    return Counts(
        events=walk.position,
        waiting=waiting,
        unordered=unordered(connection),
        unsigned=max(0, walk.size - signed),
        entries=walk.size,
        reads=reads,
    )


def _go(walk: Walk, total: int, progress: Progress) -> None:
    # While one chunk is checked, the database reads the next.
    with ThreadPoolExecutor(1) as reader:
        chunk = walk.read(0)
        while chunk is not None:
            ahead = reader.submit(walk.read, chunk.batches[-1].size)
            walk.step(chunk)
            progress(walk.position, max(total, walk.position))
            chunk = ahead.result()
