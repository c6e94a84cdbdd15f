"""Evidence and the burden of proof (4.3.2): what can be asked."""

from __future__ import annotations

from domain.case.command import Command
from domain.roles import Party
from domain.ruling.reasons import RuleCited


class RequestEvidence(Command, frozen=True, kw_only=True):
    """Ask one side, or BOTH, for evidence of certain kinds (4.3.2)."""

    party: Party
    kinds: tuple[str, ...]
    note: str | None = None


class SubmitEvidence(Command, frozen=True, kw_only=True):
    """Add a file that has been received, hashed and sealed (4.3.2)."""

    kind: str
    sha256: str
    size: int
    media_type: str
    name: str | None = None
    note: str | None = None
    draft: bool = False
    sealed: str | None = None


class HandInEvidence(Command, frozen=True, kw_only=True):
    """Turn a draft into evidence."""

    number: int


class AssessEvidence(Command, frozen=True, kw_only=True):
    """Weigh an item: authentic, relevant, legal; exclude it with a ground (4.3.2)."""

    number: int
    authentic: bool
    relevant: bool
    legal: bool
    ground: str | None = None


class AssignBurden(Command, frozen=True, kw_only=True):
    """Shift the burden of proof, by a rule and with a reason (4.3.2)."""

    party: Party
    rule: RuleCited
    why: str
