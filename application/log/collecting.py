"""Collects cosignatures: asks each witness, and publishes what a quorum cosigned."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from msgspec import Struct
from msgspec.structs import replace

from application.advisory_locks import COLLECTING
from application.explained import Explained
from application.leadership import Led
from application.log.checkpoint import Checkpoint, parse_checkpoint
from application.log.fetching import SECONDS, Answer, fetch
from application.log.note import Note, NoteMalformed, Signature, parse_signature
from application.log.policy import Policy, Trusted
from application.log.published import Kind, Published, latest, publish, report
from application.log.stored_tree import StoredTree
from application.log.verifier_keys import SignatureWrong, seals
from application.log.witness import submission_text

"""Advisory lock that one collector at a time holds."""

REST_SECONDS = 2.0
WITNESS = "witness "
"""Begins the name that a witness reports under."""

CONTRADICTION = "contradiction: "
"""Begins a problem that puts the log itself in question, not the witness."""

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n?")


class Unhelpful(Explained):
    """A witness did not cosign; says why."""


class Asked(Struct, frozen=True):
    """A checkpoint that witnesses are asked to cosign."""

    checkpoint: Checkpoint
    note: Note
    published: Published


class Collector(Led):
    """Brings every new checkpoint to the witnesses of a policy that have a URL."""

    name = "witnesses"
    lock = COLLECTING

    def __init__(
        self, url: str, policy: Callable[[], Policy], seconds: float = SECONDS
    ) -> None:
        super().__init__(url)
        self._policy, self._seconds = policy, seconds
        self._seen: dict[str, int] = {}
        self._done = 0

    def take_up(self) -> None:
        """Begin with whatever is published."""
        self._done = 0

    def rest(self, done: int) -> float:
        """Leave time between two rounds: witnesses are other people's machines."""
        del done
        return REST_SECONDS

    def work(self) -> int:
        """Ask for the latest checkpoint; return 1 if a quorum has cosigned it."""
        published = latest(self.connection, Kind.SIGNED)
        if published is None or published.size <= self._done:
            return 0
        policy = self._policy()
        checkpoint, note = parse_checkpoint(published.note)
        cosigned = self._ask_all(policy, Asked(checkpoint, note, published))
        held = seals(checkpoint, cosigned, policy.witness_keys)
        if not policy.is_met(held):
            said = f"{len(held)} cosignatures are not enough for the quorum"
            report(self.connection, self.name, published.size, said)
            return 0
        if held:
            one = replace(published, note=str(cosigned))
            publish(self.connection, Kind.COSIGNED, one)
        self._done = published.size
        report(self.connection, self.name, published.size, None)
        return 1

    def _ask_all(self, policy: Policy, asked: Asked) -> Note:
        """Return the note with every cosignature that could be had."""
        places: dict[str, list[Trusted]] = {}
        for one in policy.witnesses.values():
            if one.url is not None:
                places.setdefault(one.url, []).append(one)
        with ThreadPoolExecutor(max(1, len(places))) as pool:
            answers = pool.map(lambda url: self._ask(url, places[url], asked), places)
            found = [signature for part in answers for signature in part]
        return asked.note.signed_by(*found)

    def _ask(
        self, url: str, keys: list[Trusted], asked: Asked
    ) -> tuple[Signature, ...]:
        part, size = f"{WITNESS}{keys[0].key.name}", asked.checkpoint.size
        try:
            found = self._cosignatures(url, keys, asked)
        except Explained as problem:
            report(self.connection, part, self._seen.get(url, 0), str(problem))
            return ()
        self._seen[url] = size
        report(self.connection, part, size, None)
        return found

    def _cosignatures(
        self, url: str, keys: list[Trusted], asked: Asked
    ) -> tuple[Signature, ...]:
        answer = self._submit(url, self._seen.get(url, 0), asked)
        if answer.status == HTTPStatus.CONFLICT:
            self._seen[url] = _size_seen(url, answer, asked.checkpoint.size)
            answer = self._submit(url, self._seen[url], asked)
        if answer.status != HTTPStatus.OK:
            raise Unhelpful(f"{url}: answered {answer.status} {answer.text}")
        return _verified(url, keys, asked.checkpoint, answer)

    def _submit(self, url: str, old: int, asked: Asked) -> Answer:
        new, tree = asked.checkpoint.size, StoredTree(self.connection)
        if old > new:
            raise Unhelpful(f"{url}: has seen {old} entries, more than the log's {new}")
        proof = tree.consistency(old, new) if old else []
        body = submission_text(old, proof, asked.published.note).encode()
        return fetch(f"{url}/add-checkpoint", body, self._seconds)


def _size_seen(url: str, answer: Answer, size: int) -> int:
    found = _SIZE.fullmatch(answer.content)
    if found is None:
        raise Unhelpful(f"{url}: answered 409 without a size: {answer.text}")
    seen = int(found[1])
    if seen > size:
        raise Unhelpful(
            f"{url}: has cosigned {seen} entries, the log has {size}: the log was cut,"
            " or an old backup put back"
        )
    return seen


def _verified(
    url: str, keys: list[Trusted], checkpoint: Checkpoint, answer: Answer
) -> tuple[Signature, ...]:
    """Return the cosignatures in an answer that hold; unknown ones are passed over."""
    try:
        lines = answer.content.decode().removesuffix("\n").split("\n")
        note = Note(checkpoint.text, tuple(map(parse_signature, lines)))
        held = seals(checkpoint, note, [one.key for one in keys])
    except (UnicodeDecodeError, NoteMalformed, SignatureWrong) as error:
        raise Unhelpful(f"{url}: answered what is no cosignature: {error}") from None
    if not held:
        raise Unhelpful(f"{url}: answered no cosignature of a key in the policy")
    return tuple(seal.signature for seal in held)
