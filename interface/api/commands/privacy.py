"""Legal holds and restricted processing, as clients send them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from domain.privacy.commands import LiftHold, LiftRestriction, PlaceHold, Restrict
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import SAYS, Body, Id, Side

Basis = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=SAYS,
        description="A law, an order or a request, by its number. It names nobody: "
        "it is kept unsealed.",
    ),
]


class HoldBody(Body, frozen=True, kw_only=True):
    """Forbid that anything of the case is erased."""

    basis: Basis


class HoldLiftingBody(Body, frozen=True, kw_only=True):
    """End a hold."""

    basis: Basis


class ErasureBody(Body, frozen=True, kw_only=True):
    """Whose data, and why. `restrict`: where cases forbid it, only keep it for now."""

    subject: Id
    role: Side
    basis: Basis
    restrict: bool = False


class RestrictionBody(Body, frozen=True, kw_only=True):
    """Only keep a party's personal data from now on."""

    party: Side
    basis: Basis


class RestrictionLiftingBody(Body, frozen=True, kw_only=True):
    """Let a party's personal data be worked with again."""

    party: Side
    basis: Basis


ROUTES = (
    CommandRoute(
        command=PlaceHold,
        path="legal-holds",
        operation="placeLegalHold",
        tag="privacy",
        summary="Place a legal hold",
        about="Forbid that anything of the case is erased (regulator, supervisor).",
        body=HoldBody,
        examples=(
            ("Place a legal hold", {"basis": "Order 2026-77 of the market regulator"}),
        ),
    ),
    CommandRoute(
        command=LiftHold,
        path="legal-holds/{n}/lifting",
        operation="liftLegalHold",
        tag="privacy",
        summary="Lift a legal hold",
        about="End a hold; one that a regulator placed, only regulators lift.",
        body=HoldLiftingBody,
        examples=(("Lift a legal hold", {"basis": "Order 2026-77 is settled"}),),
    ),
    CommandRoute(
        command=Restrict,
        path="restriction",
        operation="restrictData",
        tag="privacy",
        summary="Restrict processing",
        about="Only keep a party's personal data in a closed case (supervisor).",
        body=RestrictionBody,
        examples=(
            ("Restrict processing", {"party": "buyer", "basis": "Request 2026-12"}),
        ),
    ),
    CommandRoute(
        command=LiftRestriction,
        path="restriction/lifting",
        operation="liftRestriction",
        tag="privacy",
        summary="Lift a restriction",
        about="Let a party's personal data be worked with again (supervisor).",
        body=RestrictionLiftingBody,
        examples=(
            (
                "Lift a restriction",
                {"party": "buyer", "basis": "Request 2026-12 was withdrawn"},
            ),
        ),
    ),
)
