"""What a check says if nothing differs, but nothing signed vouches for it either."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection
from psycopg.rows import scalar_row

from application.log.fsck.trusted_checkpoints import Anchor
from application.log.fsck.unsequenced_events import ids_were_given
from application.log.fsck.verdict import Counts, covered
from application.log.sign.checkpoint_store import keys
from application.log.witness.trust_policy import TrustPolicy

_TAKEN_OVER = """
SELECT origin FROM imported_bundles WHERE case_id = %s ORDER BY taken_at DESC LIMIT 1
"""


def absent(connection: Connection[object], case: UUID) -> str:
    """Return that the record has no such case, and whose it is if that is known."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        origin = cursor.execute(_TAKEN_OVER, (case,)).fetchone()
    if origin is None:
        return f"there is no case {case} in this record"
    return (
        f"case {case} is of another log, {origin}, for which this one does not vouch:"
        " it was taken over as a bundle; check that with the program that"
        " `redress verifier` writes, and the key of that log"
    )


def unsigned(
    connection: Connection[object],
    held: Sequence[Anchor],
    counts: Counts,
    case: UUID | None,
) -> str | None:
    """Return that nothing signed covers what was checked, None if something does."""
    if case is not None:
        if counts.events > counts.waiting + counts.unsigned:
            return None
        return f"nothing that is signed covers case {case}{_keys(connection, held)}"
    if covered(held):
        return None
    if counts.events + counts.unordered + counts.entries:
        return (
            "there is no signed checkpoint to compare the record with"
            f"{_keys(connection, held)}"
        )
    # A sequence does not go back when rows are taken out.
    if ids_were_given(connection):
        return (
            "the record is empty, but events were stored in it once"
            f"{_keys(connection, held)}"
        )
    return None


def _keys(connection: Connection[object], held: Sequence[Anchor]) -> str:
    published = keys(connection)
    if covered(held) or not published:
        return ""
    since = published[0].made_at.isoformat(timespec="seconds")
    return (
        f"; yet the log's keys are published (the first made {since}): either its"
        " signer has signed nothing yet, or what it signed was taken away"
    )


def unwitnessed(policy: TrustPolicy | None, held: Sequence[Anchor]) -> str | None:
    """Return that no checkpoint has the policy's quorum, None if one has."""
    if policy is None or not covered(held) or any(one.quorum for one in held):
        return None
    return (
        f"no checkpoint has the quorum {policy.quorum!r} that the policy asks for: what"
        " is there agrees with what the log itself signed, and with nothing more"
    )
