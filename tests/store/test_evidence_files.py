"""Evidence files: kept whole, sealed, and noticed when they are touched."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import replace

from application.cases.evidence_files import (
    CHECKED_BYTES,
    EvidenceFiles,
    TooLargeFile,
)
from application.cases.sealed_file import (
    CHUNK_BYTES,
    HEADER_BYTES,
    LABEL_BYTES,
    LABELLED,
    PREFIX_BYTES,
    TAG_BYTES,
    UNLABELLED,
    FileDamaged,
    Flaw,
    StoredFile,
)

KEY = uuid4()
CIPHER = AESGCM(bytes(32))
LIMIT = 100 * CHUNK_BYTES
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES]


@pytest.fixture
def files(tmp_path: Path) -> EvidenceFiles:
    return EvidenceFiles(tmp_path / "evidence")


def keep(files: EvidenceFiles, content: bytes, piece: int = 70_000) -> StoredFile:
    with files.receiving(KEY, CIPHER, LIMIT) as received:
        for start in range(0, len(content), piece):
            received.incoming.write(content[start : start + piece])
        kept = received.keep()
    assert kept.size == len(content)
    return StoredFile(
        case=uuid4(),
        version=3,
        sha256=kept.sha256,
        size=kept.size,
        key=KEY,
        sealed=kept.sealed,
    )


def kept_before(files: EvidenceFiles, content: bytes) -> StoredFile:
    """Keep a file as earlier versions have done: without a label."""
    prefix = os.urandom(PREFIX_BYTES)
    chunks: list[bytes] = []
    for start in range(0, max(1, len(content)), CHUNK_BYTES):
        last = start + CHUNK_BYTES >= len(content)
        nonce = prefix + len(chunks).to_bytes(4, "big")
        mark = b"last" if last else b"more"
        piece = content[start : start + CHUNK_BYTES]
        chunks.append(CIPHER.encrypt(nonce, piece, mark))
    digest = sha256(content).hexdigest()
    file = StoredFile(
        case=uuid4(), version=3, sha256=digest, size=len(content), key=KEY
    )
    path = files.path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(UNLABELLED + prefix + b"".join(chunks))
    return file


def flaw(files: EvidenceFiles, file: StoredFile) -> Flaw:
    """Return what is wrong with a file; nothing of it is given out before."""
    with pytest.raises(FileDamaged) as caught:
        next(files.read(file, CIPHER))
    with pytest.raises(FileDamaged):
        files.check(file, CIPHER)
    with pytest.raises(FileDamaged):
        b"".join(files.sealed(file, CIPHER))
    return caught.value.flaw


@pytest.mark.parametrize("size", SIZES)
def test_a_file_is_read_as_it_came(files: EvidenceFiles, size: int) -> None:
    content = os.urandom(size)
    for file in (keep(files, content), kept_before(files, content)):
        assert file.sha256 == sha256(content).hexdigest()
        files.check(file, CIPHER)
        assert b"".join(files.read(file, CIPHER)) == content
        assert b"".join(files.sealed(file, CIPHER)) == files.path(file).read_bytes()


def test_the_bytes_on_disk_are_sealed_and_their_digest_is_known(
    files: EvidenceFiles,
) -> None:
    file = keep(files, b"a photo of a face" * 1_000)
    there = files.path(file).read_bytes()
    assert b"face" not in there
    assert file.sealed == sha256(there).hexdigest()
    assert len(there) == HEADER_BYTES + file.size + TAG_BYTES + LABEL_BYTES


def test_nothing_stays_of_a_file_that_was_broken_off(files: EvidenceFiles) -> None:
    with (
        pytest.raises(ConnectionError),
        files.receiving(KEY, CIPHER, LIMIT) as received,
    ):
        received.incoming.write(b"half")
        raise ConnectionError
    assert list(files.folder.iterdir()) == []


def test_a_file_over_the_limit_is_refused_while_it_arrives(
    files: EvidenceFiles,
) -> None:
    with pytest.raises(TooLargeFile), files.receiving(KEY, CIPHER, 100) as received:
        for _ in range(11):
            received.incoming.write(b"0123456789")
    assert list(files.folder.iterdir()) == []


def test_the_same_file_twice_is_two_files_of_one_subject(files: EvidenceFiles) -> None:
    first, second = keep(files, b"same"), keep(files, b"same")
    assert first.sha256 == second.sha256
    assert files.count([KEY]) == 2
    # Each event has its own: one that is touched leaves the other as it was.
    files.path(first).write_bytes(b"")
    assert flaw(files, first) is Flaw.SIZE
    files.check(second, CIPHER)
    files.remove([KEY])
    assert files.count([KEY]) == 0


def test_any_touched_byte_is_noticed(files: EvidenceFiles) -> None:
    content = os.urandom(CHUNK_BYTES + 100)
    for file in (keep(files, content), kept_before(files, content)):
        path = files.path(file)
        whole = path.read_bytes()
        at = [0, 4, 5, 12, 13, 13 + CHUNK_BYTES, len(whole) - LABEL_BYTES]
        for one in (*at, len(whole) - 1):
            path.write_bytes(whole[:one] + bytes([whole[one] ^ 1]) + whole[one + 1 :])
            # A form that the other one's length does not fit is told by its length.
            assert flaw(files, file) in {Flaw.ALTERED, Flaw.SIZE}
        path.write_bytes(b"other" + whole[5:])
        assert flaw(files, file) in {Flaw.ALTERED, Flaw.SIZE}


@pytest.mark.parametrize("size", SIZES)
def test_a_file_that_was_cut_or_made_longer_is_noticed_at_once(
    files: EvidenceFiles, size: int
) -> None:
    content = os.urandom(size)
    for file in (keep(files, content), kept_before(files, content)):
        path = files.path(file)
        whole = path.read_bytes()
        for left in (0, 4, 5, 12, HEADER_BYTES, len(whole) - 1, len(whole) // 2):
            path.write_bytes(whole[:left])
            assert flaw(files, file) is Flaw.SIZE
        path.write_bytes(whole + b"x")
        assert flaw(files, file) is Flaw.SIZE


@pytest.mark.parametrize("size", [1, CHUNK_BYTES + 1])
def test_two_files_of_one_subject_and_size_that_change_places_are_noticed(
    files: EvidenceFiles, size: int
) -> None:
    for kept in (keep, kept_before):
        one, other = kept(files, os.urandom(size)), kept(files, os.urandom(size))
        aside = files.folder / "aside"
        shutil.move(files.path(one), aside)
        shutil.move(files.path(other), files.path(one))
        shutil.move(aside, files.path(other))
        assert flaw(files, one) is Flaw.OTHER
        assert flaw(files, other) is Flaw.OTHER


def test_a_label_that_is_cut_off_makes_no_file_of_before(files: EvidenceFiles) -> None:
    file = keep(files, b"what was handed in")
    whole = files.path(file).read_bytes()
    before = replace(file, sealed=None)
    cut = UNLABELLED + whole[len(LABELLED) : -LABEL_BYTES]
    files.path(before).write_bytes(cut)
    assert flaw(files, before) is Flaw.ALTERED


def test_the_same_content_sealed_again_is_not_what_the_event_says(
    files: EvidenceFiles,
) -> None:
    one, other = keep(files, b"same"), keep(files, b"same")
    shutil.copy(files.path(other), files.path(one))
    # What was handed in is there, and is given out; a bundle could not prove it.
    assert b"".join(files.read(one, CIPHER)) == b"same"
    for check in (files.check, lambda *asked: list(files.sealed(*asked))):
        with pytest.raises(FileDamaged) as caught:
            check(one, CIPHER)
        assert caught.value.flaw is Flaw.OTHER


def test_whatever_stands_in_its_place_is_an_answer(
    files: EvidenceFiles,
) -> None:
    file = keep(files, b"what was handed in")
    path = files.path(file)
    path.unlink()
    assert flaw(files, file) is Flaw.MISSING
    path.mkdir()
    assert flaw(files, file) is Flaw.UNREADABLE
    path.rmdir()
    os.mkfifo(path)
    assert flaw(files, file) is Flaw.UNREADABLE
    path.unlink()
    path.symlink_to(path)
    assert flaw(files, file) is Flaw.UNREADABLE
    shutil.rmtree(path.parent)
    path.parent.write_text("no folder")
    assert flaw(files, file) is Flaw.UNREADABLE


def test_a_large_file_that_changes_while_it_streams_never_ends_well(
    files: EvidenceFiles,
) -> None:
    content = os.urandom(CHECKED_BYTES + 3 * CHUNK_BYTES)
    for file in (keep(files, content, 1 << 20), kept_before(files, content)):
        path = files.path(file)
        whole = path.read_bytes()
        for at in (20 * CHUNK_BYTES, len(whole) - LABEL_BYTES - 1):
            path.write_bytes(whole)
            chunks = files.read(file, CIPHER)
            given = next(chunks)
            with path.open("r+b") as out:
                out.seek(at)
                out.write(bytes([whole[at] ^ 1]))
            with pytest.raises(FileDamaged):
                for chunk in chunks:
                    given += chunk
            # The last chunk is held back until all is right.
            assert len(given) < len(content)
            assert content.startswith(given)
