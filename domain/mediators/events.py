"""Who has the case, who may not, and notes (2): what can happen."""

from __future__ import annotations

from typing import TypeAlias

from domain.case.event import Event
from domain.personal import Personal


class MediatorAssigned(Event, frozen=True, kw_only=True, tag="mediator-assigned"):
    """A mediator owns the case."""

    mediator: str


class MediatorRecused(Event, frozen=True, kw_only=True, tag="mediator-recused"):
    """A mediator with a conflict of interest is out of the case for good (2)."""

    mediator: str
    conflict: Personal[str]


class NoteAdded(Event, frozen=True, kw_only=True, tag="note-added"):
    """The platform noted something for its own people; the parties never see it."""

    text: Personal[str]


MediatorEvent: TypeAlias = MediatorAssigned | MediatorRecused | NoteAdded
