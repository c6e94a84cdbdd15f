"""The master keys, which wrap the data keys, in a file apart from the database."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)
from msgspec import Struct
from msgspec.structs import replace

from application.operator_error import OperatorError
from application.whole_files import rewrite, write_once

KEY_BYTES = 32


class KeyFileUnusable(OperatorError):
    """The key file is missing, malformed, or does not have the key that is needed."""


class MasterKeys(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The master keys by name; the one named `current` wraps new data keys.

    `digest` is the key of the hashes by which repeated requests are recognised. All are
    random 256-bit keys, in base64 in the file.
    """

    current: str
    keys: Mapping[str, bytes]
    digest: bytes

    def wrap(self, data_key: bytes) -> bytes:
        """Wrap a data key under the current master key (RFC 3394)."""
        return aes_key_wrap(self.keys[self.current], data_key)

    def unwrap(self, wrapped: bytes, by: str) -> bytes:
        """Unwrap a data key. Raises KeyFileUnusable if this file cannot."""
        try:
            return aes_key_unwrap(self.keys[by], wrapped)
        except (KeyError, InvalidUnwrap):
            raise KeyFileUnusable(
                f"master key {by!r} is not the one in the file"
            ) from None


def read(path: Path) -> MasterKeys:
    """Read a key file. Raises KeyFileUnusable, naming the mistake."""
    try:
        keys = msgspec.json.decode(path.read_bytes(), type=MasterKeys)
    except FileNotFoundError:
        raise KeyFileUnusable("there is no key file") from None
    except (OSError, msgspec.DecodeError) as error:
        raise KeyFileUnusable(str(error)) from None
    lengths = {len(keys.digest), *map(len, keys.keys.values())}
    if keys.current not in keys.keys or lengths != {KEY_BYTES}:
        raise KeyFileUnusable("has no current key, or one that is not 256 bits")
    return keys


def rotated(path: Path, keys: MasterKeys) -> MasterKeys:
    """Add a new master key to the file as the current one; the others stay.

    It is in the file before it wraps anything: data keys that it wraps would be lost
    with it.
    """
    numbers = [int(name) for name in keys.keys if name.isdigit()]
    name = str(max(numbers, default=0) + 1)
    added = {**keys.keys, name: secrets.token_bytes(KEY_BYTES)}
    fresh = replace(keys, current=name, keys=added)
    rewrite(path, msgspec.json.encode(fresh))
    return fresh


def without(path: Path, keys: MasterKeys, name: str) -> MasterKeys:
    """Remove a master key from the file; data keys that it wraps are lost for ever."""
    kept = {one: key for one, key in keys.keys.items() if one != name}
    fresh = replace(keys, keys=kept)
    rewrite(path, msgspec.json.encode(fresh))
    return fresh


def read_or_make(path: Path) -> MasterKeys:
    """Read a key file, or make one that only its owner can read."""
    if not path.exists():
        fresh = MasterKeys(
            current="1",
            keys={"1": secrets.token_bytes(KEY_BYTES)},
            digest=secrets.token_bytes(KEY_BYTES),
        )
        write_once(path, msgspec.json.encode(fresh))
    # Of several processes that make the file at the same time, one wrote it.
    return read(path)
