"""Links to a file that work without a token for a short time, as `<img src>` needs it.

A link says in sealed form (AES-GCM) which file it is for, who asked for it and why, and
until when it counts. Nobody can read, prolong or move it. What its reader may do is
asked anew each time: an erasure, a revocation or a recusal ends it at once.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from domain.roles import Role
from interface.api.on_behalf_of import OnBehalfOf
from interface.api.problems import Failure
from interface.bootstrap import System
from interface.callers.caller import Caller

LIFETIME = timedelta(minutes=5)
"""Long enough to show a page, too short to be passed on."""

_USE = b"redress/file-link/1"
_NONCE_BYTES = 12
_MOST_CHARACTERS = 2_000


class FileKind(StrEnum):
    """What a linked file came with."""

    EVIDENCE = "evidence"
    ATTACHMENT = "attachment"


class FileLink(Struct, frozen=True, kw_only=True, array_like=True):
    """What a link is for. `width` is that of a thumbnail, None for the file itself."""

    case: UUID
    kind: FileKind
    number: int
    width: int | None
    subject: str
    role: Role
    platform: str | None
    on_behalf_of: OnBehalfOf | None
    purpose: str
    made: float
    ends: float
    key_id: str | None = None

    @property
    def client(self) -> Caller:
        """Return who asked for the link."""
        return Caller(
            subject=self.subject,
            role=self.role,
            platform=self.platform,
            key_id=self.key_id,
        )


def sealed_link(system: System, link: FileLink) -> str:
    """Return a link as a part of a path."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    text = _cipher(system).encrypt(nonce, msgspec.json.encode(link), _USE)
    return base64.urlsafe_b64encode(nonce + text).decode().rstrip("=")


def opened_link(system: System, sealed: str, now: datetime) -> FileLink:
    """Return what a link is for. Raises Failure for one that is over, or is none."""
    over = Failure("link-over")
    if len(sealed) > _MOST_CHARACTERS:
        raise over
    try:
        padded = sealed + "=" * (-len(sealed) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
        text = _cipher(system).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _USE)
        link = msgspec.json.decode(text, type=FileLink)
    except (binascii.Error, ValueError, InvalidTag, msgspec.DecodeError):
        raise over from None
    if now.timestamp() >= link.ends or system.revoked.revokes_since(
        link.client, link.made
    ):
        raise over
    if link.key_id is not None and not system.tokens.holds_key(link.key_id):
        raise over
    return link


def _cipher(system: System) -> AESGCM:
    # Of the key file: every process has it, and it never leaves the machine.
    return AESGCM(hmac.digest(system.keys.master.digest, _USE, sha256))
