"""Who has the case, who may not, and notes (2): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from domain.case.dispute import Dispute
from domain.mediators.events import (
    CaseTagged,
    MediatorAssigned,
    MediatorEvent,
    MediatorRecused,
    NoteAdded,
)


def changes(dispute: Dispute, event: MediatorEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case MediatorAssigned(mediator=mediator):
            return {"assignee": mediator}
        case MediatorRecused(mediator=mediator):
            still = None if dispute.assignee == mediator else dispute.assignee
            # A second person must not issue what a person in conflict has written.
            theirs = dispute.draft is not None and dispute.draft.by == mediator
            return {
                "recused": (*dispute.recused, mediator),
                "assignee": still,
                "draft": None if theirs else dispute.draft,
            }
        case CaseTagged(tags=tags):
            return {"tags": tags}
        case NoteAdded():
            # No later decision depends on what was noted.
            return {}
        case _:
            assert_never(event)
