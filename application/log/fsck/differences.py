"""Names what is missing or different in a batch, by what is left of it."""

from __future__ import annotations

from uuid import UUID

from psycopg import Connection

from application.log.build.batches import Batch, CaseHead, Row, leaves, packed
from application.log.format.tree import HASH_BYTES
from application.log.fsck.finding import Differs, Finding, Property
from application.log.fsck.missing_events import LostEvent, identify


def gap(connection: Connection[object], lost: LostEvent) -> Differs:
    """Return the finding for a position without a row, naming its event if possible."""
    case, version = identify(connection, lost) or (None, None)
    said = "the ledger has no such position: an event was taken out"
    if version is None:
        said += "; which version, too little is left to tell"
    return Differs(
        Finding(
            property=Property.LEDGER,
            said=said,
            case=case,
            version=version,
            position=lost.position,
            index=lost.batch.index_of(lost.position),
        )
    )


def wrong_head(batch: Batch, heads: list[CaseHead]) -> Differs:
    """Return the finding for the first case that is not as long as the log says."""
    stored = batch.named
    made = [(one.case, one.version) for one in heads]
    place = next(
        (n for n, (a, b) in enumerate(zip(stored, made, strict=False)) if a != b),
        min(len(stored), len(made)),
    )
    logged = dict(stored[place : place + 1])
    case = next(iter(logged or dict(made[place : place + 1])), None)
    here = [version for one, version in made if one == case]
    return Differs(
        Finding(
            property=Property.HEAD,
            said="the case is not as long as the log says",
            case=case,
            index=batch.previous + batch.events + place,
            expected=f"version {logged[case]}" if case in logged else "no head",
            got=f"version {here[0]}" if here else "none",
        )
    )


def first_difference(made: bytes, logged: bytes) -> int | None:
    """Return the number of the first hash that the log has not, None if it has all."""
    # Nearly always all of them are there, which one comparison shows.
    if logged[: len(made)] == made:
        return None
    return next(
        n // HASH_BYTES
        for n in range(0, len(made), HASH_BYTES)
        if made[n : n + HASH_BYTES] != logged[n : n + HASH_BYTES]
    )


def wrong_entry(
    batch: Batch, rows: list[Row], heads: list[CaseHead], place: int, logged: bytes
) -> Differs:
    """Return the finding for an entry of a batch that has another hash in the log."""
    case, version = _of(rows, heads, place)
    is_event = place < len(rows)
    there = logged[place * HASH_BYTES : (place + 1) * HASH_BYTES]
    made = leaves(rows, heads)[place]
    return Differs(
        Finding(
            property=Property.LOG,
            said=f"the log holds another {'event' if is_event else 'case head'} here",
            case=case,
            version=version,
            position=rows[place][0] if is_event else None,
            index=batch.previous + place,
            expected=there.hex() or "none",
            got=made.hex(),
        )
    )


def _of(rows: list[Row], heads: list[CaseHead], place: int) -> tuple[UUID, int]:
    if place < len(rows):
        return rows[place][1], rows[place][2]
    head = heads[place - len(rows)]
    return head.case, head.version


def same_heads(batch: Batch, heads: list[CaseHead]) -> bool:
    """Tell whether every case of a batch is as long as the log says."""
    return packed(heads) == batch.heads
