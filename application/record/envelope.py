"""The envelope of a recorded event, its bytes and its hash.

The bytes are what is hashed, chained, proved and kept. They are encoded once, when the
event is appended, and never again: another version of the encoder might write others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.roles import Actor

MAX_EVENT_BYTES = 65_535
"""The log writes the length of an entry in 16 bits (C2SP tlog-tiles)."""


class Precision(StrEnum):
    """How exactly an imported source tells when something happened.

    NOT_BEFORE: it does not tell; `at` is the last time it states before. UNCLEAR: it
    tells an hour that came twice or never, because the clocks were set.
    """

    SECOND = "second"
    DAY = "day"
    NOT_BEFORE = "not-before"
    UNCLEAR = "unclear"


class Imported(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The system, and the record in it, that an event was imported from.

    `zone` is the time zone of the source's own times, `run` the import that it came
    with. `extra`: what the source says of the case beyond its events, with the first.
    """

    system: str
    record: str
    zone: str
    precision: Precision = Precision.SECOND
    run: UUID | None = None
    extra: Mapping[str, str] | None = None


class Envelope(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is stored with every event, of a case or of another history.

    `case`: the id of the history. `at`: when the event happened; `recorded_at`: when it
    was learnt (both UTC). `policy`: the profile that it was decided by; `rules`: the
    SHA-256 of that profile with all that it counts by (a rule set). `prev`: the leaf
    hash of the event before it in its history. `key`: the data key that seals the
    personal texts in `event`. `request`: the id of the HTTP request that led to it, if
    a program made that id; `trace`: where it stands in a trace (W3C `traceparent`).
    """

    # The order of the fields is that of the stored bytes. `case` has to stay the first:
    # an event begins `{"case":` and a case head of the log `{"type":`, so that neither
    # can pass for the other.
    case: UUID
    version: int
    at: datetime
    recorded_at: datetime
    actor: Actor
    command_id: UUID
    policy: str | None = None
    rules: bytes | None = None
    prev: bytes | None = None
    key: UUID | None = None
    request: str | None = None
    trace: str | None = None

    @property
    def originator_id(self) -> UUID:
        """Return the case or other history, as the event-sourcing library calls it."""
        return self.case

    @property
    def originator_version(self) -> int:
        """Return the version, as the event-sourcing library calls it."""
        return self.version


class Recorded(Envelope, frozen=True, kw_only=True, omit_defaults=True):
    """A recorded event of a case: the event in its envelope, stored as one row."""

    imported: Imported | None = None
    event: DisputeEvent


def topic(event: Event) -> str:
    """Return the name under which an event is stored, such as "filed"."""
    return str(type(event).__struct_config__.tag)


def leaf(state: bytes) -> bytes:
    """Return the leaf hash of an event's bytes: SHA-256(0x00 || bytes), RFC 6962."""
    return sha256(b"\x00" + state).digest()


BESIDE_CASES = ("standing-", "access-", "rules-", "erasure-")
"""Prefixes of the topics of sellers' standings, the access log's seals, rules, and
who asked for erasures, approved them, and when they became final."""


def is_about_a_case(topic: str) -> bool:
    """Tell by its topic whether a stored event belongs to a case."""
    return not topic.startswith(BESIDE_CASES)


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Recorded).decode
