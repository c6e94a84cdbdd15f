"""The reasons of a ruling: issue, finding, evidence, rule, burden."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from domain.personal import Personal
from domain.roles import Party


class Automation(StrEnum):
    """How much of a decision a machine made."""

    NONE = "none"
    ASSISTED = "assisted"
    AUTOMATED = "automated"


class RuleCited(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A rule that a ruling rests on, in the version that was applied."""

    id: str
    version: str
    article: str | None = None


class Reason(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One step of the reasoning; evidence is cited by its number in the case."""

    issue: Personal[str]
    finding: Personal[str]
    rule: RuleCited
    relied_on: tuple[int, ...] = ()
    set_aside: tuple[int, ...] = ()
    burden: Party | None = None
