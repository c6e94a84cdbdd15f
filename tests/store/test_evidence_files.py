"""Evidence files: kept whole, sealed, and noticed when they are touched."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.cases.evidence_files import (
    CHUNK_BYTES,
    EvidenceFiles,
    FileDamaged,
    TooLargeFile,
)

KEY = uuid4()
CIPHER = AESGCM(bytes(32))
LIMIT = 10 * CHUNK_BYTES


@pytest.fixture
def files(tmp_path: Path) -> EvidenceFiles:
    return EvidenceFiles(tmp_path / "evidence")


def keep(files: EvidenceFiles, content: bytes, piece: int = 70_000) -> str:
    with files.receiving(KEY, CIPHER, LIMIT) as received:
        for start in range(0, len(content), piece):
            received.incoming.write(content[start : start + piece])
        kept = received.keep()
    assert kept.size == len(content)
    return kept.sha256


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES]
)
def test_a_file_is_read_as_it_came(files: EvidenceFiles, size: int) -> None:
    content = os.urandom(size)
    digest = keep(files, content)
    assert digest == sha256(content).hexdigest()
    assert b"".join(files.read(digest, KEY, CIPHER)) == content


def test_the_bytes_on_disk_are_sealed(files: EvidenceFiles) -> None:
    digest = keep(files, b"a photo of a face" * 1_000)
    assert b"face" not in files.path(digest, KEY).read_bytes()


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


def test_the_same_file_twice_is_kept_once(files: EvidenceFiles) -> None:
    assert {keep(files, b"same"), keep(files, b"same")} == {sha256(b"same").hexdigest()}
    assert len([one for one in files.folder.rglob("*") if one.is_file()]) == 1


def test_any_touched_byte_is_noticed(files: EvidenceFiles) -> None:
    digest = keep(files, os.urandom(CHUNK_BYTES + 100))
    path = files.path(digest, KEY)
    whole = path.read_bytes()
    for changed in (
        whole[:5] + b"x" + whole[6:],
        whole[:-1] + bytes([whole[-1] ^ 1]),
        whole[: 13 + CHUNK_BYTES + 16],
        whole[:13],
        whole[:13] + whole[13 + CHUNK_BYTES + 16 :],
        b"other" + whole[5:],
    ):
        path.write_bytes(changed)
        with pytest.raises(FileDamaged):
            b"".join(files.read(digest, KEY, CIPHER))
    path.unlink()
    with pytest.raises(FileDamaged, match="missing"):
        b"".join(files.read(digest, KEY, CIPHER))
