"""A monitor: holds each signed head of a log against all the entries below it."""

from __future__ import annotations

from itertools import islice

from msgspec.structs import replace

from application.log.format.checkpoint import Checkpoint, parse_checkpoint
from application.log.format.merkle_proofs import ProofWrong, verify_consistency
from application.log.format.note import Note
from application.log.format.verifier_keys import SignatureWrong, VerifierKey, seals
from application.log.monitor.entry_check import Contradiction, EntryCheck
from application.log.monitor.entry_source import EntrySource
from application.log.monitor.memory import Memory, Progress
from application.log.sign.key_ends import ends_of, in_force
from application.log.sign.key_history import followed
from application.log.sign.statement_keys import trusted
from application.log.witness.http_client import Unreachable
from application.log.witness.remote_log import RemoteLog
from application.log.witness.trust_policy import TrustPolicy
from application.operator_error import OperatorError

TOGETHER = 4_096
"""Entries that are remembered at once."""


class NotTrusted(OperatorError):
    """A checkpoint is signed by nobody whom the policy trusts, or by too few."""


class LogMonitor:
    """Follows one log; `look` checks what it has gained since.

    `statement_keys` are those of the application that were given, beside the ones that
    the log endorses.
    """

    def __init__(
        self,
        log: RemoteLog,
        source: EntrySource,
        policy: TrustPolicy,
        memory: Memory,
        statement_keys: tuple[VerifierKey, ...] = (),
    ) -> None:
        self._log, self._source, self._policy = log, source, policy
        self._memory, self._given = memory, statement_keys

    def look(self) -> Progress:
        """Check the log up to its last signed head.

        Raises Contradiction, which is remembered and raised again by every later look;
        NotTrusted, or Unreachable.
        """
        before = self._memory.progress
        if before.contradiction is not None:
            raise Contradiction(before.contradiction)
        log_keys = followed(self._policy.log_keys, self._log.endorsements())
        checkpoint, note = self._log.checkpoint()
        ends = ends_of(log_keys, self._log.key_ends())
        log_keys = in_force(log_keys, ends, checkpoint.size)
        self._check_signed(before.origin, checkpoint, note, log_keys)
        try:
            return self._check(before, checkpoint, note, log_keys)
        except Contradiction as found:
            # What was remembered of the entries before it stays; the rest is undone.
            kept = replace(self._memory.progress, contradiction=str(found))
            self._memory.keep(kept)
            raise

    def _check(
        self,
        progress: Progress,
        checkpoint: Checkpoint,
        note: Note,
        log_keys: tuple[VerifierKey, ...],
    ) -> Progress:
        self._check_goes_on(progress, checkpoint, note)
        ours = trusted(log_keys, self._log.statement_endorsements())
        check = EntryCheck(self._memory, (*self._given, *ours), progress.since)
        entries = self._source.entries(progress.size, checkpoint.size)
        while some := tuple(islice(entries, TOGETHER)):
            progress = self._take(check, progress, some)
        if progress.edge.root != checkpoint.root:
            raise Contradiction(
                f"the first {checkpoint.size} entries give the root"
                f" {progress.edge.root.hex()}; the log has signed"
                f" {checkpoint.root.hex()}"
            )
        if (left := self._memory.headless()) is not None:
            # A signed tree ends with a batch, and so with heads.
            raise Contradiction(f"the log ends without a head of {left.hex()}")
        progress = replace(progress, note=str(note))
        self._memory.keep(progress)
        return progress

    def _take(
        self, check: EntryCheck, progress: Progress, entries: tuple[bytes, ...]
    ) -> Progress:
        with self._memory.together():
            leaves = [
                check.take(index, entry)
                for index, entry in enumerate(entries, progress.size)
            ]
            edge = progress.edge
            edge.extend(leaves)
            after = replace(
                progress, size=edge.size, peaks=edge.peaks, since=check.since
            )
            self._memory.keep(after)
        return after

    def _check_goes_on(
        self, progress: Progress, checkpoint: Checkpoint, note: Note
    ) -> None:
        """Raise Contradiction if the head cannot go on from the last one."""
        if progress.note is None:
            return
        last, _ = parse_checkpoint(progress.note)
        if checkpoint.size < last.size:
            raise Contradiction(
                f"the log shrank: it had signed {last.size} entries, and shows"
                f" {checkpoint.size}"
            )
        if checkpoint.size == last.size:
            begins = checkpoint.root
        else:
            # By the log's own tiles, which are held against the new root first: entries
            # that do not fit would only show that something is wrong, not a fork.
            begins = self._beginning(last.size, checkpoint)
        if begins != last.root:
            raise Contradiction(
                f"the log forked: of {last.size} entries it has signed the roots"
                f" {last.root.hex()} and {begins.hex()}; the signed heads are"
                f" {progress.note!r} and {str(note)!r}"
            )

    def _beginning(self, size: int, checkpoint: Checkpoint) -> bytes:
        """Return the root of the first entries in the tree that a head has signed.

        Raises Unreachable for tiles that do not lead to the head.
        """
        begins = self._log.beginning(size, checkpoint.size)
        proof = self._log.consistency(size, checkpoint.size)
        try:
            verify_consistency(size, checkpoint.size, proof, begins, checkpoint.root)
        except ProofWrong as error:
            raise Unreachable(f"{self._log.url}: its tiles: {error}") from None
        return begins

    def _check_signed(
        self,
        origin: str,
        checkpoint: Checkpoint,
        note: Note,
        log_keys: tuple[VerifierKey, ...],
    ) -> None:
        """Raise NotTrusted unless log and quorum have signed a checkpoint."""
        if checkpoint.origin != origin:
            raise NotTrusted(
                f"{self._log.url} is the log {checkpoint.origin}, not {origin}"
            )
        try:
            by_log = seals(checkpoint, note, [k for k in log_keys if k.name == origin])
            cosigned = seals(checkpoint, note, self._policy.witness_keys)
        except SignatureWrong as error:
            raise NotTrusted(str(error)) from None
        if not by_log:
            raise NotTrusted(f"no trusted key of {origin} has signed the checkpoint")
        if not self._policy.is_met(cosigned):
            raise NotTrusted("fewer witnesses than the policy's quorum have cosigned")
