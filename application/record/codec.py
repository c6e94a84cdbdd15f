"""Turns recorded events into stored bytes and back.

Personal texts are sealed on the way in. They stay sealed on the way out, until a reader
needs them in clear.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from msgspec.structs import replace

from application.privacy.data_keys import KeyStore
from application.privacy.sealed_texts import Opening, opening, seal, unseal
from application.record.envelope import (
    MAX_EVENT_BYTES,
    Recorded,
    decode,
    encode,
    leaf,
    topic,
)
from application.record.statements import SIZE, Sign, stated
from application.record.storable_values import check, check_reads_back
from domain.personal import map_personal
from domain.refusals import Invalid, Problem

ERASED = "⌫"
"""Stands in the place of a personal text whose key is destroyed."""


class EventCodec(Mapper[UUID]):
    """Stores an event as the JSON of its envelope, with its personal texts sealed.

    `sign` makes the statements of events; without it they have none.
    """

    def __init__(self, keys: KeyStore, sign: Sign | None = None) -> None:
        super().__init__(transcoder=JSONTranscoder())
        self._keys, self._sign = keys, sign

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Seal and encode one event.

        Raises Invalid if it is too large to store, or if it could not be read again.
        """
        recorded = cast("Recorded", domain_event)
        check(recorded)
        sealed = self._sealed(recorded)
        state = encode(sealed)
        limit = MAX_EVENT_BYTES - SIZE
        if len(state) > limit:
            size = {"bytes": str(len(state)), "limit": str(limit)}
            raise Invalid([Problem("", "event-too-large", size)])
        check_reads_back(sealed, state)
        if self._sign is not None:
            state = stated(state, self._sign)
        return StoredEvent(
            recorded.case, recorded.version, topic(recorded.event), state
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """Decode one event; its personal texts stay sealed."""
        return decode(stored_event.state)

    def opened(self, events: Sequence[Recorded]) -> tuple[Recorded, ...]:
        """Return events with their personal texts in clear; erased ones as `ERASED`."""
        # One query for the keys of a whole case, not one for each event.
        self._keys.load(recorded.key for recorded in events if recorded.key)
        return tuple(self._opened(recorded) for recorded in events)

    def openings(self, recorded: Recorded) -> dict[str, Opening]:
        """Return what an event's sealed texts say, by their paths; {} once erased."""
        cipher = None if recorded.key is None else self._keys.cipher(recorded.key)
        if cipher is None:
            return {}
        place, found = _place(recorded), dict[str, Opening]()

        def note(path: str, text: str) -> str:
            found[path] = opening(cipher, text, f"{place}/{path}")
            return text

        map_personal(recorded.event, note)
        return found

    def _opened(self, recorded: Recorded) -> Recorded:
        if recorded.key is None:
            return recorded
        cipher, place = self._keys.cipher(recorded.key), _place(recorded)
        if cipher is None:
            return replace(
                recorded, event=map_personal(recorded.event, lambda *_: ERASED)
            )
        event = map_personal(
            recorded.event, lambda path, text: unseal(cipher, text, f"{place}/{path}")
        )
        return replace(recorded, event=event)

    def _sealed(self, recorded: Recorded) -> Recorded:
        if recorded.key is None:
            return recorded
        cipher, place = self._keys.cipher(recorded.key), _place(recorded)
        if cipher is None:
            # An erasure destroyed the key after this event had been given it.
            raise LookupError(f"data key {recorded.key} was destroyed")
        event = map_personal(
            recorded.event, lambda path, text: seal(cipher, text, f"{place}/{path}")
        )
        return replace(recorded, event=event)


def _place(recorded: Recorded) -> str:
    """Return the place that an event's sealed texts are bound to.

    A sealed text that is copied to another case, version or field does not open there.
    """
    return f"{recorded.case}/{recorded.version}"


def chained(
    codec: EventCodec, events: Iterable[Any], head: bytes | None
) -> list[StoredEvent]:
    """Encode the next recorded events of one history, each with the hash of the last.

    `head` is the leaf hash of the history's last stored event, None for a new history.
    """
    stored = []
    for recorded in events:
        # `prev` is part of the bytes that are hashed, so the events are encoded in
        # turn.
        stored.append(codec.to_stored_event(replace(recorded, prev=head)))
        head = leaf(stored[-1].state)
    return stored
