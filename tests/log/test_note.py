"""Notes, keys and checkpoints: the examples of C2SP, and what is refused."""

from __future__ import annotations

import base64
import struct
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from msgspec.structs import replace

from application.log.format.checkpoint import Checkpoint, parse_checkpoint
from application.log.format.note import Note, NoteMalformed, parse_note
from application.log.format.verifier_keys import (
    Algorithm,
    SignatureWrong,
    parse_vkey,
    seals,
)
from application.log.sign.key_file import (
    LOG,
    WITNESS,
    KeyFile,
    make_key,
)

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CHECKPOINT = Checkpoint("example.com/log", 7, sha256(b"seven").digest())

# The example in C2SP's signed-note.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""  # noqa: E501 - one line of the specification

# The example in C2SP's tlog-cosignature; its keys are not published with it.
COSIGNED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501 - lines of the specification


def keys(algorithms: tuple[Algorithm, ...], name: str = "example.com/log") -> KeyFile:
    made = tuple(make_key(one, NOW) for one in algorithms)
    return KeyFile(name=name, keys=made)


def test_the_published_example_verifies() -> None:
    key, note = parse_vkey(EXAMPLE_KEY), parse_note(EXAMPLE)
    assert key.vkey == EXAMPLE_KEY
    assert str(note) == EXAMPLE
    assert key.made(note.signatures[0])
    key.verify_text(note.text, note.signatures[0])
    with pytest.raises(SignatureWrong, match=r"example\.com/foo"):
        key.verify_text(note.text + "!\n", note.signatures[0])


def test_the_published_checkpoint_is_read_as_it_stands() -> None:
    checkpoint, note = parse_checkpoint(COSIGNED)
    assert (checkpoint.origin, checkpoint.size) == (
        "example.com/behind-the-sofa",
        20_852_163,
    )
    assert checkpoint.text == note.text
    assert str(note) == COSIGNED
    (time,) = struct.unpack(">Q", note.signatures[1].value[:8])
    expected = "cosignature/v1\ntime 1679315147\n" + checkpoint.text
    assert checkpoint.cosigned_text(time) == expected.encode()


def test_signatures_are_over_the_bytes_that_the_specification_names() -> None:
    name, time = "w.example/1", 1_700_000_000
    log, witness = keys(LOG), keys(WITNESS, name)
    plain, post_quantum = log.signatures(CHECKPOINT, time)
    cosigned, witnessed = witness.signatures(CHECKPOINT, time)

    def check_ed25519(file: KeyFile, value: bytes, message: bytes) -> None:
        public = Ed25519PublicKey.from_public_bytes(file.keys[0].public)
        public.verify(value, message)

    def check_ml_dsa(file: KeyFile, value: bytes) -> None:
        told = struct.pack(">Q", time)
        origin, cosigner = CHECKPOINT.origin.encode(), file.name.encode()
        message = b"subtree/v1\n\0" + bytes([len(cosigner)]) + cosigner + told
        message += bytes([len(origin)]) + origin
        message += struct.pack(">QQ", 0, 7) + CHECKPOINT.root
        assert value[:8] == told
        public = MLDSA44PublicKey.from_public_bytes(file.keys[1].public)
        public.verify(value[8:], message)

    root = base64.b64encode(CHECKPOINT.root).decode()
    text = f"example.com/log\n7\n{root}\n"
    check_ed25519(log, plain.value, text.encode())
    check_ed25519(
        witness,
        cosigned.value[8:],
        f"cosignature/v1\ntime {time}\n{text}".encode(),
    )
    check_ml_dsa(log, post_quantum.value)
    check_ml_dsa(witness, witnessed.value)
    assert (
        plain.key_id
        == sha256(b"example.com/log\n\x01" + log.keys[0].public).digest()[:4]
    )
    assert (
        witnessed.key_id
        == sha256(b"w.example/1\n\x06" + witness.keys[1].public).digest()[:4]
    )


@pytest.mark.parametrize("algorithms", [LOG, WITNESS])
def test_what_is_signed_verifies_and_nothing_else(
    algorithms: tuple[Algorithm, ...],
) -> None:
    file = keys(algorithms)
    note = Note(CHECKPOINT.text, file.signatures(CHECKPOINT, 9))
    again, parsed = parse_checkpoint(str(note).encode())
    held = seals(again, parsed, file.verifiers)
    assert [one.key.algorithm for one in held] == list(algorithms)
    assert [one.time for one in held] == [
        None if one is Algorithm.ED25519 else 9 for one in algorithms
    ]
    assert seals(again, parsed, keys(algorithms).verifiers) == ()
    for change in (
        replace(again, size=8),
        replace(again, root=bytes(32)),
        replace(again, origin="example.com/logs"),
    ):
        for verifier in file.verifiers:
            with pytest.raises(SignatureWrong):
                seals(change, parsed, [verifier])


def test_a_time_of_a_cosignature_cannot_be_changed() -> None:
    file = keys(WITNESS)
    for signature in file.signatures(CHECKPOINT, 1_000):
        moved = replace(signature, value=struct.pack(">Q", 999) + signature.value[8:])
        with pytest.raises(SignatureWrong):
            seals(CHECKPOINT, Note(CHECKPOINT.text, (moved,)), file.verifiers)


ROOT = base64.b64encode(bytes(32)).decode()
SIGNED = "— k AAAAAAAA\n"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "text",
        "text\n",
        "text\n\n",
        f"o\n1\n{ROOT}\n",
        f"o\n1\n{ROOT}\n\n— k AAAA\n",
        f"o\n1\n{ROOT}\n\n- k AAAAAAAA\n",
        f"o\n1\n{ROOT}\n\n— k+k AAAAAAAA\n",
        f"o\n1\n{ROOT}\n\n— k AAAAAAAA",
        f"o\n1\n{ROOT}\n\n— k AAAAAAA=\n\n",
        f"o\n1\n{ROOT}\n\n— k AAAAAAB=\n",
        f"o\n01\n{ROOT}\n\n{SIGNED}",
        f"o\n-1\n{ROOT}\n\n{SIGNED}",
        f"o\n1.0\n{ROOT}\n\n{SIGNED}",
        f"o\n٣\n{ROOT}\n\n{SIGNED}",
        f"o\n{'9' * 19}\n{ROOT}\n\n{SIGNED}",
        f"o\n1\n{ROOT[:-4]}\n\n{SIGNED}",
        f"o\n1\n\n\n{SIGNED}",
        f"\n1\n{ROOT}\n\n{SIGNED}",
        f"o\n1\n{ROOT}\n\nx\n\n{SIGNED}",
        f"o\r\n1\n{ROOT}\n\n{SIGNED}",
        f"o\n1\n{ROOT}\n\n{SIGNED * 200}",
        "x" * 2_000_000,
        b"o\n1\n\xff\n\n",
        b"\x00" * 100,
    ],
)
def test_what_is_no_checkpoint_is_refused(content: str | bytes) -> None:
    with pytest.raises(NoteMalformed):
        parse_checkpoint(content)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "a+b+c",
        EXAMPLE_KEY.replace("530d903a", "530d903b"),
        EXAMPLE_KEY[:-4],
        EXAMPLE_KEY.replace("foo", "bar"),
        EXAMPLE_KEY.replace("+Aek", "+Cek"),
        " " + EXAMPLE_KEY,
    ],
)
def test_what_is_no_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteMalformed):
        parse_vkey(vkey)
