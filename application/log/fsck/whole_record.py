"""Checks the whole record at once, or one case, and returns the verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from msgspec.structs import replace
from psycopg import Connection

from application.log.fsck.access_chain import check_access
from application.log.fsck.coverage import absent, unsigned, unwitnessed
from application.log.fsck.erasure_rows import check_erasures
from application.log.fsck.event_sequence import EventSequences
from application.log.fsck.finding import Differs
from application.log.fsck.grant_rows import check_grants
from application.log.fsck.one_case import check_case
from application.log.fsck.rules import check_texts
from application.log.fsck.statements import Statements, statement_keys
from application.log.fsck.tree_rebuild import log_end
from application.log.fsck.trusted_checkpoints import Anchor, Kept, Trust, anchors
from application.log.fsck.unsequenced_events import unordered
from application.log.fsck.verdict import Counts, Status, Verdict, covered, judged
from application.log.fsck.walk import Walk
from application.rules.rule_sets import RuleSet

Progress = Callable[[int, int], None]
"""Takes how many events have been checked, and how many there are."""


def check(
    connection: Connection[object],
    trust: Trust,
    kept: Sequence[Kept] = (),
    case: UUID | None = None,
    progress: Progress = lambda *_: None,
    rules: Sequence[RuleSet] = (),
) -> Verdict:
    """Check everything, or one case, against all published and kept checkpoints.

    `rules`: the rule sets that this program would use, held against the adopted ones.
    """
    asked = trust.policy is not None and trust.policy.asks_quorum
    held: tuple[Anchor, ...] = ()
    counts = Counts()
    statements = Statements(())
    try:
        held = anchors(connection, trust, kept)
        statements = Statements(statement_keys(connection, trust))
        if case is not None:
            counts = check_case(connection, case, held, statements)
        else:
            walk = Walk(connection, held, statements)
            try:
                counts = _check_whole(connection, walk, covered(held), progress)
                check_texts(connection, walk.rules.adopted.values(), rules)
            except Differs:
                counts = Counts(events=walk.position, entries=walk.size)
                raise
    except Differs as found:
        differs = Status.DIFFERS
        return judged(
            held,
            counts,
            differs,
            quorum_asked=asked,
            vouched=statements.is_checked,
            finding=found.finding,
        )
    status, said = _status(connection, trust, held, counts, case)
    return judged(
        held,
        replace(counts, stated=statements.stated, unstated=statements.unstated),
        status,
        quorum_asked=asked,
        vouched=statements.is_checked,
        said=said,
    )


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
    # Case by case, so a second time through the events: in the order of positions it
    # would take the memory of every case at once.
    sequences = EventSequences(connection)
    while sequences.step():
        pass
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
