"""The private keys of a signer or a witness, in a file that only its owner can read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from struct import pack

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from msgspec import Struct
from msgspec.structs import replace

from application.log.format.checkpoint import Checkpoint
from application.log.format.note import Signature, is_key_name
from application.log.format.verifier_keys import Algorithm, VerifierKey
from application.privacy.master_key import KeyFileUnusable
from application.whole_files import rewrite, write_once

SEED_BYTES = 32
LOG = (Algorithm.ED25519, Algorithm.ML_DSA_44_COSIGNATURE)
"""How a log signs: in a way that every client can check, and in one that no quantum
computer can forge."""

WITNESS = (Algorithm.ED25519_COSIGNATURE, Algorithm.ML_DSA_44_COSIGNATURE)


class Key(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key. A retired key has no seed: it verifies old signatures and makes none."""

    algorithm: Algorithm
    public: bytes
    made_at: datetime
    seed: bytes | None = None

    @property
    def private(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        """Return what signs, for whoever signs often."""
        return _private(self.algorithm, self.seed or b"")

    def sign(self, message: bytes) -> bytes:
        """Sign bytes."""
        return self.private.sign(message)


class KeyFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signer's name and all keys that it has had, the oldest first.

    `endorsements`: the signed notes in which each generation of keys names the next.
    `statements`: those in which they name the keys of the application. `ends`: those in
    which they say where older keys ended.
    """

    name: str
    keys: tuple[Key, ...]
    endorsements: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    @property
    def active(self) -> tuple[Key, ...]:
        """Return the keys that sign."""
        return tuple(key for key in self.keys if key.seed is not None)

    @property
    def verifiers(self) -> tuple[VerifierKey, ...]:
        """Return the public half of every key, retired ones included."""
        return tuple(map(self.verifier, self.keys))

    def verifier(self, key: Key) -> VerifierKey:
        """Return the public half of a key."""
        return VerifierKey(self.name, key.algorithm, key.public)

    def signatures(self, checkpoint: Checkpoint, time: int) -> tuple[Signature, ...]:
        """Sign a checkpoint with every active key, as of a time (POSIX)."""
        return tuple(self._signature(key, checkpoint, time) for key in self.active)

    def sign_text(self, text: str, keys: Iterable[Key]) -> tuple[Signature, ...]:
        """Sign a text that is no checkpoint, with the Ed25519 keys among `keys`."""
        return tuple(
            Signature(self.name, self.verifier(key).key_id, key.sign(text.encode()))
            for key in keys
            if key.algorithm is Algorithm.ED25519
        )

    def _signature(self, key: Key, checkpoint: Checkpoint, time: int) -> Signature:
        verifier = self.verifier(key)
        value = key.sign(verifier.message(checkpoint, time))
        # Plain Ed25519 signs no time; the others are sent with the time that they sign.
        if key.algorithm is not Algorithm.ED25519:
            value = pack(">Q", time) + value
        return Signature(self.name, verifier.key_id, value)


def make_key(algorithm: Algorithm, now: datetime) -> Key:
    """Make a new key."""
    seed = os.urandom(SEED_BYTES)
    public = _private(algorithm, seed).public_key().public_bytes_raw()
    return Key(algorithm=algorithm, public=public, made_at=now, seed=seed)


def read(path: Path, algorithms: tuple[Algorithm, ...] = LOG) -> KeyFile:
    """Read a key file. Raises KeyFileUnusable, naming the file and the mistake."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise KeyFileUnusable(f"{path}: there is no key file") from None
    except OSError as error:
        raise KeyFileUnusable(f"{path}: {error.strerror}") from None
    # Empty or lost, a key file is never made again by itself: nobody trusts a new key.
    if not content.strip():
        raise KeyFileUnusable(f"{path}: the key file is empty: put a copy of it back")
    try:
        file = msgspec.json.decode(content, type=KeyFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KeyFileUnusable(f"{path}: not a key file: {error}") from None
    if problem := _problem(file, algorithms):
        raise KeyFileUnusable(f"{path}: {problem}")
    return file


class KeyFileWatch:
    """A key file that other processes may change, by `redress sign --rotate`."""

    def __init__(self, path: Path, known: KeyFile) -> None:
        self._path, self._known = path, known
        self._seen: tuple[int, int] | None = None

    def __call__(self) -> KeyFile | None:
        """Return the key file if it has changed, else None. Raises KeyFileUnusable."""
        try:
            status = self._path.stat()
        except OSError as error:
            raise KeyFileUnusable(f"{self._path}: {error.strerror}") from None
        # A file that was put in the place of another has another number; one that was
        # edited, another time.
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp == self._seen:
            return None
        # A file that cannot be read is read again the next time: it counts as not seen.
        file = read(self._path)
        self._seen = stamp
        if file == self._known:
            return None
        self._known = file
        return file


def read_or_make(
    path: Path, name: str, now: datetime, algorithms: tuple[Algorithm, ...] = LOG
) -> KeyFile:
    """Read a key file, or make one that only its owner can read."""
    if not path.exists():
        if not is_key_name(name):
            raise KeyFileUnusable(f"{name!r}: a key's name has no space and no plus")
        keys = tuple(make_key(algorithm, now) for algorithm in algorithms)
        write_once(path, msgspec.json.encode(KeyFile(name=name, keys=keys)))
    file = read(path, algorithms)
    if file.name != name:
        raise KeyFileUnusable(f"{path}: is the key of {file.name}, not of {name}")
    return file


def write(path: Path, file: KeyFile) -> None:
    """Replace a key file, durably."""
    rewrite(path, msgspec.json.encode(file))


def retired(key: Key) -> Key:
    """Return a key without its seed, so that it signs nothing any more."""
    return replace(key, seed=None)


def _problem(file: KeyFile, algorithms: tuple[Algorithm, ...]) -> str | None:
    if not is_key_name(file.name):
        return f"{file.name!r} is no name for a key"
    for key in file.keys:
        if key.algorithm not in algorithms:
            return f"a key of the type {key.algorithm.name}, which does not sign here"
        if key.seed is not None and not _belongs(key):
            return f"the {key.algorithm.name} key does not fit its public half"
    if {key.algorithm for key in file.active} != set(algorithms):
        return "there is no key that signs for each algorithm"
    return None


def _belongs(key: Key) -> bool:
    if key.seed is None or len(key.seed) != SEED_BYTES:
        return False
    public = _private(key.algorithm, key.seed).public_key().public_bytes_raw()
    return public == key.public


def _private(
    algorithm: Algorithm, seed: bytes
) -> Ed25519PrivateKey | MLDSA44PrivateKey:
    if algorithm is Algorithm.ML_DSA_44_COSIGNATURE:
        return MLDSA44PrivateKey.from_seed_bytes(seed)
    return Ed25519PrivateKey.from_private_bytes(seed)
