"""The keys of statements: the application has them, and the log's key endorses them.

A verifier takes a statement's key that it was given, or that a trusted key of the log
has endorsed in a signed note. The database holds endorsements, and no key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import class_row

from application.log.format.note import (
    KEY_ID_BYTES,
    Note,
    NoteMalformed,
    parse_note,
)
from application.log.format.verifier_keys import (
    Algorithm,
    SignatureWrong,
    VerifierKey,
    parse_vkey,
)
from application.log.sign import key_file
from application.log.sign.key_file import KeyFile, make_key, retired

HEADING = "redress statement key"
"""The first line of an endorsement; the log's name and the keys follow, a line each."""

ALGORITHMS = (Algorithm.ED25519,)


def key_name(origin: str) -> str:
    """Return the name of the keys of a log's application."""
    return f"{origin}/statements"


class StatementKey:
    """The application's key; an older one in its file only verifies."""

    def __init__(self, file: KeyFile) -> None:
        self.file = file
        self._key = file.active[-1]
        self._id = file.verifier(self._key).key_id
        # Made once: to make it from its seed takes three times as long as to sign.
        self._private = self._key.private

    @property
    def vkey(self) -> str:
        """Return the verifier key in one line."""
        return self.file.verifier(self._key).vkey

    def sign(self, message: bytes) -> bytes:
        """Return the key's id and its signature."""
        return self._id + self._private.sign(message)

    def made(self, message: bytes, signed: bytes) -> bool:
        """Tell whether a key of the file, retired or not, has signed a message so."""
        for key in self.file.verifiers:
            if key.key_id == signed[:KEY_ID_BYTES]:
                public = Ed25519PublicKey.from_public_bytes(key.public)
                try:
                    public.verify(signed[KEY_ID_BYTES:], message)
                except InvalidSignature:
                    continue
                return True
        return False


def read(path: Path) -> KeyFile:
    """Read the file of the application's keys. Raises KeyFileUnusable."""
    return key_file.read(path, ALGORITHMS)


def read_or_make(path: Path, origin: str, now: datetime) -> KeyFile:
    """Read the file, or make one that only its owner can read."""
    return key_file.read_or_make(path, key_name(origin), now, ALGORITHMS)


def renewed(file: KeyFile, now: datetime) -> KeyFile:
    """Return the file with a new key that signs from now on; the others verify."""
    old = (retired(key) for key in file.keys)
    return replace(file, keys=(*old, make_key(Algorithm.ED25519, now)))


def endorsed(log: KeyFile, vkeys: Sequence[str]) -> KeyFile:
    """Return a log's key file with an endorsement of an application's keys.

    Keys that all keys which sign now have endorsed are left out. Raises NoteMalformed
    for what is no key of this log's application.
    """
    for vkey in vkeys:
        key = parse_vkey(vkey)
        if key.name != key_name(log.name) or key.algorithm is not Algorithm.ED25519:
            raise NoteMalformed(f"{key.name} is no key of {key_name(log.name)}")
    known = set(_endorsed_now(log))
    fresh = [vkey for vkey in vkeys if vkey not in known]
    if not fresh:
        return log
    text = "".join(f"{line}\n" for line in (HEADING, log.name, *fresh))
    note = Note(text, log.sign_text(text, log.active))
    return replace(log, statements=(*log.statements, str(note)))


def named(log: KeyFile) -> tuple[str, ...]:
    """Return the keys of the application that a log has ever endorsed."""
    return tuple(dict.fromkeys(one for note in log.statements for one in _vkeys(note)))


def _endorsed_now(log: KeyFile) -> Iterator[str]:
    """Yield the keys that whoever trusts any key that signs now trusts as well."""
    signing = {
        log.verifier(key).key_id
        for key in log.active
        if key.algorithm is Algorithm.ED25519
    }
    for note in log.statements:
        if signing <= {one.key_id for one in parse_note(note).signatures}:
            yield from _vkeys(note)


def _vkeys(note: str) -> list[str]:
    return parse_note(note).text.removesuffix("\n").split("\n")[2:]


def trusted(
    log_keys: Iterable[VerifierKey], endorsements: Iterable[str]
) -> tuple[VerifierKey, ...]:
    """Return the keys that trusted keys of a log endorse; other notes are ignored."""
    signers, found = tuple(log_keys), list[VerifierKey]()
    for content in endorsements:
        try:
            found += _endorsed(parse_note(content), signers)
        except (NoteMalformed, SignatureWrong, ValueError):
            continue
    return tuple(dict.fromkeys(found))


def _endorsed(note: Note, signers: Sequence[VerifierKey]) -> list[VerifierKey]:
    heading, origin, *vkeys = note.text.removesuffix("\n").split("\n")
    for signature in note.signatures:
        for key in signers:
            if heading == HEADING and key.name == origin and key.made(signature):
                key.verify_text(note.text, signature)
                keys = map(parse_vkey, vkeys)
                return [
                    one
                    for one in keys
                    if one.name == key_name(origin)
                    and one.algorithm is Algorithm.ED25519
                ]
    return []


class EndorsedKey(Struct, frozen=True, kw_only=True):
    """A key of statements, and the signed note in which the log endorses it."""

    vkey: str
    endorsement: str


def publish(connection: Connection[object], log: KeyFile) -> None:
    """Publish the endorsements that are not published yet."""
    for note in log.statements:
        for vkey in _vkeys(note):
            connection.execute(
                "INSERT INTO statement_keys VALUES (%s, %s) ON CONFLICT DO NOTHING",
                (vkey, note),
            )


def published(connection: Connection[object]) -> list[EndorsedKey]:
    """Return what is published, in the order of the keys."""
    with connection.cursor(row_factory=class_row(EndorsedKey)) as cursor:
        query = "SELECT vkey, endorsement FROM statement_keys ORDER BY 1, 2"
        return cursor.execute(query).fetchall()
