"""The sealed texts of a case: which there are, which are erased, what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct
from msgspec.structs import replace

from application.privacy.data_keys import KeyStore
from application.privacy.sealed_texts import is_sealed
from application.record.codec import ERASED
from application.record.envelope import Recorded
from application.record.record import Record
from domain.personal import map_personal

CLOSED = "▮▮▮"
"""Stands where a text stays sealed."""


class Redaction(Struct, frozen=True, kw_only=True):
    """A sealed text: of which version, where in its payload.

    `state`: "sealed", "opened", or "erased" once its key is destroyed.
    """

    version: int
    path: str
    state: str


class OpenedText(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a sealed text says; `sealed` is the SHA-256 (hex) of its stored form.

    `salt` proves the text by the commitment in its event. A text of an earlier version
    has none. That it says this is then the platform's statement: only the data key
    shows it, and that key would open every other case of its subject too.
    """

    version: int
    path: str
    sealed: str
    text: str
    salt: bytes | None = None


def redactions(
    events: Sequence[Recorded], keys: KeyStore, opened: Collection[int]
) -> tuple[Redaction, ...]:
    """List every sealed text of a case; `opened`: in which versions they are opened."""
    keys.load(one.key for one in events if one.key)
    return tuple(
        Redaction(version=one.version, path=path, state=state)
        for one in events
        for state in (_state(one, keys, opened),)
        for path, _ in _sealed_texts(one)
    )


def opened_texts(
    events: Sequence[Recorded], record: Record, opened: Collection[int]
) -> tuple[OpenedText, ...]:
    """List what the sealed texts of some versions say, unless they are erased."""
    return tuple(
        text for one in events if one.version in opened for text in _opened(one, record)
    )


def readable_events(
    events: Sequence[Recorded], keys: KeyStore, clear: Sequence[Recorded]
) -> tuple[Recorded, ...]:
    """Return events in clear where they are, else with marks for their sealed texts."""
    opened = {one.version: one for one in clear}
    return tuple(opened.get(one.version) or _marked(one, keys) for one in events)


def _state(recorded: Recorded, keys: KeyStore, opened: Collection[int]) -> str:
    if _cipher(recorded, keys) is None:
        return "erased"
    return "opened" if recorded.version in opened else "sealed"


def _opened(recorded: Recorded, record: Record) -> Iterator[OpenedText]:
    found = record.openings(recorded)
    for path, text in _sealed_texts(recorded):
        if path in found:
            yield OpenedText(
                version=recorded.version,
                path=path,
                sealed=sha256(text.encode()).hexdigest(),
                text=found[path].text,
                salt=found[path].salt,
            )


def _marked(recorded: Recorded, keys: KeyStore) -> Recorded:
    if recorded.key is None:
        return recorded
    mark = CLOSED if _cipher(recorded, keys) else ERASED

    def marked(_: str, text: str) -> str:
        return mark if is_sealed(text) else text

    return replace(recorded, event=map_personal(recorded.event, marked))


def _cipher(recorded: Recorded, keys: KeyStore) -> AESGCM | None:
    return None if recorded.key is None else keys.cipher(recorded.key)


def _sealed_texts(recorded: Recorded) -> Iterator[tuple[str, str]]:
    """Yield path and text, in the order of paths: that of fields could change."""
    if recorded.key is None:
        return
    found = (one for one in _texts(recorded) if is_sealed(one[1]))
    yield from sorted(found)


def _texts(recorded: Recorded) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def note(path: str, text: str) -> str:
        found.append((path, text))
        return text

    map_personal(recorded.event, note)
    return found
