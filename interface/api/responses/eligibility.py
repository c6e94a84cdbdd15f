"""What a filing would lead to, as clients are shown it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from application.cases.eligibility import Foreseen
from application.texts import say
from interface.api.problems import Fault, fault

Decider = Literal["rule", "mediator"]


class EligibilityShown(Struct, frozen=True, kw_only=True):
    """What a filing would lead to.

    `decided_by` "rule": refused at once, on `ground` if one is named; "mediator":
    looked at. `until` is the last moment to file (UTC). `duplicate` is a live dispute
    on the same issue; `earlier` one that ended, which new facts re-open.
    """

    accepted: bool
    decided_by: Decider
    ground: str | None
    words: str
    until: datetime | None
    missing: tuple[Fault, ...]
    routes: tuple[str, ...]
    duplicate: str | None
    earlier: str | None


def eligibility_shown(found: Foreseen, language: str) -> EligibilityShown:
    """Return what a filing would lead to, in words and with links."""
    return EligibilityShown(
        accepted=found.is_accepted,
        decided_by="mediator" if found.is_accepted else "rule",
        ground=found.ground,
        words=say("eligibility", _outcome(found), language),
        until=found.until,
        missing=tuple(fault(one, language) for one in found.problems),
        routes=found.routes,
        duplicate=_href(found.duplicate),
        earlier=_href(found.earlier),
    )


def _outcome(found: Foreseen) -> str:
    if found.duplicate is not None:
        return "duplicate"
    if found.earlier is not None:
        return "earlier"
    if found.problems:
        return "incomplete"
    return "accepted" if found.is_accepted else "refused"


def _href(case: UUID | None) -> str | None:
    return None if case is None else f"/v1/disputes/{case}"
