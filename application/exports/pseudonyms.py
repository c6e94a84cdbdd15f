"""Pseudonyms under a key: the names by which a copy of the record knows people.

Copies under two keys cannot be joined by them, and nobody without the key can tell
whom one stands for.
"""

from __future__ import annotations

import hmac
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

from application.operator_error import OperatorError
from domain.roles import CLOCK, RULES

KEY_BYTES = 32
DIGITS = 24
"""Hexadecimal digits of a pseudonym: 96 bits, so that no two people share one."""

MOST_KEPT = 200_000
_PROGRAMS = frozenset({str(CLOCK.id), str(RULES.id)})


class Pseudonyms:
    """Gives the same pseudonym for the same identifier, as long as the key is."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}

    def of(self, identifier: str) -> str:
        """Return the pseudonym of a person, a shop or an order.

        The program's own actors, the clock and the rules, keep their names.
        """
        known = self._known.get(identifier)
        if known is None:
            known = self._made(identifier)
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[identifier] = known
        return known

    @property
    def fingerprint(self) -> str:
        """Return by what the key is told from others, without telling it."""
        return hmac.digest(self._key, b"redress pseudonyms", "sha256").hex()[:16]

    def _made(self, identifier: str) -> str:
        if identifier in _PROGRAMS:
            return identifier
        digest = hmac.new(self._key, identifier.encode("utf-8"), sha256)
        return f"p-{digest.hexdigest()[:DIGITS]}"


def read_or_make_key(path: Path) -> bytes:
    """Return the key in a file of hexadecimal digits; make the file if there is none.

    Raises OperatorError for a file that is no such key.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        own = path.with_name(f"{path.name}.{os.getpid()}")
        own.touch(mode=0o600)
        own.write_text(token_bytes(KEY_BYTES).hex() + "\n", encoding="ascii")
        # Two exporters that begin at once must not have a key each, nor half of one.
        with suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return read_key(path)


def read_key(path: Path) -> bytes:
    """Return the key in a file of hexadecimal digits. Raises OperatorError."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        said = f"{path}: is no key of pseudonyms: {error}"
        raise OperatorError(said) from None
    if len(key) != KEY_BYTES:
        said = f"{path}: is no key of pseudonyms: it has {len(key)} bytes, not 32"
        raise OperatorError(said)
    return key
