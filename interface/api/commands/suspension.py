"""Suspension and resumption, as clients send them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.deadlines.time_limits import LimitName
from domain.roles import STAFF
from domain.suspension.commands import ProveSuspension, Resume, Suspend
from domain.suspension.decide import ELSEWHERE
from domain.suspension.events import SuspensionCause
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Text
from interface.api.commands.hints import Hints, codes, when


class SuspensionBody(Body, frozen=True, kw_only=True):
    """Let the case stand still. `days` for an agreement, `note` for a court."""

    cause: SuspensionCause
    days: Annotated[int, Meta(ge=1, le=365)] | None = None
    note: Text | None = None


class SuspensionProofBody(Body, frozen=True, kw_only=True):
    """Show that a court or the police have the matter."""

    proof: Text


class ResumptionBody(Body, frozen=True, kw_only=True):
    """Let a suspended case go on."""

    note: Text | None = None


def _suspension(_: Action, dispute: Dispute, context: Context) -> Hints:
    ours = context.actor.acts_as in STAFF
    barred = ELSEWHERE if context.actor.party in dispute.unproved else frozenset()
    causes = tuple(
        one
        for one in SuspensionCause
        if ours is (one is SuspensionCause.PLATFORM) and one not in barred
    )
    longest = context.limit(LimitName.SUSPENSION).amount
    timed = (one for one in causes if one not in ELSEWHERE)
    return {
        "cause": codes(causes),
        "days": {**when(cause=timed), "min": 1, "max": longest},
        "note": when(cause=(one for one in causes if one in ELSEWHERE)),
    }


ROUTES = (
    CommandRoute(
        command=Suspend,
        path="suspension",
        operation="suspendDispute",
        tag="parties",
        summary="Suspend",
        about="Both ask, one is before a court or the police, or a supervisor does.",
        body=SuspensionBody,
        examples=(("Suspend", {"cause": "agreement", "days": 10}),),
        hints=_suspension,
    ),
    CommandRoute(
        command=ProveSuspension,
        path="suspension/proof",
        operation="proveSuspension",
        tag="parties",
        summary="Prove a suspension",
        about="Show that a court or the police have the matter.",
        body=SuspensionProofBody,
        examples=(("Prove a suspension", {"proof": "Docket 2026-77."}),),
    ),
    CommandRoute(
        command=Resume,
        path="resumption",
        operation="resumeDispute",
        tag="parties",
        summary="Resume",
        about="Let a suspended case go on.",
        body=ResumptionBody,
        examples=(("Resume", {"note": "We could not agree."}),),
    ),
)
