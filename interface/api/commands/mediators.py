"""Assignment, recusal and internal notes, as clients send them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from domain.case.actions import Action
from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.mediators.commands import AddNote, Assign, Recuse, TagCase
from domain.names import same
from domain.roles import Role
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Id, Text
from interface.api.commands.hints import Hints, codes
from interface.callers.caller import Caller


class AssignmentBody(Body, frozen=True, kw_only=True):
    """Give the case to a mediator; without a name, take it.

    `take_over`: also from a colleague who has it.
    """

    mediator: Id | None = None
    remark: Text | None = None
    take_over: bool = False

    def command(self, kind: type[Command], caller: Caller, **item: int) -> Command:
        """Return the command; without a name the caller takes the case."""
        return kind(
            mediator=self.mediator or caller.subject,
            remark=self.remark,
            take_over=self.take_over,
            **item,
        )


class RecusalBody(Body, frozen=True, kw_only=True):
    """A conflict of interest: one's own, or (supervisor) a mediator's."""

    conflict: Text
    mediator: Id | None = None


# All of them are named: what \s is differs between Python and JavaScript.
_CONTROLS = r"\x00-\x1f\x7f-\x9f"
_ENDS = rf"[^\s,\ufeff{_CONTROLS}]"

Tag = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=40,
        pattern=rf"^{_ENDS}(?:[^{_CONTROLS},]*{_ENDS})?$(?!\n)",
        description="A tag of the platform's own, without commas: no personal data.",
    ),
]
Tags = Annotated[tuple[Tag, ...], Meta(max_length=20)]


class TagsBody(Body, frozen=True, kw_only=True):
    """Which tags to put on the case, and which to take off."""

    add: Tags = ()
    remove: Tags = ()


class NoteBody(Body, frozen=True, kw_only=True):
    """An internal note; the parties never see it."""

    text: Text


def _oneself(_: Action, __: Dispute, context: Context) -> Hints:
    """Only a supervisor names another mediator."""
    if context.actor.role is Role.SUPERVISOR:
        return {}
    return {"mediator": codes([context.actor.id])}


def _assignment(action: Action, dispute: Dispute, context: Context) -> Hints:
    """Whoever takes a case from a colleague has to say so."""
    hints, own = _oneself(action, dispute, context), context.actor.id
    if hints and dispute.assignee and not same(own, dispute.assignee):
        hints["take_over"] = {**codes(["true"]), "required": True}
    return hints


def _tags(_: Action, dispute: Dispute, __: Context) -> Hints:
    return {"remove": codes(dispute.tags)}


ROUTES = (
    CommandRoute(
        command=Assign,
        path="assignment",
        operation="assignDispute",
        tag="staff",
        summary="Assign",
        about="Take the case, or give it to another mediator (supervisor).",
        body=AssignmentBody,
        examples=(("To a colleague", {"mediator": "m-2"}),),
        hints=_assignment,
    ),
    CommandRoute(
        command=Recuse,
        path="recusal",
        operation="recuseMediator",
        tag="staff",
        summary="Recuse",
        about="Take oneself out for a conflict of interest; supervisors, anybody.",
        body=RecusalBody,
        examples=(("Recuse", {"conflict": "The seller is a relative."}),),
        hints=_oneself,
    ),
    CommandRoute(
        command=TagCase,
        path="tags",
        operation="tagDispute",
        tag="staff",
        summary="Tag",
        about="Put tags on the case, or take them off; lists are filtered by them.",
        body=TagsBody,
        examples=(("Tag", {"add": ["carrier-strike"]}),),
        hints=_tags,
    ),
    CommandRoute(
        command=AddNote,
        path="notes",
        operation="addNote",
        tag="staff",
        summary="Add a note",
        about="Note something for the platform's own people; parties never see it.",
        body=NoteBody,
        examples=(
            ("Add a note", {"text": "The carrier lost a whole pallet that day."}),
        ),
    ),
)
