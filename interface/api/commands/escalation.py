"""Escalation to the platform, as clients send it."""

from __future__ import annotations

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.escalation.commands import Escalate
from domain.escalation.decide import triggers
from domain.escalation.events import Trigger
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Text
from interface.api.commands.hints import Hints, codes


class EscalationBody(Body, frozen=True, kw_only=True):
    """Hand the case to the platform."""

    trigger: Trigger
    statement: Text | None = None


def _escalation(_: Action, dispute: Dispute, context: Context) -> Hints:
    return {"trigger": codes(triggers(dispute, context))}


ROUTES = (
    CommandRoute(
        command=Escalate,
        path="escalation",
        operation="escalateDispute",
        tag="parties",
        summary="Escalate to the platform",
        about="Hand the case to the platform, on a trigger that holds now.",
        body=EscalationBody,
        examples=(("No agreement", {"trigger": "no-agreement"}),),
        hints=_escalation,
    ),
)
