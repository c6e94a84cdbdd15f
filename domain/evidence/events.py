"""Evidence and the burden of proof (4.3.2): what can happen."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.personal import Personal
from domain.roles import Party
from domain.ruling.reasons import RuleCited


class EvidenceRequested(Event, frozen=True, kw_only=True, tag="evidence-requested"):
    """A side was asked for more; its date is the later of the old and the new one."""

    number: int
    party: Party
    kinds: tuple[str, ...]
    note: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class EvidenceSubmitted(Event, frozen=True, kw_only=True, tag="evidence-submitted"):
    """A file was received; its bytes are kept under `sha256` (hex), `size` in bytes.

    `sealed` is the SHA-256 (hex) of the bytes that lie on the disk. A `draft` is seen
    by its own side only, until it is handed in. `missing`: it was imported, and its
    source did not hand the file over; `sha256` is empty if it said none.
    """

    number: int
    by: Party
    kind: str
    sha256: str
    size: int
    media_type: str
    name: Personal[str] | None = None
    note: Personal[str] | None = None
    draft: bool = False
    sealed: str | None = None
    missing: bool = False


class EvidenceHandedIn(Event, frozen=True, kw_only=True, tag="evidence-handed-in"):
    """A draft became evidence, by its party or when the time was over."""

    number: int
    by: Party


class EvidenceClosed(Event, frozen=True, kw_only=True, tag="evidence-closed"):
    """A party's time for evidence is over, since `due`, whenever it was recorded."""

    party: Party
    items: int
    deadlines: tuple[Deadline, ...] = ()
    due: datetime | None = None


class EvidenceAssessed(Event, frozen=True, kw_only=True, tag="evidence-assessed"):
    """An item was weighed and admitted, or excluded with a ground (4.3.2)."""

    number: int
    authentic: bool
    relevant: bool
    legal: bool
    admitted: bool
    ground: Personal[str] | None = None


class BurdenAssigned(Event, frozen=True, kw_only=True, tag="burden-assigned"):
    """A party has to prove first, by a rule; `why` is set if the burden was shifted."""

    party: Party
    rule: RuleCited
    why: Personal[str] | None = None


EvidenceEvent: TypeAlias = (
    EvidenceRequested
    | EvidenceSubmitted
    | EvidenceHandedIn
    | EvidenceClosed
    | EvidenceAssessed
    | BurdenAssigned
)
