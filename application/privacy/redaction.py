"""Opens personal texts for a reader, as far as their data may be worked with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from application.record.envelope import Recorded
from application.record.record import Record
from domain.personal import map_personal
from domain.privacy.data_subjects import data_subject
from domain.roles import Actor, Party, Role

RESTRICTED = "⊘"
"""Stands where a personal text is that is only kept."""

OVERSEEING = frozenset({Role.AUDITOR, Role.REGULATOR})


def opened_for(
    actor: Actor | None,
    record: Record,
    events: Sequence[Recorded],
    restricted: Collection[Party],
) -> tuple[Recorded, ...]:
    """Return events in clear; texts that this reader may not see are hidden."""
    opened = record.opened(events)
    hidden = {party for party in restricted if not may_read(actor, party)}
    if not hidden:
        return opened
    return tuple(
        replace(recorded, event=map_personal(recorded.event, lambda *_: RESTRICTED))
        if data_subject(recorded.event) in hidden
        else recorded
        for recorded in opened
    )


def may_read(actor: Actor | None, party: Party) -> bool:
    """Tell who still reads restricted data: whose it is, and who oversees."""
    if actor is None:
        return False
    return actor.role in OVERSEEING or actor.acts_as == Role(party)
