"""Checkpoints: a log's statement of its tree's size and root (C2SP tlog-checkpoint)."""

from __future__ import annotations

import re
from base64 import b64encode
from struct import pack

from msgspec import Struct

from application.log.format.note import Note, NoteMalformed, decoded, parse_note
from application.log.format.tree import HASH_BYTES

MAX_SIZE = 2**63 - 1
"""The largest size that a signed 64-bit integer holds, as in PostgreSQL and Go."""

# No leading zeros: a size has one spelling, because the text is what is signed.
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
# Keeps these signatures apart from all others that the same key could make.
_LABEL = b"subtree/v1\n\x00"


class Checkpoint(Struct, frozen=True):
    """The size and the root of a log's tree. `extensions`: further lines, if any."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the text that the log signs."""
        root = b64encode(self.root).decode()
        lines = (self.origin, str(self.size), root, *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    def cosigned_text(self, time: int) -> bytes:
        """Return the bytes that an Ed25519 cosignature of a time (POSIX) signs."""
        return f"cosignature/v1\ntime {time}\n{self.text}".encode()

    def cosigned_message(self, name: str, time: int) -> bytes:
        """Return the bytes that an ML-DSA-44 cosignature of a time (POSIX) signs.

        They do not contain the checkpoint's extension lines.
        """
        # The tree is signed as the subtree from entry 0 to its size.
        return b"".join(
            (
                _LABEL,
                _prefixed(name),
                pack(">Q", time),
                _prefixed(self.origin),
                pack(">QQ", 0, self.size),
                self.root,
            )
        )


def parse_checkpoint(content: bytes | str) -> tuple[Checkpoint, Note]:
    """Read a signed checkpoint; its signatures are unchecked. Raises NoteMalformed."""
    note = parse_note(content)
    return parse_text(note.text), note


def parse_text(text: str) -> Checkpoint:
    """Read the text of a checkpoint. Raises NoteMalformed."""
    origin, *rest = text.removesuffix("\n").split("\n")
    if len(rest) < 2 or not all((origin, *rest)):  # noqa: PLR2004 - size and root
        raise NoteMalformed("a checkpoint has an origin, a size and a root")
    size, root, *extensions = rest
    content = decoded(root)
    if len(content) != HASH_BYTES:
        raise NoteMalformed(f"the root has {len(content)} bytes, not {HASH_BYTES}")
    return Checkpoint(origin, parse_size(size), content, tuple(extensions))


def parse_size(text: str) -> int:
    """Read a tree's size. Raises NoteMalformed."""
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_SIZE:
        raise NoteMalformed(f"not a size: {text[:60]!r}")
    return int(text)


def _prefixed(text: str) -> bytes:
    content = text.encode()
    if not 0 < len(content) < 256:  # noqa: PLR2004 - the length is one byte
        raise NoteMalformed(f"a name has 1-255 bytes: {text[:60]!r}")
    return bytes([len(content)]) + content
