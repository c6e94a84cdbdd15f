"""Asks one witness to cosign a checkpoint, and judges its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from http import HTTPStatus

from msgspec import Struct
from psycopg import Connection

from application.log.build.batches import tip
from application.log.build.stored_tree import StoredTree
from application.log.format.checkpoint import Checkpoint, parse_checkpoint
from application.log.format.note import Note, NoteMalformed, Signature, parse_signature
from application.log.format.verifier_keys import SignatureWrong, VerifierKey, seals
from application.log.sign.checkpoint_store import Published, keys
from application.log.sign.key_history import followed
from application.log.witness.http_client import Answer, Unreachable, fetch
from application.log.witness.trust_policy import Trusted
from application.log.witness.witness import submission_text
from application.operator_error import OperatorError

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n?")


class Unhelpful(OperatorError):
    """A witness did not cosign; the message says why."""


class Contradicted(Unhelpful):
    """A witness shows a checkpoint that the log has signed and does not contain."""


class CosignatureRequest(Struct, frozen=True):
    """A checkpoint that witnesses are asked to cosign, and the log's own keys."""

    checkpoint: Checkpoint
    note: Note
    published: Published
    log_keys: tuple[VerifierKey, ...] = ()


class WitnessClient:
    """A witness's URL, its keys in the policy, and the size that it saw last."""

    def __init__(self, url: str, trusted: Sequence[Trusted], seconds: float) -> None:
        self.url, self.seen = url, 0
        self._keys, self._seconds = [one.key for one in trusted], seconds

    @property
    def name(self) -> str:
        """Return the witness's name."""
        return self._keys[0].name

    def cosignatures(
        self, connection: Connection[object], request: CosignatureRequest
    ) -> tuple[Signature, ...]:
        """Return the cosignatures that verify. Raises Unhelpful or Unreachable."""
        answer = self._submit(connection, request)
        # The witness has seen another size than we know of, and says which.
        if answer.status == HTTPStatus.CONFLICT:
            self.seen = self._size_seen(connection, answer, request)
            answer = self._submit(connection, request)
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            self._check_no_contradiction(connection, request)
        if answer.status != HTTPStatus.OK:
            raise Unhelpful(f"{self.url}: answered {answer.status} {answer.text}")
        found = self._verified(request.checkpoint, answer)
        self.seen = request.checkpoint.size
        return found

    def _submit(
        self, connection: Connection[object], request: CosignatureRequest
    ) -> Answer:
        old, new = self.seen, request.checkpoint.size
        if old > new:
            raise Unhelpful(
                f"{self.url}: has seen {old} entries, more than the log's {new}"
            )
        proof = StoredTree(connection).consistency(old, new) if old else []
        body = submission_text(old, proof, request.published.note).encode()
        return fetch(f"{self.url}/add-checkpoint", body, self._seconds)

    def _size_seen(
        self,
        connection: Connection[object],
        answer: Answer,
        request: CosignatureRequest,
    ) -> int:
        found = _SIZE.fullmatch(answer.content)
        if found is None:
            raise Unhelpful(f"{self.url}: answered 409 without a size: {answer.text}")
        seen, size = int(found[1]), request.checkpoint.size
        if seen > size:
            self._check_no_contradiction(connection, request)
            raise Unhelpful(
                f"{self.url}: has cosigned {seen} entries, the log has {size}: the log"
                " was cut, or an old backup put back"
            )
        return seen

    def _check_no_contradiction(
        self, connection: Connection[object], request: CosignatureRequest
    ) -> None:
        """Raise Contradicted if the witness shows that the log has signed another tree.

        The word of a witness alone does not count: with it, a witness could take any
        platform out of service.
        """
        checkpoint = self._last_cosigned(connection, request)
        if checkpoint is None:
            return
        size, there = checkpoint.size, tip(connection).size
        if size > there:
            raise Contradicted(
                f"{self.url}: has cosigned {size} entries, the log has {there}: the log"
                " was cut, or an old backup put back"
            )
        root = StoredTree(connection).root(size)
        if root != checkpoint.root:
            raise Contradicted(
                f"{self.url}: the log forked: of {size} entries it signed the root"
                f" {checkpoint.root.hex()}, and has {root.hex()}"
            )

    def _last_cosigned(
        self, connection: Connection[object], request: CosignatureRequest
    ) -> Checkpoint | None:
        """Return the witness's published checkpoint, if the log has signed it."""
        origin = request.checkpoint.origin
        path = f"{sha256(origin.encode()).hexdigest()}/checkpoint"
        history = [one.endorsement for one in keys(connection) if one.endorsement]
        try:
            answer = fetch(f"{self.url}/{path}", None, self._seconds)
            checkpoint, note = parse_checkpoint(answer.content)
            held = seals(checkpoint, note, followed(request.log_keys, history))
        except (Unreachable, NoteMalformed, SignatureWrong):
            # Then the witness has shown nothing.
            return None
        is_ours = any(seal.key.name == checkpoint.origin == origin for seal in held)
        return checkpoint if is_ours else None

    def _verified(
        self, checkpoint: Checkpoint, answer: Answer
    ) -> tuple[Signature, ...]:
        """Return the cosignatures that verify; those of unknown keys are ignored."""
        try:
            lines = answer.content.decode().removesuffix("\n").split("\n")
            note = Note(checkpoint.text, tuple(map(parse_signature, lines)))
            held = seals(checkpoint, note, self._keys)
        except (UnicodeDecodeError, NoteMalformed, SignatureWrong) as error:
            raise Unhelpful(
                f"{self.url}: the answer is no cosignature: {error}"
            ) from None
        if not held:
            raise Unhelpful(f"{self.url}: answered no cosignature of a known key")
        return tuple(seal.signature for seal in held)
