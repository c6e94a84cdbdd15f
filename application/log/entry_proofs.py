"""Since when a signature covers entries of the log, and who has co-signed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from application.log.format.checkpoint import parse_checkpoint
from application.log.format.note import NoteMalformed, parse_note
from application.log.format.verifier_keys import SignatureWrong, seals
from application.log.sign.checkpoint_kind import Kind
from application.log.witness.trust_policy import TrustPolicy

# Checkpoints are archived every few minutes, so that an entry may have been signed
# somewhat earlier than the first one that is kept says.
_FIRST = """
SELECT wanted.index, found.at, found.note
FROM unnest(%(indexes)s::bigint[]) AS wanted (index)
JOIN LATERAL (
    (SELECT size, at, note FROM log_archive
     WHERE kind = %(kind)s AND size > wanted.index ORDER BY size LIMIT 1)
    UNION ALL
    (SELECT size, at, note FROM log_checkpoints
     WHERE kind = %(kind)s AND size > wanted.index)
    ORDER BY size, at LIMIT 1
) AS found ON true
"""
_PLACES = """
SELECT wanted.position, b.previous + wanted.position - b.after - 1 AS index
FROM unnest(%s::bigint[]) AS wanted (position)
JOIN LATERAL (
    SELECT previous, after FROM log_batches
    WHERE position >= wanted.position AND size > 0 ORDER BY position LIMIT 1
) AS b ON true
"""


class EntryProof(Struct, frozen=True, kw_only=True):
    """An entry, not after when (UTC) the log has signed it, and who has co-signed.

    `signed_at` is None until a checkpoint covers it. `cosigners` are witnesses whose
    cosignatures verify where a trust policy is known, else whoever has signed beside
    the log; `witnesses` is how many the policy names, and `is_met` tells whether those
    who have co-signed are the quorum that it asks for (None: no policy is known).
    """

    index: int
    signed_at: datetime | None = None
    cosigners: tuple[str, ...] = ()
    witnesses: int | None = None
    is_met: bool | None = None


class _Covered(Struct, frozen=True):
    index: int
    at: datetime
    note: str


def entry_proofs(
    connection: Connection[object],
    indexes: Sequence[int],
    origin: str,
    policy: TrustPolicy | None = None,
) -> dict[int, EntryProof]:
    """Return what covers some entries; `origin` is the log's own name."""
    signed = {one.index: one for one in _first(connection, indexes, Kind.SIGNED)}
    cosigned = {one.index: one for one in _first(connection, indexes, Kind.COSIGNED)}
    notes = {one.note for one in cosigned.values()}
    names = {note: cosigners(note, origin, policy) for note in notes}
    met = {note: policy is not None and _is_met(note, policy) for note in notes}
    return {
        index: EntryProof(
            index=index,
            signed_at=min(
                (of[index].at for of in (signed, cosigned) if index in of),
                default=None,
            ),
            cosigners=names[cosigned[index].note] if index in cosigned else (),
            witnesses=len(policy.witnesses) if policy else None,
            is_met=index in cosigned and met[cosigned[index].note] if policy else None,
        )
        for index in indexes
    }


def log_entries(
    connection: Connection[object], positions: Sequence[int]
) -> dict[int, int]:
    """Return which entries of the log hold the events at positions of the ledger."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return dict(cursor.execute(_PLACES, (list(positions),)).fetchall())


def cosigners(note: str, origin: str, policy: TrustPolicy | None) -> tuple[str, ...]:
    """Return who has co-signed a checkpoint, each once."""
    try:
        if policy is None:
            signed = parse_note(note).signatures
            names = [one.name for one in signed if one.name != origin]
        else:
            sealed = seals(*parse_checkpoint(note), policy.witness_keys)
            names = [one.key.name for one in sealed]
    except (NoteMalformed, SignatureWrong):
        return ()
    return tuple(dict.fromkeys(names))


def _is_met(note: str, policy: TrustPolicy) -> bool:
    try:
        return policy.is_met(seals(*parse_checkpoint(note), policy.witness_keys))
    except (NoteMalformed, SignatureWrong):
        return False


def _first(
    connection: Connection[object], indexes: Sequence[int], kind: Kind
) -> list[_Covered]:
    with connection.cursor(row_factory=class_row(_Covered)) as cursor:
        values = {"indexes": list(indexes), "kind": kind}
        return cursor.execute(_FIRST, values).fetchall()
