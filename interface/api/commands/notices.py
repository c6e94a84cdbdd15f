"""The service of notices, as clients send it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.notices.commands import ServeNotice
from domain.notices.events import NoticeKind
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Side
from interface.api.commands.hints import Hints, codes


class ServiceBody(Body, frozen=True, kw_only=True):
    """A notice reached a party over a channel, such as sms or mail."""

    notice: NoticeKind
    party: Side
    channel: Literal["in-site", "sms", "mail"]


def _unserved(
    action: Action, dispute: Dispute, _: Context
) -> Iterator[tuple[datetime | None, Hints]]:
    for one in dispute.notices:
        yield action.due, {"notice": codes([one.kind]), "party": codes([one.party])}


ROUTES = (
    CommandRoute(
        command=ServeNotice,
        path="notices",
        operation="serveNotice",
        tag="staff",
        summary="Record service",
        about="Record that a notice reached a party over a channel (platform).",
        body=ServiceBody,
        examples=(
            (
                "Record service",
                {"notice": "ruling", "party": "buyer", "channel": "sms"},
            ),
        ),
        variants=_unserved,
    ),
)
