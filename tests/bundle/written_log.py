"""A log of a few entries, built from RFC 6962 and C2SP, signed and co-signed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from struct import pack

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

SIGNED_AT, COSIGNED_AT = 1_772_600_000, 1_772_600_060
"""4 March 2026, about 04:53 UTC."""


class Log:
    """Its entries, and the checkpoint over them (`note`)."""

    def __init__(
        self,
        origin: str,
        entries: Sequence[bytes],
        key: Ed25519PrivateKey,
        quantum: MLDSA44PrivateKey | None = None,
    ) -> None:
        self.leaves = [sha256(b"\0" + one).digest() for one in entries]
        self.origin, self.size = origin, len(entries)
        self.root = _root(self.leaves)
        root = b64encode(self.root).decode()
        self.text = f"{origin}\n{self.size}\n{root}\n"
        self.note = f"{self.text}\n"
        material = b"\1" + key.public_key().public_bytes_raw()
        self.sign(origin, material, key.sign(self.text.encode()))
        if quantum is not None:
            self._sign_with(quantum)

    def sign(self, name: str, material: bytes, value: bytes) -> None:
        key_id = sha256(f"{name}\n".encode() + material).digest()[:4]
        self.note += f"\u2014 {name} {b64encode(key_id + value).decode()}\n"

    def _sign_with(self, key: MLDSA44PrivateKey) -> None:
        name, time = self.origin.encode(), pack(">Q", SIGNED_AT)
        prefixed = bytes([len(name)]) + name
        message = b"subtree/v1\n\0" + prefixed + time + prefixed
        message += pack(">QQ", 0, self.size) + self.root
        material = b"\6" + key.public_key().public_bytes_raw()
        self.sign(self.origin, material, time + key.sign(message))

    def cosign(self, name: str, key: Ed25519PrivateKey) -> None:
        text = f"cosignature/v1\ntime {COSIGNED_AT}\n{self.text}"
        value = pack(">Q", COSIGNED_AT) + key.sign(text.encode())
        self.sign(name, b"\4" + key.public_key().public_bytes_raw(), value)

    def proof(self, index: int) -> str:
        path = "".join(f"{b64encode(one).decode()}\n" for one in self.path(index))
        return f"c2sp.org/tlog-proof@v1\nindex {index}\n{path}\n{self.note}"

    def path(self, index: int) -> list[bytes]:
        return _path(self.leaves, index)


def _root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    left, right = _root(leaves[:split]), _root(leaves[split:])
    return sha256(b"\1" + left + right).digest()


def _path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*_path(leaves[:split], index), _root(leaves[split:])]
    return [*_path(leaves[split:], index - split), _root(leaves[:split])]


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)
