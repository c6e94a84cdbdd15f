"""Rotating the keys of a log while its signer runs, and the history that shows it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import TupleRow

from application.log.build.batches import tip
from application.log.format.verifier_keys import parse_vkey, seals
from application.log.sign.checkpoint_store import keys
from application.log.sign.key_file import KeyFileWatch, write
from application.log.sign.key_history import followed, rotated, without_old
from application.privacy.master_key import KeyFileUnusable
from tests.log.log_fixture import LogFixture
from tests.log.signer_fixture import SignerFixture, problem, published, signed


def test_a_running_signer_takes_up_keys_that_were_rotated_and_retired(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    path = signer.folder / "log.json"
    one = signer.start(changed=KeyFileWatch(path, signer.keys))
    made = signer.keys
    for change, signers in (
        (lambda file: file, 2),
        (lambda file: rotated(file, signer.clock.forward(days=1)), 4),
        (without_old, 2),
    ):
        made = change(made)
        write(path, made)
        log.tell()
        log.build()
        assert one.tick() == 1
        _, note = published(app)
        assert {one.key_id for one in note.signatures} == {
            made.verifier(key).key_id for key in made.active
        }
        assert len(note.signatures) == signers
    assert len(keys(app)) == 4
    path.write_bytes(b"")
    with pytest.raises(KeyFileUnusable, match="is empty"):
        one.tick()
    assert "is empty" in problem(app)
    write(path, replace(made, name="other.example"))
    with pytest.raises(KeyFileUnusable, match=r"became one of other\.example"):
        one.tick()
    one.close()


def test_rotated_keys_sign_on_and_their_history_is_published(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    first = signer.keys
    both = rotated(first, signer.clock.forward(days=1))
    for signer.keys in (first, both, without_old(both)):
        log.tell()
        log.build()
        assert signer.sign() == 1
        assert signed(app, both).size == tip(app).size
    checkpoint, note = published(app)
    assert seals(checkpoint, note, first.verifiers) == ()
    history = keys(app)
    assert {parse_vkey(one.vkey) for one in history} == set(both.verifiers)
    notes = [one.endorsement for one in history if one.endorsement]
    assert len(seals(checkpoint, note, followed(first.verifiers, notes))) == 2
