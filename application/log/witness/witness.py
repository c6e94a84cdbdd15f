"""A witness: cosigns checkpoints that go on from its last one (C2SP tlog-witness).

It needs no database, only keys, a policy that names the logs, and a folder to remember
its last cosigned checkpoint of each log in.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock

from msgspec import Struct

from application.log.format.checkpoint import Checkpoint, parse_checkpoint, parse_size
from application.log.format.merkle_proofs import (
    BeginsOtherwise,
    ProofWrong,
    verify_consistency,
)
from application.log.format.note import Note, NoteMalformed, Signature, decoded
from application.log.format.tree import EMPTY_ROOT
from application.log.format.verifier_keys import SignatureWrong, VerifierKey, seals
from application.log.sign.key_ends import ends_of, in_force
from application.log.sign.key_file import KeyFile
from application.log.sign.key_history import followed
from application.log.sign.last_signed import LastSigned, StateFile
from application.log.witness.fork_evidence import ForkEvidence

MAX_PROOF = 63
"""How many hashes a proof has at most (C2SP): a tree of 2**63 entries is so high."""

SIZE_TYPE = "text/x.tlog.size"


class Declined(Exception):
    """A checkpoint is not cosigned; has the status and the text to answer."""

    def __init__(self, status: int, text: str, media_type: str = "text/plain") -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.media_type = media_type


class Submission(Struct, frozen=True):
    """A checkpoint, and the proof that it goes on from a tree of the size `old`."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint
    note: Note


def submission_text(old: int, proof: Sequence[bytes], note: str) -> str:
    """Return the body of an add-checkpoint request."""
    hashes = "".join(f"{b64encode(one).decode()}\n" for one in proof)
    return f"old {old}\n{hashes}\n{note}"


def parse_submission(body: bytes) -> Submission:
    """Read the body of an add-checkpoint request. Raises NoteMalformed."""
    head, blank, note = body.partition(b"\n\n")
    if not blank:
        raise NoteMalformed("the request has no empty line before the checkpoint")
    try:
        first, *hashes = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise NoteMalformed("the request's head is not ASCII") from None
    if not first.startswith("old ") or len(hashes) > MAX_PROOF:
        raise NoteMalformed("the request begins `old <size>`, then at most 63 hashes")
    checkpoint, parsed = parse_checkpoint(note)
    old = parse_size(first.removeprefix("old "))
    return Submission(old, tuple(map(decoded, hashes)), checkpoint, parsed)


