"""The private keys of a signer, in a file that only it can read."""

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
"""How a log signs: as every client can check, and as no quantum computer can forge."""

WITNESS = (Algorithm.ED25519_COSIGNATURE, Algorithm.ML_DSA_44_COSIGNATURE)


class Key(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One key. A retired one has lost its seed and verifies what it signed before."""

    algorithm: Algorithm
    public: bytes
    made_at: datetime
    seed: bytes | None = None

    def sign(self, message: bytes) -> bytes:
        """Sign bytes."""
        return _private(self.algorithm, self.seed or b"").sign(message)


class KeyFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signer's name and all its keys, the oldest first.

    `endorsements`: signed notes in which each generation names the next.
    """

    name: str
    keys: tuple[Key, ...]
    endorsements: tuple[str, ...] = ()

    @property
    def active(self) -> tuple[Key, ...]:
        """Return the keys that sign."""
        return tuple(key for key in self.keys if key.seed is not None)

    @property
    def verifiers(self) -> tuple[VerifierKey, ...]:
        """Return the public half of every key there has been."""
        return tuple(map(self.verifier, self.keys))

    def verifier(self, key: Key) -> VerifierKey:
        """Return the public half of a key."""
        return VerifierKey(self.name, key.algorithm, key.public)

    def signatures(self, checkpoint: Checkpoint, time: int) -> tuple[Signature, ...]:
        """Sign a checkpoint with every active key, as of a time (POSIX)."""
        return tuple(self._signature(key, checkpoint, time) for key in self.active)

    def sign_text(self, text: str, keys: Iterable[Key]) -> tuple[Signature, ...]:
        """Sign any other text with the Ed25519 keys among some."""
        return tuple(
            Signature(self.name, self.verifier(key).key_id, key.sign(text.encode()))
            for key in keys
            if key.algorithm is Algorithm.ED25519
        )

    def _signature(self, key: Key, checkpoint: Checkpoint, time: int) -> Signature:
        verifier = self.verifier(key)
        value = key.sign(verifier.message(checkpoint, time))
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
    if not content.strip():
        raise KeyFileUnusable(f"{path}: the key file is empty: put a copy of it back")
    try:
        file = msgspec.json.decode(content, type=KeyFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KeyFileUnusable(f"{path}: not a key file: {error}") from None
    if problem := _problem(file, algorithms):
        raise KeyFileUnusable(f"{path}: {problem}")
    return file


class Watched:
    """A key file that others may change: with `--rotate` or `--retire`."""

    def __init__(self, path: Path, known: KeyFile) -> None:
        self._path, self._known = path, known
        self._seen: tuple[int, int] | None = None

    def __call__(self) -> KeyFile | None:
        """Return the file if it is another than before. Raises KeyFileUnusable."""
        try:
            status = self._path.stat()
        except OSError as error:
            raise KeyFileUnusable(f"{self._path}: {error.strerror}") from None
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp == self._seen:
            return None
        found = read(self._path)
        self._seen = stamp
        if found == self._known:
            return None
        self._known = found
        return found


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
    """Put a changed key file in the place of the old one."""
    rewrite(path, msgspec.json.encode(file))


def retired(key: Key) -> Key:
    """Return a key without its seed: it signs nothing any more."""
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
