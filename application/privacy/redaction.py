"""Opens personal texts for a reader, except those whose use is restricted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from application.record.envelope import Recorded
from application.record.record import Record
from domain.personal import map_personal
from domain.privacy.data_subjects import data_subject
from domain.roles import Actor, Party, Role

RESTRICTED = "⊘"
"""Stands in the place of a personal text whose use is restricted."""

OVERSEEING = frozenset({Role.AUDITOR, Role.REGULATOR})


def opened_for(
    actor: Actor | None,
    record: Record,
    events: Sequence[Recorded],
    restricted: Collection[Party],
) -> tuple[Recorded, ...]:
    """Return events with texts in clear; those this reader may not see as `RESTRICTED`.

    `restricted` are the parties whose data is restricted.
    """
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
    """Tell whether an actor may read a party's restricted data.

    The party may, and so may auditors and regulators.
    """
    if actor is None:
        return False
    return actor.role in OVERSEEING or actor.acts_as == Role(party)
