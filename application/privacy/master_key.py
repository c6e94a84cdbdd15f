"""The bucket keys, which wrap the data keys, in a file apart from the database.

Every data key belongs to one of 1,024 buckets, by the first bits of its random id. An
erasure gives the buckets of the keys that it destroys new bucket keys, under which what
is left in them is wrapped again, and the file loses the old ones. Whatever copy there
is of a destroyed key's row, in a table, a log or a dump, then has no key that opens it.

Earlier versions had one master key in the file, and named the keys that it wrapped by
its number. A file that still has such keys can be read; new ones are never made.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)
from msgspec import Struct
from msgspec.structs import replace

from application.operator_error import OperatorError
from application.whole_files import write_once

KEY_BYTES = 32
NONCE_BYTES = 12
BUCKETS = 1_024
BUCKET_BITS = 10
_ID_BITS = 128

READS, READ_AGAIN_SECONDS = 3, 0.05
"""How often a file is read that was replaced, and overwritten, in that moment."""


class KeyFileUnusable(OperatorError):
    """The key file is missing, malformed, or does not have the key that is needed."""


class DataKeyUnusable(OperatorError):
    """A data key's row does not open: it was changed, or is another key's."""


class MasterKeys(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True
):
    """The content of a key file; all keys are random and of 256 bits.

    `keys` has the bucket keys by bucket and generation, such as "17.3": of each bucket,
    the one with the highest generation wraps. A name without a point is that of an
    earlier version's master key; `current` names the one that wraps, and is empty as
    soon as there are bucket keys. `digest` is the key of the hashes by which repeated
    requests are recognised.
    """

    current: str
    keys: Mapping[str, bytes]
    digest: bytes

    @cached_property
    def newest(self) -> Mapping[int, str]:
        """Return by bucket the name of the key that wraps."""
        found: dict[int, int] = {}
        for bucket, generation in filter(None, map(_parts, self.keys)):
            found[bucket] = max(generation, found.get(bucket, 0))
        return {bucket: f"{bucket}.{last}" for bucket, last in found.items()}

    @property
    def has_buckets(self) -> bool:
        """Tell whether the file has bucket keys."""
        return not self.current

    @property
    def replaced(self) -> tuple[str, ...]:
        """Return the names of keys that wrap nothing new."""
        kept = {self.current, *self.newest.values()}
        return tuple(name for name in self.keys if name not in kept)

    def wrap(self, data_key: bytes, key_id: UUID, subject: str) -> tuple[bytes, str]:
        """Wrap a data key for its row; return what it wraps to, and by which key."""
        # RFC 3394 as earlier versions wrapped, until there are bucket keys.
        if not self.has_buckets:
            return aes_key_wrap(self.keys[self.current], data_key), self.current
        by = self.newest[bucket_of(key_id)]
        nonce = os.urandom(NONCE_BYTES)
        row = _row(key_id, subject, by)
        return nonce + AESGCM(self.keys[by]).encrypt(nonce, data_key, row), by

    def unwrap(self, wrapped: bytes, by: str, key_id: UUID, subject: str) -> bytes:
        """Unwrap the data key of a row.

        Raises KeyFileUnusable if this file has no such key, or DataKeyUnusable if the
        row is not as it was written.
        """
        if by not in self.keys:
            raise KeyFileUnusable(f"the key file has no key {by!r}")
        try:
            if _parts(by) is None:
                return aes_key_unwrap(self.keys[by], wrapped)
            nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
            row = _row(key_id, subject, by)
            return AESGCM(self.keys[by]).decrypt(nonce, sealed, row)
        except (InvalidTag, InvalidUnwrap, ValueError):
            raise DataKeyUnusable(
                f"data key {key_id} does not open with key {by!r} of the file: its row"
                " was changed, or the file's key is another one"
            ) from None

    def with_new(self, buckets: Iterable[int]) -> MasterKeys:
        """Add a new key for each of some buckets; the earlier ones stay."""
        last = {bucket: _parts(name) for bucket, name in self.newest.items()}
        fresh = {
            f"{bucket}.{(last.get(bucket) or (bucket, 0))[1] + 1}": (
                secrets.token_bytes(KEY_BYTES)
            )
            for bucket in buckets
        }
        return replace(self, current="", keys={**self.keys, **fresh})

    def without(self, names: Collection[str]) -> MasterKeys:
        """Remove keys; data keys that they wrap are lost for ever."""
        kept = {name: key for name, key in self.keys.items() if name not in names}
        return replace(self, keys=kept)


def bucket_of(key_id: UUID) -> int:
    """Return the bucket that a data key belongs to."""
    return key_id.int >> (_ID_BITS - BUCKET_BITS)


def _row(key_id: UUID, subject: str, by: str) -> bytes:
    """Return what a wrapped data key is bound to: its row."""
    # The subject last: it may hold anything, and the others no line break.
    return f"redress-data-key/1\n{key_id}\n{by}\n{subject}".encode()


def _parts(name: str) -> tuple[int, int] | None:
    """Return bucket and generation of a bucket key, None for another name."""
    bucket, point, generation = name.partition(".")
    if not (point and bucket.isdecimal() and generation.isdecimal()):
        return None
    return int(bucket), int(generation)


def read(path: Path) -> MasterKeys:
    """Read a key file. Raises KeyFileUnusable, naming the mistake."""
    for _ in range(READS - 1):
        try:
            return _read(path)
        except KeyFileUnusable:
            # Opened just before it was replaced, it may have been overwritten by now.
            time.sleep(READ_AGAIN_SECONDS)
    return _read(path)


def _read(path: Path) -> MasterKeys:
    try:
        keys = msgspec.json.decode(path.read_bytes(), type=MasterKeys)
    except FileNotFoundError:
        raise KeyFileUnusable("there is no key file") from None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KeyFileUnusable(str(error)) from None
    lengths = {len(keys.digest), *map(len, keys.keys.values())}
    if lengths != {KEY_BYTES}:
        raise KeyFileUnusable("has a key that is not 256 bits")
    if keys.current and keys.current not in keys.keys:
        raise KeyFileUnusable("has no current key")
    if keys.has_buckets and (lost := set(range(BUCKETS)) - set(keys.newest)):
        raise KeyFileUnusable(f"has no key of bucket {min(lost)}")
    return keys


def made() -> MasterKeys:
    """Make new keys, which nothing is wrapped by yet."""
    digest = secrets.token_bytes(KEY_BYTES)
    return MasterKeys(current="", keys={}, digest=digest).with_new(range(BUCKETS))


def encoded(keys: MasterKeys) -> bytes:
    """Return the content of a key file."""
    return msgspec.json.encode(keys)


def read_or_make(path: Path) -> MasterKeys:
    """Read a key file, or make one that only its owner can read."""
    if not path.exists():
        write_once(path, encoded(made()))
    # Of several processes that make the file at the same time, one wrote it.
    return read(path)
