"""From facts to stored bytes and back: sealed on the way in, opened when asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from msgspec.structs import replace

from application.privacy.data_keys import KeyStore, seal, unseal
from application.record.envelope import (
    MAX_EVENT_BYTES,
    Recorded,
    decode,
    encode,
    leaf,
    topic,
)
from domain.personal import map_personal
from domain.refusals import Invalid, Problem

ERASED = "⌫"
"""Stands where a personal text was, once its key is destroyed."""


class EventCodec(Mapper[UUID]):
    """Stores facts as the JSON of their envelope, personal texts sealed."""

    def __init__(self, keys: KeyStore) -> None:
        super().__init__(transcoder=JSONTranscoder())
        self._keys = keys

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Seal and encode one fact. Raises Invalid if it is too large to store."""
        fact = cast("Recorded", domain_event)
        state = encode(self._sealed(fact))
        if len(state) > MAX_EVENT_BYTES:
            size = {"bytes": str(len(state)), "limit": str(MAX_EVENT_BYTES)}
            raise Invalid([Problem("", "event-too-large", size)])
        return StoredEvent(fact.case, fact.version, topic(fact.event), state)

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """Decode one fact; its personal texts stay sealed."""
        return decode(stored_event.state)

    def opened(self, facts: Sequence[Recorded]) -> tuple[Recorded, ...]:
        """Return facts with their personal texts in clear, or tombstones for them."""
        self._keys.load(fact.key for fact in facts if fact.key)
        return tuple(self._opened(fact) for fact in facts)

    def _opened(self, fact: Recorded) -> Recorded:
        if fact.key is None:
            return fact
        cipher, place = self._keys.cipher(fact.key), _place(fact)
        if cipher is None:
            return replace(fact, event=map_personal(fact.event, lambda *_: ERASED))
        event = map_personal(
            fact.event, lambda path, text: unseal(cipher, text, f"{place}/{path}")
        )
        return replace(fact, event=event)

    def _sealed(self, fact: Recorded) -> Recorded:
        if fact.key is None:
            return fact
        cipher, place = self._keys.cipher(fact.key), _place(fact)
        if cipher is None:
            raise LookupError(f"data key {fact.key} was destroyed")
        event = map_personal(
            fact.event, lambda path, text: seal(cipher, text, f"{place}/{path}")
        )
        return replace(fact, event=event)


def _place(fact: Recorded) -> str:
    """Name the place that sealed texts are bound to."""
    return f"{fact.case}/{fact.version}"


def chained(
    mapper: EventCodec, facts: Iterable[Any], head: bytes | None
) -> list[StoredEvent]:
    """Encode the next facts of one history, each with the hash of the one before.

    `head` is the leaf hash of the case's last stored event, None for a new case.
    """
    stored = []
    for fact in facts:
        stored.append(mapper.to_stored_event(replace(fact, prev=head)))
        head = leaf(stored[-1].state)
    return stored
