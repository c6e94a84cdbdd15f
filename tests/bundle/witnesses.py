"""Witnesses that co-sign what a log has published, without a network."""

from __future__ import annotations

from pathlib import Path

from psycopg import Connection

from application.log.format.checkpoint import parse_checkpoint
from application.log.format.verifier_keys import Algorithm
from application.log.sign import key_file
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import Published, latest, publish
from application.log.sign.key_file import WITNESS, KeyFile
from tests.samples import NOW


def witness(folder: Path, name: str) -> KeyFile:
    return key_file.read_or_make(folder / f"{name}.json", name, NOW, WITNESS)


def vkey(file: KeyFile) -> str:
    """Return the Ed25519 verifier key of a log or a witness, the newest."""
    plain = {Algorithm.ED25519, Algorithm.ED25519_COSIGNATURE}
    return [one.vkey for one in file.verifiers if one.algorithm in plain][-1]


def cosign(connection: Connection[object], time: int, *witnesses: KeyFile) -> None:
    """Publish the signed checkpoint once more, with cosignatures of a time (POSIX)."""
    signed = latest(connection, Kind.SIGNED)
    assert signed is not None
    checkpoint, note = parse_checkpoint(signed.note)
    for one in witnesses:
        note = note.signed_by(*one.signatures(checkpoint, time))
    cosigned = Published(size=signed.size, note=str(note), at=signed.at)
    publish(connection, Kind.COSIGNED, cosigned)
