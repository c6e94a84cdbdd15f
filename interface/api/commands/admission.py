"""Admission, refusal and referral, as clients send them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from domain.admission.commands import Admit, ReferOut, Refuse
from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Code, Text
from interface.api.commands.hints import Hints, codes, some


class AdmissionBody(Body, frozen=True, kw_only=True):
    """Take the case."""

    note: Text | None = None


class RefusalBody(Body, frozen=True, kw_only=True):
    """Do not take the case."""

    ground: Code
    explanation: Text
    routes: Annotated[tuple[Code, ...], Meta(max_length=10)]


class ReferralBody(Body, frozen=True, kw_only=True):
    """Hand the case to an authority (a code of routes) and close it here."""

    authority: Code
    note: Text


def _refusal(_: Action, __: Dispute, context: Context) -> Hints:
    routes = codes(context.codes.routes)
    return {"ground": codes(context.codes.grounds), "routes": {**routes, **some()}}


def _referral(_: Action, __: Dispute, context: Context) -> Hints:
    return {"authority": codes(context.codes.routes)}


ROUTES = (
    CommandRoute(
        command=Admit,
        path="admission",
        operation="admitDispute",
        tag="staff",
        summary="Admit",
        about="Take the case; the seller is then served notice.",
        body=AdmissionBody,
        examples=(("With a note", {"note": "Photos are announced."}),),
    ),
    CommandRoute(
        command=Refuse,
        path="refusal",
        operation="refuseDispute",
        tag="staff",
        summary="Refuse",
        about="Do not take the case: ground, reasons in words, and other routes.",
        body=RefusalBody,
        examples=(
            (
                "No basic facts",
                {
                    "ground": "no-basis",
                    "explanation": "The complaint does not say what is wrong.",
                    "routes": ["consumer-association", "court"],
                },
            ),
        ),
        hints=_refusal,
    ),
    CommandRoute(
        command=ReferOut,
        path="referral",
        operation="referDispute",
        tag="staff",
        summary="Refer out",
        about="Hand the case to an authority or a court; it is closed here.",
        body=ReferralBody,
        examples=(
            (
                "Refer out",
                {"authority": "court", "note": "A court has the matter."},
            ),
        ),
        hints=_referral,
    ),
)
