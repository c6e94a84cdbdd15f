"""Keys that ended: what they sign of a larger log counts for nothing any more."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from application.log.format.checkpoint import Checkpoint
from application.log.format.note import Note
from application.log.fsck.finding import Property
from application.log.fsck.trusted_checkpoints import Kept, Trust
from application.log.fsck.whole_record import check
from application.log.sign.key_ends import ended, ends_of, in_force
from application.log.sign.key_file import KeyFile, read_or_make
from application.log.sign.key_history import rotated
from application.log.witness.witness import Declined, Witness
from tests.conftest import Clock
from tests.log.log_fixture import LogFixture
from tests.log.signer_fixture import ORIGIN, SignerFixture
from tests.log.witness_fixture import WitnessFixture
from tests.samples import NOW
from tests.test_startup_checks import redress, said


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    """A log's keys of two generations."""
    return rotated(read_or_make(tmp_path / "keys.json", ORIGIN, NOW), NOW)


def test_newer_keys_say_where_older_ones_end(file: KeyFile) -> None:
    old, new = file.keys[:2], file.keys[2:]
    after = ended(file, old, 100)
    assert [key.seed is None for key in after.keys] == [True, True, False, False]
    ends = ends_of(file.verifiers, after.ends)
    assert ends == {file.verifier(key): 100 for key in old}
    assert in_force(file.verifiers, ends, 100) == file.verifiers
    assert in_force(file.verifiers, ends, 101) == tuple(map(file.verifier, new))


def test_no_key_ends_itself_or_is_ended_by_strangers(
    file: KeyFile, tmp_path: Path
) -> None:
    stranger = rotated(read_or_make(tmp_path / "other.json", ORIGIN, NOW), NOW)
    by_stranger = ended(stranger, stranger.keys[:2], 5).ends[0]
    ours = ended(file, file.keys[:2], 5).ends[0]
    assert ends_of(file.verifiers, [by_stranger, "nonsense", ours[:-9]]) == {}
    # Signed by the very keys that it would end.
    text = ours.split("\n\n")[0] + "\n"
    itself = Note(text, file.sign_text(text, file.keys[:2]))
    assert ends_of(file.verifiers[:2], [str(itself)]) == {}
    assert ends_of(file.verifiers, [ours, str(itself)]) != {}


def test_a_stolen_key_signs_no_larger_log(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow], clock: Clock
) -> None:
    log.tell()
    log.build()
    signer.sign()
    stolen = signer.keys
    pinned = Trust(stolen.verifiers)
    signer.keys = rotated(signer.keys, clock.now)
    signer.keys = ended(signer.keys, signer.keys.keys[:2], 17)
    log.tell()
    log.build()
    signer.sign()
    assert check(app, pinned).intact
    fork = Checkpoint(ORIGIN, 34, bytes(32))
    note = Note(fork.text, stolen.signatures(fork, 1_800_000_000))
    found = check(app, pinned, [Kept("shown to somebody", str(note))]).finding
    assert found is not None
    assert found.property is Property.SIGNATURE
    assert (
        "of 34 entries, it is signed by a key that counts up to 17 only" in found.said
    )


def test_a_witness_cosigns_nothing_that_an_ended_key_has_signed(
    witness: WitnessFixture, file: KeyFile
) -> None:
    logs = file.verifiers[:2]
    one = Witness(witness.keys, logs, witness.folder, witness.clock)
    ends = ended(file, file.keys[:2], 7).ends
    one.follow(file.endorsements, ends)
    for size, is_taken in ((7, True), (8, False)):
        checkpoint = Checkpoint(ORIGIN, size, bytes(32))
        signed = file.keys[:2]
        note = Note(
            checkpoint.text,
            tuple(
                one
                for one in file.signatures(checkpoint, 1_800_000_000)
                if one.key_id in {file.verifier(key).key_id for key in signed}
            ),
        )
        if is_taken:
            one.check_signed(checkpoint, note)
        else:
            with pytest.raises(Declined, match="no trusted key"):
                one.check_signed(checkpoint, note)


def test_the_command_revokes_a_key_if_others_are_left(tmp_path: Path, url: str) -> None:
    first = redress(tmp_path, url, "sign", "--new-key").stdout.split()[1]
    assert "--rotate first" in said(redress(tmp_path, url, "sign", "--revoke", first))
    redress(tmp_path, url, "sign", "--rotate")
    revoked = redress(tmp_path, url, "sign", "--revoke", first, "--last-size", "12")
    assert revoked.returncode == 1
    assert "only 0 entries were signed" in revoked.stderr
    revoked = redress(tmp_path, url, "sign", "--revoke", first)
    assert revoked.stdout.splitlines()[0] == f"retired {first}"
    assert revoked.stdout.count("signs ") == 3
    gone = said(redress(tmp_path, url, "sign", "--revoke", "nobody"))
    assert "the key file has no 'nobody'" in gone
