"""What changed in a case between two moments: events added, and fields of its state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from application.record.envelope import Recorded
from application.record.plain_values import currency_of, plain
from domain.case.dispute import Dispute
from domain.case.evolve import fold


class Change(Struct, frozen=True, kw_only=True):
    """A field of the state, as it was before and after."""

    field: str
    before: Any
    after: Any


class Difference(Struct, frozen=True, kw_only=True):
    """The events known only at the later moment, and the changes they made."""

    events: tuple[Recorded, ...]
    changes: tuple[Change, ...]


class Backwards(Exception):
    """An event was known at the earlier moment and not at the later one."""


def difference(earlier: Sequence[Recorded], later: Sequence[Recorded]) -> Difference:
    """Compare a case with itself at a later moment. Raises Backwards."""
    before, after = _versions(earlier), _versions(later)
    if not before <= after:
        raise Backwards
    added = tuple(recorded for recorded in later if recorded.version not in before)
    return Difference(events=added, changes=_changes(_state(earlier), _state(later)))


def _versions(events: Sequence[Recorded]) -> set[int]:
    return {recorded.version for recorded in events}


def _state(events: Sequence[Recorded]) -> Dispute:
    return fold(recorded.event for recorded in events)


def _changes(before: Dispute, after: Dispute) -> tuple[Change, ...]:
    names = Dispute.__struct_fields__
    # Until the earlier state has money, the later one says in which currency it is.
    currency = currency_of(before) or currency_of(after)
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return tuple(
        Change(field=name, before=plain(old, currency), after=plain(new, currency))
        for name, old, new in pairs
        if old != new
    )
