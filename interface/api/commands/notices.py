"""The service of notices, as clients send it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.notices.commands import ServeNotice, StateContact
from domain.notices.events import NoticeKind
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body, Side
from interface.api.commands.hints import Hints, codes


class ServiceBody(Body, frozen=True, kw_only=True):
    """A notice reached a party over a channel, such as a letter."""

    notice: NoticeKind
    party: Side
    channel: Literal["in-site", "sms", "mail", "phone", "letter"]


Mail = Annotated[
    str,
    Meta(
        max_length=254,
        description="A mail address, in ASCII.",
        extra_json_schema={"format": "email"},
    ),
]
Phone = Annotated[
    str,
    Meta(
        max_length=32,
        description="A telephone number for text messages.",
        extra_json_schema={"format": "phone"},
    ),
]


class ContactBody(Body, frozen=True, kw_only=True):
    """Where notices find a party; what is left out stays, "" ends a channel.

    `language` is that of the notices, Chinese if it is left out.
    """

    mail: Mail | None = None
    phone: Phone | None = None
    language: Literal["zh-CN", "en"] | None = None


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
    CommandRoute(
        command=StateContact,
        path="contact",
        operation="stateContact",
        tag="parties",
        summary="Give contact details",
        about="Say where a party gets its notices by mail and text message.",
        body=ContactBody,
        examples=(
            (
                "Mail and text messages in Chinese",
                {"mail": "li@example.com", "phone": "13800138000", "language": "zh-CN"},
            ),
        ),
    ),
)
