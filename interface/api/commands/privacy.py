"""Acts on personal data: legal holds and restricted processing."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from domain.privacy.commands import LiftHold, LiftRestriction, PlaceHold, Restrict
from interface.api.commands.act import Act
from interface.api.commands.fields import SAYS
from interface.api.commands.plain_body import PlainBody

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
Side = Literal["buyer", "seller"]


class HoldBody(PlainBody, frozen=True, kw_only=True):
    """Forbid that anything of the case is erased."""

    asks = PlaceHold
    basis: Basis


class HoldLiftingBody(PlainBody, frozen=True, kw_only=True):
    """End a hold."""

    asks = LiftHold
    basis: Basis


class RestrictionBody(PlainBody, frozen=True, kw_only=True):
    """Only keep a party's personal data from now on."""

    asks = Restrict
    party: Side
    basis: Basis


class RestrictionLiftingBody(PlainBody, frozen=True, kw_only=True):
    """Let a party's personal data be worked with again."""

    asks = LiftRestriction
    party: Side
    basis: Basis


PRIVACY = (
    Act(
        path="legal-holds",
        tag="privacy",
        summary="Place a legal hold",
        about="Forbid that anything of the case is erased (regulator, supervisor).",
        body=HoldBody,
        example={"basis": "Order 2026-77 of the market regulator"},
    ),
    Act(
        path="legal-holds/{n}/lifting",
        tag="privacy",
        summary="Lift a legal hold",
        about="End a hold; one that a regulator placed, only regulators lift.",
        body=HoldLiftingBody,
        example={"basis": "Order 2026-77 is settled"},
    ),
    Act(
        path="restriction",
        tag="privacy",
        summary="Restrict processing",
        about="Only keep a party's personal data in a closed case (supervisor).",
        body=RestrictionBody,
        example={"party": "buyer", "basis": "Request 2026-12"},
    ),
    Act(
        path="restriction/lifting",
        tag="privacy",
        summary="Lift a restriction",
        about="Let a party's personal data be worked with again (supervisor).",
        body=RestrictionLiftingBody,
        example={"party": "buyer", "basis": "Request 2026-12 was withdrawn"},
    ),
)
