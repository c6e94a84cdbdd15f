"""A finding: the first difference that a check has found."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Property(StrEnum):
    """The property of the record that does not hold.

    BYTES: an event's bytes are those that the ledger has the hash of. ENVELOPE: they
    say the case, version and kind under which they are stored. CHAIN: they have the
    hash of the event before. LEDGER: every event has its position, and every position
    its event. LOG: the entries are those that the tree was built over. HEAD: a case is
    as long as the log says. TREE: the root is the one that was signed. SIGNATURE: a
    trusted key has signed it. TIME: no event is older than a checkpoint that does not
    cover it. ACCESS: the access log's entries follow one another, and none is missing
    that a seal in the record covers. STATEMENT: the application has signed the event.
    ORDER: the lifecycle allows the event where the case stands. RULES: those that the
    event names were adopted before, and their texts are what was adopted. GRANTS: they
    are those that the access log tells of. ERASURES: they are as the record says. KEYS:
    each data key opens in its row, and none is gone without an erasure.
    """

    BYTES = "bytes"
    ENVELOPE = "envelope"
    CHAIN = "chain"
    LEDGER = "ledger"
    LOG = "log"
    HEAD = "head"
    TREE = "tree"
    SIGNATURE = "signature"
    TIME = "time"
    ACCESS = "access-log"
    STATEMENT = "statement"
    ORDER = "order"
    RULES = "rules"
    GRANTS = "grants"
    ERASURES = "erasures"
    KEYS = "data-keys"


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A difference: the property that does not hold, where, and the words for it."""

    property: Property
    said: str
    case: UUID | None = None
    version: int | None = None
    position: int | None = None
    index: int | None = None
    expected: str | None = None
    got: str | None = None

    def __str__(self) -> str:
        """Return the finding in one line."""
        places = (
            ("case", self.case),
            ("version", self.version),
            ("position", self.position),
            ("log entry", self.index),
        )
        place = ", ".join(f"{name} {at}" for name, at in places if at is not None)
        text = f"{self.property}: {place + ': ' if place else ''}{self.said}"
        if self.expected is None:
            return text
        return f"{text}: expected {self.expected}, got {self.got}"


class Differs(Exception):
    """The record is not what was signed; has the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding
