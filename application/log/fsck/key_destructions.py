"""Holds the table of data keys against the record: none is gone without an erasure.

A key that seals texts of an event, or a bundle, has its row. One that was destroyed is
covered by an erasure that the record tells of. Only keys of bundles of other logs are
destroyed without one, when their case is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import scalar_row, tuple_row

from application.log.fsck.finding import Differs, Finding, Property
from application.privacy.data_keys import OF_BUNDLE, KeyStore
from application.privacy.key_changes import destroyed_after

BATCH = 1_000
"""How many events, bundles and keys are looked at at once."""

_EVENTS = """
SELECT notification_id, originator_id, originator_version, state FROM events
WHERE notification_id > %s ORDER BY notification_id LIMIT %s
"""
_BUNDLES = """
SELECT DISTINCT key_id, case_id FROM imported_bundles
WHERE key_id > %s ORDER BY key_id LIMIT %s
"""
# `ErasureWalk` holds these rows against the record. What it cannot tell are the keys of
# one that is not final yet: anybody could have put a row of no cases there. So the case
# in which the key seals something has to be one of its own.
_COVERED = """
SELECT DISTINCT one.key FROM unnest(%s::uuid[], %s::uuid[]) AS one (key, case_id)
JOIN (
    SELECT unnest(key_ids) AS key, final_at, case_ids FROM erasures
    WHERE recorded_at IS NOT NULL
) AS e USING (key)
WHERE e.final_at IS NOT NULL OR one.case_id IS NULL OR one.case_id = ANY(e.case_ids)
"""


class _Sealed(Struct):
    """What of an event is read: the data key that seals its texts."""

    key: UUID | None = None


_key_of = msgspec.json.Decoder(_Sealed).decode

Place = tuple[UUID, int | None]
"""A case, and the version of an event in it (None: a bundle)."""


class DestructionWalk:
    """A check of all keys, batch by batch; raises Differs for one that is gone."""

    def __init__(self, connection: Connection[Any], keys: KeyStore) -> None:
        self._connection, self._keys = connection, keys
        self._event = 0
        self._bundle = self._destroyed = UUID(int=0)

    def step(self) -> int:
        """Check a batch; return how much it was, 0 once all is checked."""
        return self._events() or self._bundles() or self._tombstones()

    def _events(self) -> int:
        rows = self._read(_EVENTS, self._event)
        named: dict[UUID, Place] = {}
        for number, case, version, state in rows:
            self._event = number
            if (key := _named(state)) is not None:
                named.setdefault(key, (case, version))
        destroyed = self._there(named)
        self._check_covered({key: named[key] for key in destroyed})
        return len(rows)

    def _bundles(self) -> int:
        rows = self._read(_BUNDLES, self._bundle)
        for key, _ in rows:
            self._bundle = key
        self._there({key: (case, None) for key, case in rows})
        return len(rows)

    def _tombstones(self) -> int:
        """Hold some destroyed keys against the erasures; most seal an event as well."""
        rows = destroyed_after(self._keys.database, self._destroyed, BATCH)
        for key, _ in rows:
            self._destroyed = key
        of_people = [key for key, subject in rows if not subject.startswith(OF_BUNDLE)]
        self._check_covered(dict.fromkeys(of_people))
        return len(rows)

    def _there(self, named: Mapping[UUID, Place]) -> set[UUID]:
        """Return those keys that are destroyed. Raises Differs if one has no row."""
        # After the events: a key is made before anything is sealed with it.
        present = self._keys.are_destroyed(named)
        if gone := named.keys() - present.keys():
            key = min(gone)
            raise _differs(key, named[key], "has no row any more")
        return {key for key, destroyed in present.items() if destroyed}

    def _check_covered(self, destroyed: Mapping[UUID, Place | None]) -> None:
        if not destroyed:
            return
        # After the keys: an erasure is recorded before it destroys any.
        if gone := destroyed.keys() - self._covered(destroyed):
            key = min(gone)
            said = "was destroyed, and the record tells of no erasure that covers it"
            raise _differs(key, destroyed[key], said)

    def _covered(self, keys: Mapping[UUID, Place | None]) -> set[UUID]:
        cases = [place[0] if place else None for place in keys.values()]
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            return set(cursor.execute(_COVERED, ([*keys], cases)).fetchall())

    def _read(self, query: str, after: int | UUID) -> list[tuple[Any, ...]]:
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(query.encode(), (after, BATCH)).fetchall()


def check_destructions(connection: Connection[Any], keys: KeyStore) -> None:
    """Check that no data key is gone without an erasure. Raises Differs."""
    walk = DestructionWalk(connection, keys)
    while walk.step():
        pass


def _named(state: bytes) -> UUID | None:
    # Bytes that are no event are named by the check of events.
    try:
        return _key_of(state).key
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _differs(key: UUID, place: Place | None, said: str) -> Differs:
    case, version = place or (None, None)
    return Differs(
        Finding(
            property=Property.KEYS,
            said=f"data key {key} {said}",
            case=case,
            version=version,
        )
    )
