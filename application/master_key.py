"""The master keys, in a file that lives apart from the database."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)
from msgspec import Struct

KEY_BYTES = 32


class KeyFileUnusable(Exception):
    """The key file is missing or is not one."""


class MasterKeys(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every master key that wraps data keys; `current` wraps new ones.

    `digest` keys the hashes by which repeated requests are known. All are random
    256-bit keys, base64 in the file.
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
            raise KeyFileUnusable(f"master key {by!r} is not in the key file") from None


def read(path: Path) -> MasterKeys:
    """Read a key file. Raises KeyFileUnusable, naming the file and the mistake."""
    try:
        keys = msgspec.json.decode(path.read_bytes(), type=MasterKeys)
    except FileNotFoundError:
        raise KeyFileUnusable(f"{path}: there is no key file") from None
    except (OSError, msgspec.DecodeError) as error:
        raise KeyFileUnusable(f"{path}: {error}") from None
    lengths = {len(keys.digest), *map(len, keys.keys.values())}
    if keys.current not in keys.keys or lengths != {KEY_BYTES}:
        raise KeyFileUnusable(f"{path}: no current key, or one that is not 256 bits")
    return keys


def read_or_make(path: Path) -> MasterKeys:
    """Read a key file, or make one that only its owner can read."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = MasterKeys(
            current="1",
            keys={"1": secrets.token_bytes(KEY_BYTES)},
            digest=secrets.token_bytes(KEY_BYTES),
        )
        _write_once(path, msgspec.json.encode(fresh))
    return read(path)


def _write_once(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and never over another."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
