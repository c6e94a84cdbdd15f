"""The checkpoints that a record is compared with: published ones and kept ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection

from application.log.format.checkpoint import Checkpoint, parse_checkpoint
from application.log.format.note import Note, NoteMalformed
from application.log.format.verifier_keys import SignatureWrong, VerifierKey, seals
from application.log.fsck.finding import Differs, Finding, Property
from application.log.sign import key_ends
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import archived, keys, latest
from application.log.sign.key_ends import ends_of, in_force
from application.log.sign.key_history import followed
from application.log.witness.trust_policy import TrustPolicy


class Trust(Struct, frozen=True):
    """The keys whose signatures count: the log's, and a policy for its witnesses.

    `statement_keys`: those of the application, beside the ones the log has endorsed.
    """

    log_keys: tuple[VerifierKey, ...]
    policy: TrustPolicy | None = None
    statement_keys: tuple[VerifierKey, ...] = ()


class Anchor(Struct, frozen=True, kw_only=True):
    """A checkpoint whose signatures verify.

    `source`: where it was found. `time`: the earliest time (POSIX) that a signature of
    the log or a witness states. `witnesses`: the names of those that cosigned it.
    `quorum`: whether they are enough for the policy.
    """

    source: str
    checkpoint: Checkpoint
    time: int | None
    witnesses: tuple[str, ...] = ()
    quorum: bool = False

    @property
    def size(self) -> int:
        """Return how many entries it covers."""
        return self.checkpoint.size


class Kept(Struct, frozen=True):
    """A signed checkpoint that was kept outside the database, and where."""

    source: str
    note: str


def anchors(
    connection: Connection[object], trust: Trust, kept: Iterable[Kept] = ()
) -> tuple[Anchor, ...]:
    """Return all checkpoints, verified, the smallest first. Raises Differs."""
    history = [one.endorsement for one in keys(connection) if one.endorsement]
    log_keys = followed(trust.log_keys, history)
    ends = ends_of(log_keys, key_ends.published(connection))
    trust = replace(trust, log_keys=log_keys)
    found = [*kept]
    for kind in Kind:
        found += [Kept("archive", one.note) for one in archived(connection, kind)]
        if (one := latest(connection, kind)) is not None:
            found.append(Kept(f"published, {kind}", one.note))
    held = (anchor(trust, one, ends) for one in found)
    return tuple(sorted(held, key=lambda one: one.size))


def anchor(trust: Trust, kept: Kept, ends: Mapping[VerifierKey, int]) -> Anchor:
    """Return a kept checkpoint with its signatures verified. Raises Differs.

    `ends`: up to which size the signatures of some keys count.
    """
    try:
        checkpoint, note = parse_checkpoint(kept.note)
        counting = in_force(trust.log_keys, ends, checkpoint.size)
        by_log = seals(checkpoint, note, counting)
        policy = trust.policy
        by_witness = seals(checkpoint, note, policy.witness_keys if policy else ())
    except (NoteMalformed, SignatureWrong) as error:
        raise Differs(_unsigned(kept, str(error))) from None
    if not any(seal.key.name == checkpoint.origin for seal in by_log):
        raise Differs(_unsigned(kept, _why(trust, ends, checkpoint, note)))
    return Anchor(
        source=kept.source,
        checkpoint=checkpoint,
        time=min(
            (one.time for one in (*by_log, *by_witness) if one.time), default=None
        ),
        witnesses=tuple(seal.key.name for seal in by_witness),
        quorum=policy is not None and policy.is_met(by_witness),
    )


def _why(
    trust: Trust, ends: Mapping[VerifierKey, int], checkpoint: Checkpoint, note: Note
) -> str:
    """Say why a checkpoint is not signed: also that its key has ended before."""
    for signature in note.signatures:
        for key in trust.log_keys:
            if key.made(signature) and ends.get(key, checkpoint.size) < checkpoint.size:
                return (
                    f"of {checkpoint.size} entries, it is signed by a key that counts"
                    f" up to {ends[key]} only: {key.name}+{key.key_id.hex()}"
                )
    return (
        "no trusted key of the log has signed it (after a rotation, old and new keys"
        " both belong in the policy)"
    )


def _unsigned(kept: Kept, why: str) -> Finding:
    return Finding(
        property=Property.SIGNATURE, said=f"the checkpoint ({kept.source}): {why}"
    )
