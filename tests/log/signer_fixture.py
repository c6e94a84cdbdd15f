"""A signer for tests: its key, its memory, and what it published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow

from application.jobs.status import reports
from application.log.build.batches import batch_of_size
from application.log.format.checkpoint import Checkpoint, parse_checkpoint
from application.log.format.note import Note
from application.log.format.verifier_keys import seals
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import latest
from application.log.sign.key_file import KeyFile, read_or_make
from application.log.sign.last_signed import StateFile
from application.log.sign.signer import Signer
from tests.conftest import Clock

ORIGIN = "example.com/log"


class SignerFixture:
    """A signer's key and memory, and signers that start and end on them."""

    def __init__(self, url: str, folder: Path, clock: Clock) -> None:
        self.url, self.clock, self.folder = url, clock, folder
        self.keys = read_or_make(folder / "log.json", ORIGIN, clock.now)
        self.path = folder / "state" / "signed.json"

    def start(self, **how: Any) -> Signer:
        state = StateFile(self.path)
        return Signer(self.url, self.keys, state, self.clock, **how)

    def remembered(self) -> str:
        """Return the note that was signed last."""
        last = StateFile(self.path).read()
        assert last is not None
        return last.note

    def sign(self, **how: Any) -> int:
        """Start a signer, let it do one round, and end it."""
        one = self.start(**how)
        try:
            return one.tick()
        finally:
            one.close()


def published(app: Connection[TupleRow]) -> tuple[Checkpoint, Note]:
    one = latest(app, Kind.SIGNED)
    assert one is not None
    checkpoint, note = parse_checkpoint(one.note)
    assert checkpoint.size == one.size
    return checkpoint, note


def signed(app: Connection[TupleRow], file: KeyFile) -> Checkpoint:
    """Return the published checkpoint, if all its signatures hold."""
    checkpoint, note = published(app)
    assert len(seals(checkpoint, note, file.verifiers)) == len(note.signatures) >= 2
    batch = batch_of_size(app, checkpoint.size)
    assert batch is not None
    assert batch.root == checkpoint.root
    return checkpoint


def problem(app: Connection[TupleRow]) -> str:
    return {one.part: one.problem or "" for one in reports(app)}["signer"]
