"""What an API key looks like: `rk_`, its id, and 256 random bits with a checksum.

The prefix and the checksum let scanners of source code and logs find one that has got
lost, and the id lets whoever finds it revoke it.
"""

from __future__ import annotations

import hmac
import re
import secrets
import string
from zlib import crc32

PREFIX = "rk_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_ID_LENGTH = 12
_SECRET_LENGTH = 43
"""Of 62 characters each, a little more than 256 bits."""

_SUM_LENGTH = 6
_FORM = re.compile(r"rk_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}", re.ASCII)
_ID = re.compile(r"[0-9A-Za-z]{12}", re.ASCII)
_USE = b"redress/api-key/1"


def new_text() -> str:
    """Return a new key."""
    return with_checksum(f"{PREFIX}{_random(_ID_LENGTH)}_{_random(_SECRET_LENGTH)}")


def with_checksum(head: str) -> str:
    """Return a text with the checksum (CRC-32) of it."""
    number, digits = crc32(head.encode()), ""
    for _ in range(_SUM_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return head + digits


def is_key_text(text: str) -> bool:
    """Tell whether a text is one that could be a key: its form and checksum are."""
    if not _FORM.fullmatch(text):
        return False
    return text == with_checksum(text[:-_SUM_LENGTH])


def id_in(text: str) -> str:
    """Return the id in a key. It is no secret."""
    return text[len(PREFIX) :][:_ID_LENGTH]


def is_key_id(text: str) -> bool:
    """Tell whether a text could be the id of a key."""
    return _ID.fullmatch(text) is not None


def hashing_key(master: bytes) -> bytes:
    """Return the key of the hashes of keys, of a secret that the database lacks."""
    return hmac.digest(master, _USE, "sha256")


def key_digest(text: str, hashing: bytes) -> bytes:
    """Return the hash under which a key is stored.

    A slow hash protects passwords because people choose few of them. Of 256 random bits
    nobody tries enough, however fast each try is; and each request pays for the hash.
    """
    return hmac.digest(hashing, text.encode(), "sha256")


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
