"""What changed in a case between two moments: facts added, and fields of its state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from application.record.envelope import Recorded
from domain.case.dispute import Dispute
from domain.case.evolve import fold


class Change(Struct, frozen=True, kw_only=True):
    """A field of the state, as it was before and after."""

    field: str
    before: Any
    after: Any


class Difference(Struct, frozen=True, kw_only=True):
    """Facts that the later moment knows and the earlier does not, and what they did."""

    facts: tuple[Recorded, ...]
    changes: tuple[Change, ...]


class Backwards(Exception):
    """The earlier moment knows facts that the later one does not."""


def difference(earlier: Sequence[Recorded], later: Sequence[Recorded]) -> Difference:
    """Compare a case with itself at a later moment. Raises Backwards."""
    before, after = _versions(earlier), _versions(later)
    if not before <= after:
        raise Backwards
    added = tuple(fact for fact in later if fact.version not in before)
    return Difference(facts=added, changes=_changes(_state(earlier), _state(later)))


def _versions(facts: Sequence[Recorded]) -> set[int]:
    return {fact.version for fact in facts}


def _state(facts: Sequence[Recorded]) -> Dispute:
    return fold(fact.event for fact in facts)


def _changes(before: Dispute, after: Dispute) -> tuple[Change, ...]:
    names = Dispute.__struct_fields__
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return tuple(
        Change(
            field=name, before=msgspec.to_builtins(old), after=msgspec.to_builtins(new)
        )
        for name, old, new in pairs
        if old != new
    )
