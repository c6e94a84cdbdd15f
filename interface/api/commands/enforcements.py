"""The bodies of contest, enforcement, recovery and sanctions."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from domain.enforcement.commands import (
    ExecuteEnforcement,
    FailEnforcement,
    OrderEnforcement,
    RecoverAdvance,
)
from domain.performance.commands import ContestFulfilment
from domain.sanctions.commands import ImposeSanction, LiftSanction
from interface.api.commands.fields import Code, MoneyBody, Number, Text
from interface.api.commands.investigations import Reference
from interface.api.commands.plain_body import PlainBody


class ContestBody(PlainBody, frozen=True, kw_only=True):
    """What was reported was not performed."""

    asks = ContestFulfilment
    statement: Text


class EnforcementBody(PlainBody, frozen=True, kw_only=True):
    """Execute an obligation in default by a method (a code); money by its amount."""

    asks = OrderEnforcement
    obligation: Number
    method: Code
    amount: MoneyBody | None = None


class ExecutionBody(PlainBody, frozen=True, kw_only=True):
    """What was ordered was executed."""

    asks = ExecuteEnforcement
    reference: Reference | None = None


class EnforcementFailureBody(PlainBody, frozen=True, kw_only=True):
    """It could not be executed; `final` gives the obligation up, naming routes."""

    asks = FailEnforcement
    cause: Code
    final: bool = False
    routes: Annotated[tuple[Code, ...], Meta(max_length=10)] = ()


class RecoveryBody(PlainBody, frozen=True, kw_only=True):
    """What the seller paid back of an advance."""

    asks = RecoverAdvance
    amount: MoneyBody
    reference: Reference | None = None


class SanctionBody(PlainBody, frozen=True, kw_only=True):
    """A sanction: its kind, the breach, and the measure in public words."""

    asks = ImposeSanction
    kind: Code
    breach: Code
    measure: Annotated[str, Meta(min_length=1, max_length=200)]


class LiftingBody(PlainBody, frozen=True, kw_only=True):
    """Why a sanction ends."""

    asks = LiftSanction
    why: Text
