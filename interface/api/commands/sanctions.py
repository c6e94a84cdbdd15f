"""Sanctions against a seller, as clients send them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.sanctions.commands import ImposeSanction, LiftSanction, PublishSanction
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Code, Text
from interface.api.commands.hints import Hints, codes


class SanctionBody(Body, frozen=True, kw_only=True):
    """A sanction: its kind, the breach, and the measure in public words."""

    kind: Code
    breach: Code
    measure: Annotated[str, Meta(min_length=1, max_length=200)]


class LiftingBody(Body, frozen=True, kw_only=True):
    """Why a sanction ends."""

    why: Text


def _sanction(_: Action, __: Dispute, context: Context) -> Hints:
    return {
        "kind": codes(context.codes.sanctions),
        "breach": codes(context.codes.breaches),
    }


ROUTES = (
    CommandRoute(
        command=ImposeSanction,
        path="sanctions",
        operation="imposeSanction",
        tag="staff",
        summary="Impose a sanction",
        about="Warn, restrict or suspend a seller in breach (supervisor).",
        body=SanctionBody,
        examples=(
            (
                "Impose a sanction",
                {
                    "kind": "warning",
                    "breach": "refusal-to-perform",
                    "measure": "Public warning.",
                },
            ),
        ),
        hints=_sanction,
    ),
    CommandRoute(
        command=PublishSanction,
        path="sanctions/{n}/publication",
        operation="publishSanction",
        tag="staff",
        summary="Record the publication",
        about="Record that a sanction, or its end, was made public. Takes no body.",
    ),
    CommandRoute(
        command=LiftSanction,
        path="sanctions/{n}/lifting",
        operation="liftSanction",
        tag="staff",
        summary="Lift a sanction",
        about="End a sanction (supervisor).",
        body=LiftingBody,
        examples=(("Lift a sanction", {"why": "The seller has performed."}),),
    ),
)
