"""A bundle taken apart and put together again, honestly or not.

Written from the description of the format, not with the code under test.
"""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def taken(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put(members: Mapping[str, bytes], **how: Any) -> bytes:
    """Pack as bundles are packed: manifest first, the rest by name."""
    names = sorted(members, key=lambda name: (name != "manifest.json", name))
    return zipped([(name, members[name]) for name in names], **how)


def zipped(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in members:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = method
            archive.writestr(entry, body)
    return out.getvalue()


def forged(
    members: Mapping[str, bytes], by: Ed25519PrivateKey | None = None, **changes: Any
) -> bytes:
    """Pack with a manifest that fits: digests, and what else is changed in it.

    `by`: whoever signs that manifest. Without, the signature stays what it was.
    """
    manifest = json.loads(members["manifest.json"]) | changes
    manifest["members"] = {
        name: {"sha256": sha256(body).hexdigest(), "size": len(body)}
        for name, body in members.items()
        if name not in {"manifest.json", "manifest.sig"}
    }
    made = {**members, "manifest.json": canonical(manifest)}
    if by is not None:
        origin = manifest["checkpoint"]["origin"]
        name = f"{origin}/statements"
        made["manifest.sig"] = signed_manifest(made["manifest.json"], name, by)
    return put(made)


def signed_manifest(manifest: bytes, name: str, by: Ed25519PrivateKey) -> bytes:
    signature = by.sign(b"redress-manifest/1\n" + manifest)
    return b64encode(key_id(name, by) + signature) + b"\n"


def key_id(name: str, key: Ed25519PrivateKey) -> bytes:
    material = b"\1" + key.public_key().public_bytes_raw()
    return sha256(f"{name}\n".encode() + material).digest()[:4]


def canonical(value: Any) -> bytes:
    said = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return said.encode() + b"\n"
