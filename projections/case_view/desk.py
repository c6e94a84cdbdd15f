"""What the platform's own people say to each other about a case, in its view."""

from __future__ import annotations

from datetime import datetime
from typing import Any, assert_never

from application.record.envelope import Recorded
from domain.mediators.events import CaseTagged, MediatorAssigned, NoteAdded
from projections.case_view.investigation import InvestigationView
from projections.case_view.shown_values import Shown


class NoteShown(Shown, frozen=True, kw_only=True):
    """An internal note of a mediator or a supervisor."""

    by: str | None
    text: str
    at: datetime


class HandoverShown(Shown, frozen=True, kw_only=True):
    """Who gave the case to whom, whom it was taken from, and what they remarked."""

    to: str
    by: str | None
    taken_from: str | None
    remark: str | None
    at: datetime


class DeskView(InvestigationView, frozen=True, kw_only=True):
    """A case with its notes, tags and hand-overs added."""

    notes: tuple[NoteShown, ...] = ()
    tags: tuple[str, ...] = ()
    handovers: tuple[HandoverShown, ...] = ()


def changes(
    view: DeskView,
    event: NoteAdded | CaseTagged | MediatorAssigned,
    recorded: Recorded,
) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case NoteAdded(text=text):
            note = NoteShown(by=recorded.actor.id, text=text, at=recorded.at)
            return {"notes": (*view.notes, note)}
        case CaseTagged(tags=tags):
            return {"tags": tags}
        case MediatorAssigned(mediator=to, remark=remark, taken_from=taken_from):
            given = HandoverShown(
                to=to,
                by=recorded.actor.id,
                taken_from=taken_from,
                remark=remark,
                at=recorded.at,
            )
            return {"handovers": (*view.handovers, given)}
        case _:
            assert_never(event)
