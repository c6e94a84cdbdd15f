"""Extensions of time limits, as clients send them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.deadlines.commands import ExtendDeadline
from domain.deadlines.deadline import Awaited
from domain.deadlines.decide import extendable_deadlines
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Text
from interface.api.commands.hints import Hints, codes


class ExtensionBody(Body, frozen=True, kw_only=True):
    """Give a running limit the more time that the policy allows, once."""

    awaited: Awaited
    party: Literal["buyer", "seller", "platform", "both"]
    why: Text


def _extensions(
    _: Action, dispute: Dispute, context: Context
) -> Iterator[tuple[datetime | None, Hints]]:
    """Yield each limit that can be extended; of two alike, the first."""
    limits = extendable_deadlines(dispute, context)
    # Reversed, so that the first of two alike is what a dict keeps: `extend` takes that
    # one. Reversed again, for their order.
    pairs = {one.key[:2]: one.due for one in reversed([*limits])}
    for (awaited, party), due in reversed(pairs.items()):
        yield due, {"awaited": codes([awaited]), "party": codes([party])}


ROUTES = (
    CommandRoute(
        command=ExtendDeadline,
        path="extension",
        operation="extendDeadline",
        tag="staff",
        summary="Extend a limit",
        about="Give a running limit the more time that the policy allows, once.",
        body=ExtensionBody,
        examples=(
            (
                "Extend a limit",
                {"awaited": "evidence", "party": "buyer", "why": "Travelling."},
            ),
        ),
        variants=_extensions,
    ),
)
