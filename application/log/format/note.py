"""Signed notes: a text and the lines that sign it (C2SP signed-note)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64

from msgspec import Struct

# Short, because an id only tells which known key to verify with: a forged key with the
# same id still fails to verify.
KEY_ID_BYTES = 4
# A note comes from others, so it is bounded. The specification asks for at least 16
# signatures; one of ML-DSA-44 has 2,420 bytes.
MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 128

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+]+")
_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<blob>[A-Za-z0-9+/=]+)")


class NoteMalformed(ValueError):
    """A text is not a signed note; the message says why."""


class Signature(Struct, frozen=True):
    """A signature line: the key's name and id, and the signature's bytes."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """Return the line without its newline."""
        return f"— {self.name} {b64encode(self.key_id + self.value).decode()}"


class Note(Struct, frozen=True):
    """A text that ends in a newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        """Return the note as it is stored and sent."""
        lines = "".join(f"{one.line}\n" for one in self.signatures)
        return f"{self.text}\n{lines}"

    def signed_by(self, *more: Signature) -> Note:
        """Return the note with more signatures, at most one of each key."""
        known = {(one.name, one.key_id) for one in self.signatures}
        fresh = (one for one in more if (one.name, one.key_id) not in known)
        return Note(self.text, (*self.signatures, *fresh))


def parse_note(content: bytes | str) -> Note:
    """Read a signed note. Raises NoteMalformed."""
    text, signed = _parted(_plain(content))
    lines = signed.removesuffix("\n").split("\n")
    if not signed.endswith("\n") or len(lines) > MAX_SIGNATURES:
        raise NoteMalformed(
            f"the note has to end with 1-{MAX_SIGNATURES} signature lines"
        )
    return Note(text, tuple(map(parse_signature, lines)))


def parse_signature(line: str) -> Signature:
    """Read one signature line. Raises NoteMalformed."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise NoteMalformed(f"not a signature line: {line[:60]!r}")
    blob = decoded(found["blob"])
    if len(blob) <= KEY_ID_BYTES:
        raise NoteMalformed("a signature is too short")
    return Signature(found["name"], blob[:KEY_ID_BYTES], blob[KEY_ID_BYTES:])


def decoded(text: str) -> bytes:
    """Decode base64 in its one canonical form. Raises NoteMalformed."""
    # Python ignores bits of the last character that the content does not need, so that
    # several texts would stand for the same bytes.
    try:
        content = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        content = None
    if content is None or b64encode(content).decode() != text:
        raise NoteMalformed(f"not base64: {text[:60]!r}")
    return content


def is_key_name(name: str) -> bool:
    """Tell whether a name may stand in a signature line."""
    return _NAME.fullmatch(name) is not None and not _CONTROL.search(name)


def _plain(content: bytes | str) -> str:
    if len(content) > MAX_NOTE_BYTES:
        raise NoteMalformed(f"the note is longer than {MAX_NOTE_BYTES} bytes")
    try:
        text = content if isinstance(content, str) else content.decode()
    except UnicodeDecodeError:
        raise NoteMalformed("the note is not UTF-8") from None
    if _CONTROL.search(text):
        raise NoteMalformed("the note has a control character")
    return text


def _parted(note: str) -> tuple[str, str]:
    """Part a note at its last empty line: the text itself may have others."""
    text, blank, signed = note.rpartition("\n\n")
    if not blank:
        raise NoteMalformed("the note has no empty line before its signatures")
    return f"{text}\n", signed
