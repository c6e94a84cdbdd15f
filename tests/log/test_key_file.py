"""Key files: private, checked when they are read, and rotated in two steps."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from application.log.format.note import Note
from application.log.format.verifier_keys import (
    Algorithm,
    seals,
)
from application.log.sign.key_file import (
    LOG,
    WITNESS,
    make_key,
    read,
    read_or_make,
    write,
)
from application.log.sign.key_history import followed, rotated, without_old
from application.privacy.master_key import KeyFileUnusable
from tests.log.test_note import CHECKPOINT, NOW, keys


def test_a_key_file_is_private_and_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "log.json"
    made = read_or_make(path, "example.com/log", NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_or_make(path, "example.com/log", NOW) == made == read(path)
    with pytest.raises(KeyFileUnusable, match="not of another"):
        read_or_make(path, "another", NOW)
    with pytest.raises(KeyFileUnusable, match="does not sign here"):
        read(path, WITNESS)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda content: content[:0], "is empty"),
        (lambda content: content[:-9], "truncated"),
        (lambda content: content.replace(b'"name"', b'"nom"'), "nom"),
        (lambda content: content.replace(b"example", b"ex ample"), "no name"),
        (lambda content: content.replace(b'"algorithm":6', b'"algorithm":7'), "7"),
    ],
)
def test_a_wrong_key_file_is_named(tmp_path: Path, change: object, named: str) -> None:
    path = tmp_path / "log.json"
    with pytest.raises(KeyFileUnusable, match="no key file"):
        read(path)
    read_or_make(path, "example.com/log", NOW)
    assert callable(change)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(KeyFileUnusable, match=named) as raised:
        read(path)
    assert str(path) in str(raised.value)


def test_a_key_that_does_not_fit_its_public_half_is_named(tmp_path: Path) -> None:
    path, file = tmp_path / "log.json", keys(LOG)
    other = make_key(Algorithm.ED25519, NOW)
    mixed = replace(file.keys[0], seed=other.seed)
    write(path, replace(file, keys=(mixed, file.keys[1])))
    with pytest.raises(KeyFileUnusable, match="does not fit"):
        read(path)
    write(path, replace(file, keys=file.keys[:1]))
    with pytest.raises(KeyFileUnusable, match="for each algorithm"):
        read(path)


def test_keys_are_rotated_in_two_steps_and_old_ones_still_verify() -> None:
    first = keys(LOG)
    both = rotated(first, NOW)
    second = without_old(both)
    assert [len(one.signatures(CHECKPOINT, 1)) for one in (first, both, second)] == [
        2,
        4,
        2,
    ]
    assert all(key.seed is None for key in second.keys[:2])
    old = Note(CHECKPOINT.text, first.signatures(CHECKPOINT, 1))
    new = Note(CHECKPOINT.text, second.signatures(CHECKPOINT, 2))
    assert len(seals(CHECKPOINT, old, second.verifiers)) == 2
    assert seals(CHECKPOINT, new, first.verifiers) == ()
    trusted = followed(first.verifiers, second.endorsements)
    assert len(seals(CHECKPOINT, new, trusted)) == 2
    third = without_old(rotated(second, NOW))
    assert len(followed(first.verifiers, third.endorsements)) == 6


def test_an_endorsement_by_nobody_trusted_adds_no_key() -> None:
    ours, foreign = keys(LOG), rotated(keys(LOG), NOW)
    assert followed(ours.verifiers, foreign.endorsements) == ours.verifiers
    both = rotated(ours, NOW)
    theirs, mine = foreign.keys[2], both.keys[2]
    swapped = both.endorsements[0].replace(
        both.verifier(mine).vkey, both.verifier(theirs).vkey
    )
    assert swapped != both.endorsements[0]
    assert followed(ours.verifiers, [swapped, "nonsense", ""]) == ours.verifiers
