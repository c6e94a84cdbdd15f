"""Who has the case, who may not, and notes (2): what can happen."""

from __future__ import annotations

from typing import TypeAlias

from domain.case.event import Event
from domain.identifiers import Identifier
from domain.personal import Personal


class MediatorAssigned(Event, frozen=True, kw_only=True, tag="mediator-assigned"):
    """A mediator owns the case; `taken_from` is who had it before, if another did."""

    mediator: Identifier[str]
    remark: Personal[str] | None = None
    taken_from: Identifier[str] | None = None


class MediatorRecused(Event, frozen=True, kw_only=True, tag="mediator-recused"):
    """A mediator with a conflict of interest is out of the case for good (2)."""

    mediator: Identifier[str]
    conflict: Personal[str]


class NoteAdded(Event, frozen=True, kw_only=True, tag="note-added"):
    """The platform noted something for its own people; the parties never see it."""

    text: Personal[str]


class CaseTagged(Event, frozen=True, kw_only=True, tag="case-tagged"):
    """The case has these tags from now on; they are the platform's own, and no data."""

    tags: tuple[str, ...]


MediatorEvent: TypeAlias = MediatorAssigned | MediatorRecused | NoteAdded | CaseTagged
