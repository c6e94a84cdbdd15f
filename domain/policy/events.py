"""The event of rules: what a rule set says, recorded when it is first used."""

from __future__ import annotations

from msgspec import Struct

from domain.case.event import Event


class AdoptedPart(Struct, frozen=True, kw_only=True):
    """A part of a rule set: its kind, its id, and the SHA-256 (hex) of its text."""

    kind: str
    id: str
    sha256: str


class RulesAdopted(Event, frozen=True, kw_only=True, tag="rules-adopted"):
    """A rule set is used from now on; `rules` is the SHA-256 that events name it by."""

    rules: bytes
    parts: tuple[AdoptedPart, ...]
