"""Statements: the application signs each event with a key the database does not have.

Whoever can write to the database can add an event that chains, is sequenced, and is
signed by the log like any other. It has no statement, though: only the application's
key makes one. A statement says that this program appended exactly these bytes.

It is the last field of the stored bytes, so that it can be cut out without reading
JSON. The hashes of ledger, chain and log are over the bytes with it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Protocol

HEADING = b"redress-statement/1\n"
"""Goes before an event's bytes in what is signed, which nothing else can be mistaken
for."""

Sign = Callable[[bytes], bytes]
"""Returns the id of the key (4 bytes) and its signature (64 bytes) of a message."""


class ApplicationKey(Protocol):
    """The application's key: it makes statements, and knows its own."""

    def sign(self, message: bytes) -> bytes:
        """Return the key's id and its signature, as `Sign` does."""

    def made(self, message: bytes, signed: bytes) -> bool:
        """Tell whether it, or one before it, has signed a message so."""


SIGNED_BYTES = 68
_BEGINS, _ENDS = b',"statement":"', b'"}'
_TEXT_BYTES = 92
SIZE = len(_BEGINS) + _TEXT_BYTES + len(_ENDS) - 1
"""How many bytes a statement adds to an event."""


def stated(state: bytes, sign: Sign) -> bytes:
    """Return an event's bytes with a statement about them."""
    return state[:-1] + _BEGINS + b64encode(sign(HEADING + state)) + _ENDS


def is_stated(state: bytes, key: ApplicationKey) -> bool:
    """Tell whether the application has appended an event of these bytes."""
    message, signed = parted(state)
    return signed is not None and key.made(message, signed)


def parted(state: bytes) -> tuple[bytes, bytes | None]:
    """Return what a statement signs, and its key id and signature: None without one.

    The last field of an event's own is an object, so that no other bytes end so.
    """
    begin = len(state) - len(_BEGINS) - _TEXT_BYTES - len(_ENDS)
    if begin < 0 or not state.endswith(_ENDS) or not state.startswith(_BEGINS, begin):
        return HEADING + state, None
    text = state[begin + len(_BEGINS) : -len(_ENDS)]
    message = HEADING + state[:begin] + b"}"
    try:
        signed = b64decode(text, validate=True)
    except ValueError:
        signed = b""
    # One form only: other bytes that decode alike would be another event's.
    return message, signed if b64encode(signed) == text else b""
