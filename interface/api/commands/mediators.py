"""Assignment, recusal and internal notes, as clients send them."""

from __future__ import annotations

from domain.case.actions import Action
from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.mediators.commands import AddNote, Assign, Recuse
from domain.roles import Role
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Id, Text
from interface.api.commands.hints import Hints, codes
from interface.callers.caller import Caller


class AssignmentBody(Body, frozen=True, kw_only=True):
    """Give the case to a mediator; without a name, take it."""

    mediator: Id | None = None

    def command(self, kind: type[Command], caller: Caller, **item: int) -> Command:
        """Return the command; without a name the caller takes the case."""
        return kind(mediator=self.mediator or caller.subject, **item)


class RecusalBody(Body, frozen=True, kw_only=True):
    """A conflict of interest: one's own, or (supervisor) a mediator's."""

    conflict: Text
    mediator: Id | None = None


class NoteBody(Body, frozen=True, kw_only=True):
    """An internal note; the parties never see it."""

    text: Text


def _oneself(_: Action, __: Dispute, context: Context) -> Hints:
    """Only a supervisor names another mediator."""
    if context.actor.role is Role.SUPERVISOR:
        return {}
    return {"mediator": codes([context.actor.id])}


ROUTES = (
    CommandRoute(
        command=Assign,
        path="assignment",
        tag="staff",
        summary="Assign",
        about="Take the case, or give it to another mediator (supervisor).",
        body=AssignmentBody,
        examples=(("To a colleague", {"mediator": "m-2"}),),
        operation="assign",
        hints=_oneself,
    ),
    CommandRoute(
        command=Recuse,
        path="recusal",
        tag="staff",
        summary="Recuse",
        about="Take oneself out for a conflict of interest; supervisors, anybody.",
        body=RecusalBody,
        examples=(("Recuse", {"conflict": "The seller is a relative."}),),
        hints=_oneself,
    ),
    CommandRoute(
        command=AddNote,
        path="notes",
        tag="staff",
        summary="Add a note",
        about="Note something for the platform's own people; parties never see it.",
        body=NoteBody,
        examples=(
            ("Add a note", {"text": "The carrier lost a whole pallet that day."}),
        ),
    ),
)
