"""The one door to the record: histories of events are read and appended here.

A history is a case, a seller's standing, the seals of the access log, the request and
approval of an erasure, or the erasures that became final.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from psycopg import Connection

from application.privacy.sealed_texts import Opening
from application.record.append_sql import KeyUse, insertion
from application.record.codec import EventCodec, chained
from application.record.envelope import Recorded
from application.record.recorder import LockFreeRecorder


class Record:
    """Reads histories and appends to them; what is appended never changes."""

    def __init__(self, recorder: LockFreeRecorder, codec: EventCodec) -> None:
        self._recorder = recorder
        self._codec = codec

    def read(self, history: UUID) -> Sequence[StoredEvent]:
        """Return a history's stored events, in order."""
        return self._recorder.select_events(history)

    def append(
        self,
        events: Iterable[Any],
        head: bytes | None,
        key_use: KeyUse | None = None,
    ) -> list[bytes]:
        """Append the next recorded events of one history; return their stored bytes.

        `head` is the leaf hash of the history's last event as it was read, None for a
        new history. Raises VersionTaken if somebody else has appended since, KeyTaken,
        InDoubt if the connection broke and the outcome is unknown, or Invalid for an
        event that is too large.
        """
        stored = self.encoded(events, head)
        self._recorder.insert_events(stored, key_use=key_use)
        return [event.state for event in stored]

    def encoded(self, events: Iterable[Any], head: bytes | None) -> list[StoredEvent]:
        """Seal, chain and encode the next recorded events of one history.

        For writers that append many histories in a transaction of their own.
        """
        return chained(self._codec, events, head)

    def opened(self, events: Sequence[Recorded]) -> tuple[Recorded, ...]:
        """Return events with their personal texts in clear; erased ones as `⌫`."""
        return self._codec.opened(events)

    def openings(self, recorded: Recorded) -> dict[str, Opening]:
        """Return text and salt of an event's sealed texts, by their paths."""
        return self._codec.openings(recorded)

    def key_use(self, command_id: UUID) -> KeyUse | None:
        """Return the use of an idempotency key, None if it was not used."""
        return self._recorder.key_use(command_id)

    def note_key(self, use: KeyUse) -> None:
        """Record the use of a key by a command that appends nothing.

        Raises KeyTaken, InDoubt, or OperationalError.
        """
        self._recorder.note_key(use)


def append_within(connection: Connection[Any], stored: Sequence[StoredEvent]) -> None:
    """Append encoded events in the caller's transaction. Raises UniqueViolation."""
    statement, parameters = insertion(stored, None)
    connection.execute(statement.encode(), parameters)
