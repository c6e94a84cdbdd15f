"""What is wrong with a part of the installation."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What is wrong with a part."""

    UNORDERED = "unordered"
    OVERDUE = "overdue"
    HALTED = "halted"
    UNUSABLE = "unusable"
    PARKED = "parked"
    SKIPPED = "skipped"
    BEHIND = "behind"
    PROBLEM = "problem"
    SILENT = "silent"
    WAITS = "waits"
    READ_ONLY = "read-only"
    ENDED = "ended"
    REFUSED = "refused"
    DIFFERS = "differs"
    DAMAGED = "damaged"
    DEAD = "dead"


class Part(StrEnum):
    """The parts that are examined as a whole; a view and a job have their own names."""

    SEQUENCER = "sequencer"
    WORKER = "worker"
    LOG = "log"
    DATABASE = "database"
    CALENDAR = "calendar"
    EVIDENCE = "evidence"
    WEBHOOKS = "webhooks"
    NOTICES = "notices"


class Severity(StrEnum):
    """What a finding means: the installation is not ready, or it is worth a look.

    NOTE: nothing is wrong, and there is something to know.
    """

    UNREADY = "unready"
    WARNING = "warning"
    NOTE = "note"


class Finding(Struct, frozen=True):
    """One thing that is wrong: the part, the kind, and one line that says it."""

    part: str
    kind: Kind
    said: str
    severity: Severity = Severity.UNREADY
