"""A witness for tests: its key, its memory, and a small log for it to co-sign."""

from __future__ import annotations

from pathlib import Path

import pytest

from application.log.format.checkpoint import Checkpoint
from application.log.format.merkle_proofs import prove_consistency
from application.log.format.note import Note, Signature
from application.log.sign.key_file import LOG, WITNESS, KeyFile, read_or_make
from application.log.witness.witness import Declined, Witness, submission_text
from tests.conftest import Clock
from tests.log import oracle
from tests.log.test_note import keys as new_keys

ORIGIN = "example.com/log"
LOG_KEYS = new_keys(LOG, ORIGIN)
D = [b"entry %d" % n for n in range(64)]


def node(level: int, index: int) -> bytes:
    return oracle.mth(D[index << level : (index + 1) << level])


def signed(size: int, *, root: bytes | None = None, keys: KeyFile = LOG_KEYS) -> str:
    checkpoint = Checkpoint(keys.name, size, root or oracle.mth(D[:size]))
    return str(Note(checkpoint.text, keys.signatures(checkpoint, 1)))


def body(old: int, new: int, note: str | None = None) -> bytes:
    proof = prove_consistency(node, old, new) if 0 < old <= new else []
    return submission_text(old, proof, note or signed(new)).encode()


class WitnessFixture:
    """A witness's key and memory, and witnesses that start and end on them."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self.clock = folder, clock
        self.keys = read_or_make(folder / "key.json", "w.example", clock.now, WITNESS)

    def start(self) -> Witness:
        return Witness(self.keys, LOG_KEYS.verifiers, self.folder, self.clock)

    def add(self, content: bytes) -> tuple[Signature, ...]:
        one = self.start()
        try:
            one.hold()
            return one.add(content)
        finally:
            one.release()

    @property
    def note(self) -> str:
        last = self.start().last(ORIGIN)
        assert last is not None
        return last.note

    @property
    def size(self) -> int:
        last = self.start().last(ORIGIN)
        return last.checkpoint.size if last else 0


def declined(witness: WitnessFixture, content: bytes) -> tuple[int, str]:
    with pytest.raises(Declined) as raised:
        witness.add(content)
    return raised.value.status, raised.value.text