class Witness:
    """Cosigns the logs whose keys it is given, with a memory of its own for each."""

    def __init__(
        self,
        keys: KeyFile,
        logs: tuple[VerifierKey, ...],
        folder: Path,
        clock: Callable[[], datetime],
    ) -> None:
        self.keys, self._logs, self._folder = keys, logs, folder
        self._ends: Mapping[VerifierKey, int] = {}
        self._clock, self._lock = clock, Lock()
        self._evidence = ForkEvidence(folder / "evidence")
        origins = {key.name for key in logs}
        self._states = {origin: self._state(origin) for origin in sorted(origins)}

    def hold(self) -> None:
        """Keep other processes off the memory. Raises StateUnusable."""
        for state in self._states.values():
            state.hold()
            # A damaged memory is named now, not when the first request comes.
            state.read()

    def release(self) -> None:
        """Let other processes use the memory."""
        for state in self._states.values():
            state.release()

    def last(self, origin: str) -> LastSigned | None:
        """Return what was cosigned last of a log, None if nothing was."""
        return self._states[origin].read()

    def published(self, origin_hash: str) -> str | None:
        """Return a log's checkpoint cosigned last, by the SHA-256 of its origin."""
        for origin, state in self._states.items():
            if sha256(origin.encode()).hexdigest() == origin_hash:
                last = state.read()
                return last.note if last else None
        return None

    def add(self, body: bytes) -> tuple[Signature, ...]:
        """Remember and cosign a submitted checkpoint. Raises Declined.

        Raises OSError if it cannot be remembered; it is not cosigned then.
        """
        try:
            submission = parse_submission(body)
        except NoteMalformed as error:
            raise Declined(400, f"{error}\n") from None
        self.check_signed(submission.checkpoint, submission.note)
        # Comparing with the memory and writing it are one step: else a smaller
        # checkpoint, compared before a larger one was written, could be written over
        # it.
        with self._lock:
            return self._cosign(submission, body)

    def keep_fork(self, body: bytes, beginning: bytes) -> None:
        """Keep a submission whose proof goes on from another tree than was cosigned.

        `beginning` is the root that the log itself shows for the old size. Raises
        Declined, NoteMalformed or ProofWrong.
        """
        submission = parse_submission(body)
        checkpoint, last = (
            submission.checkpoint,
            self.last(submission.checkpoint.origin),
        )
        self.check_signed(checkpoint, submission.note)
        verify_consistency(
            submission.old,
            checkpoint.size,
            submission.proof,
            beginning,
            checkpoint.root,
        )
        is_same_size = last is not None and last.checkpoint.size == submission.old
        if last and is_same_size and last.checkpoint.root != beginning:
            self._evidence.keep(checkpoint, body, last)

    def follow(self, endorsements: Iterable[str], ends: Iterable[str] = ()) -> None:
        """Trust the keys that those trusted so far have endorsed, up to their ends."""
        self._logs = followed(self._logs, endorsements)
        self._ends = {**self._ends, **ends_of(self._logs, ends)}

    def check_signed(self, checkpoint: Checkpoint, note: Note) -> None:
        """Raise Declined unless the log that a checkpoint names has signed it."""
        origin = checkpoint.origin
        ours = (key for key in self._logs if key.name == origin)
        trusted = in_force(ours, self._ends, checkpoint.size)
        if not trusted:
            raise Declined(404, f"the log {origin} is not one that is witnessed here\n")
        try:
            held = seals(checkpoint, note, trusted)
        except SignatureWrong as error:
            raise Declined(403, f"{error}\n") from None
        if not held:
            raise Declined(
                403,
                f"no trusted key of {origin} has signed this; if its keys were rotated,"
                " the new ones belong into the witness's policy, beside the old\n",
            )

    def _cosign(self, submission: Submission, body: bytes) -> tuple[Signature, ...]:
        checkpoint, state = (
            submission.checkpoint,
            self._states[submission.checkpoint.origin],
        )
        last = state.read()
        seen = last.checkpoint.size if last else 0
        if submission.old > checkpoint.size:
            raise Declined(400, "the old size is larger than the checkpoint's\n")
        # Two roots of one size, both signed by the log, are a fork without any proof.
        if last and checkpoint.size == seen and checkpoint.root != last.checkpoint.root:
            self._evidence.keep(checkpoint, body, last)
        if submission.old != seen:
            raise Declined(409, f"{seen}\n", SIZE_TYPE)
        try:
            _check_goes_on(submission, last.checkpoint if last else None)
        except ProofWrong as error:
            # A proof that is just wrong says nothing about the log: anyone can make
            # one.
            if last and isinstance(error, BeginsOtherwise):
                self._evidence.keep(checkpoint, body, last)
            raise Declined(422, f"{error}\n") from None
        moment = max(int(self._clock().timestamp()), last.time if last else 0)
        cosignatures = self.keys.signatures(checkpoint, moment)
        by_log = [one for one in submission.note.signatures if self._is_of_log(one)]
        note = Note(checkpoint.text, (*by_log, *cosignatures))
        # Before the answer: a witness that forgot a cosignature that it gave out could
        # give one to a fork.
        state.write(LastSigned(note=str(note), time=moment))
        return cosignatures

    def _is_of_log(self, signature: Signature) -> bool:
        return any(key.made(signature) for key in self._logs)

    def _state(self, origin: str) -> StateFile:
        return StateFile(self._folder / f"{sha256(origin.encode()).hexdigest()}.json")


def _check_goes_on(submission: Submission, last: Checkpoint | None) -> None:
    """Raise ProofWrong unless the checkpoint begins with what was last cosigned."""
    checkpoint = submission.checkpoint
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise ProofWrong("the root of an empty tree is not the hash of nothing")
    if submission.old == 0 or last is None:
        if submission.proof:
            raise ProofWrong("from an empty tree the proof has to be empty")
        return
    verify_consistency(
        submission.old, checkpoint.size, submission.proof, last.root, checkpoint.root
    )
