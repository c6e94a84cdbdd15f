"""The sealed texts of a case: which there are, which are erased, what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from application.privacy.data_keys import SEALED, KeyStore
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


class Opened(Struct, frozen=True, kw_only=True):
    """What a sealed text says; `sealed` is the SHA-256 (hex) of its stored form.

    That the two belong together is the platform's statement: only the data key shows
    it, and that key would open every other case of its subject too.
    """

    version: int
    path: str
    sealed: str
    text: str


def redactions(
    facts: Sequence[Recorded], keys: KeyStore, opened: Collection[int]
) -> tuple[Redaction, ...]:
    """List every sealed text of a case; `opened`: in which versions they are opened."""
    keys.load(fact.key for fact in facts if fact.key)
    return tuple(
        Redaction(version=fact.version, path=path, state=state)
        for fact in facts
        for state in (_state(fact, keys, opened),)
        for path, _ in _sealed_texts(fact)
    )


def _state(fact: Recorded, keys: KeyStore, opened: Collection[int]) -> str:
    if _cipher(fact, keys) is None:
        return "erased"
    return "opened" if fact.version in opened else "sealed"


def opened_texts(
    facts: Sequence[Recorded],
    record: Record,
    keys: KeyStore,
    opened: Collection[int],
) -> tuple[Opened, ...]:
    """Open every sealed text of some versions whose key there is."""
    facts = [fact for fact in facts if fact.version in opened]
    clear = record.opened(facts)
    return tuple(
        Opened(
            version=fact.version,
            path=path,
            sealed=sha256(text.encode()).hexdigest(),
            text=said[path],
        )
        for fact, open_one in zip(facts, clear, strict=True)
        if _cipher(fact, keys)
        for said in (dict(_texts(open_one)),)
        for path, text in _sealed_texts(fact)
    )


def readable(
    facts: Sequence[Recorded],
    record: Record,
    keys: KeyStore,
    opened: Collection[int],
) -> tuple[Recorded, ...]:
    """Return facts with texts in clear, or a mark where they are sealed or erased."""
    clear = record.opened([fact for fact in facts if fact.version in opened])
    said = {fact.version: fact for fact in clear}
    return tuple(
        said[fact.version] if fact.version in said else _closed(fact, keys)
        for fact in facts
    )


def _closed(fact: Recorded, keys: KeyStore) -> Recorded:
    if fact.key is None:
        return fact
    return _marked(fact, CLOSED if _cipher(fact, keys) else ERASED)


def _marked(fact: Recorded, mark: str) -> Recorded:
    def marked(_: str, text: str) -> str:
        return mark if text.startswith(SEALED) else text

    return replace(fact, event=map_personal(fact.event, marked))


def _cipher(fact: Recorded, keys: KeyStore) -> Any:
    return None if fact.key is None else keys.cipher(fact.key)


def _sealed_texts(fact: Recorded) -> Iterator[tuple[str, str]]:
    if fact.key is None:
        return
    found = (one for one in _texts(fact) if one[1].startswith(SEALED))
    yield from sorted(found)


def _texts(fact: Recorded) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def note(path: str, text: str) -> str:
        found.append((path, text))
        return text

    map_personal(fact.event, note)
    return found
