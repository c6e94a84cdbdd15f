"""How an event is written down: the envelope, its bytes and its hash.

The bytes are what is hashed, chained, proved and kept: they are made once, on append,
and never made again.
"""

from __future__ import annotations

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
"""A log entry's length is written in 16 bits (C2SP tlog-tiles)."""


class Precision(StrEnum):
    """How exactly an imported source tells when something happened.

    NOT_BEFORE: it does not tell; `at` is the last time it states before.
    """

    SECOND = "second"
    DAY = "day"
    NOT_BEFORE = "not-before"


class Imported(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From which system, and from which of its records, an event was taken.

    `zone` is where the source's own times are local.
    """

    system: str
    record: str
    zone: str
    precision: Precision = Precision.SECOND


class Envelope(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is noted of every event, in a case or beside the cases.

    `at`: when it happened; `recorded_at`: when we learnt it (both UTC). `policy`: the
    profile it was decided by. `prev`: hash of the case's previous event. `key`: the
    data key that seals the personal texts in `event`.
    """

    case: UUID
    version: int
    at: datetime
    recorded_at: datetime
    actor: Actor
    command_id: UUID
    policy: str | None = None
    prev: bytes | None = None
    key: UUID | None = None

    @property
    def originator_id(self) -> UUID:
        """Return the case or other history, as the event-sourcing library calls it."""
        return self.case

    @property
    def originator_version(self) -> int:
        """Return the version, as the event-sourcing library calls it."""
        return self.version


class Recorded(Envelope, frozen=True, kw_only=True, omit_defaults=True):
    """An event of a case in its envelope. One is one stored event."""

    imported: Imported | None = None
    event: DisputeEvent


def topic(event: Event) -> str:
    """Return the name under which an event is stored, such as "filed"."""
    return str(type(event).__struct_config__.tag)


def leaf(state: bytes) -> bytes:
    """Return the leaf hash of an event's bytes: SHA-256(0x00 || bytes), RFC 6962."""
    return sha256(b"\x00" + state).digest()


BESIDE_CASES = ("standing-", "access-")
"""Begin the topics of events about sellers' standings and of the access log's seals."""


def is_about_a_case(topic: str) -> bool:
    """Tell whether a stored event is a case's, by its topic."""
    return not topic.startswith(BESIDE_CASES)


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Recorded).decode
