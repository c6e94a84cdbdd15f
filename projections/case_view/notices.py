"""Where notices find the parties, and which found nobody, in the view of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any, assert_never

from application.record.envelope import Recorded
from domain.notices.addresses import Address, restated
from domain.notices.events import (
    ContactStated,
    NoticeEvent,
    NoticeKind,
    NoticeServed,
    NoticeUndelivered,
)
from domain.roles import Party
from projections.case_view.performance import PerformanceView
from projections.case_view.shown_values import Shown


class ContactShown(Shown, frozen=True, kw_only=True):
    """Where a party can be reached, as last stated."""

    party: Party
    mail: str | None
    phone: str | None
    language: str | None
    at: datetime


class ServiceShown(Shown, frozen=True, kw_only=True):
    """A notice that reached a party, over which channel and when."""

    notice: NoticeKind
    party: Party
    channel: str
    at: datetime


class UndeliveredShown(Shown, frozen=True, kw_only=True):
    """A notice that no channel could deliver; `causes` goes with `channels`."""

    notice: NoticeKind
    party: Party
    channels: tuple[str, ...]
    causes: tuple[str, ...]
    at: datetime


class NoticesView(PerformanceView, frozen=True, kw_only=True):
    """A case with the service of its notices added."""

    contacts: tuple[ContactShown, ...] = ()
    served: tuple[ServiceShown, ...] = ()
    undelivered: tuple[UndeliveredShown, ...] = ()


def changes(
    view: NoticesView, event: NoticeEvent, recorded: Recorded
) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case ContactStated(party=party):
            stated = _restated(view, event, recorded)
            others = (one for one in view.contacts if one.party is not party)
            return {"contacts": (*others, stated)}
        case NoticeServed(notice=notice, party=party, channel=channel):
            reached = ServiceShown(
                notice=notice, party=party, channel=channel, at=recorded.at
            )
            # What found nobody before has been served after all.
            waiting = tuple(
                one
                for one in view.undelivered
                if (one.notice, one.party) != (notice, party)
            )
            return {"served": (*view.served, reached), "undelivered": waiting}
        case NoticeUndelivered(notice=notice, party=party):
            failed = UndeliveredShown(
                notice=notice,
                party=party,
                channels=event.channels,
                causes=event.causes,
                at=recorded.at,
            )
            return {"undelivered": (*view.undelivered, failed)}
        case _:
            assert_never(event)


def _restated(
    view: NoticesView, event: ContactStated, recorded: Recorded
) -> ContactShown:
    known = next((one for one in view.contacts if one.party is event.party), None)
    before = Address()
    if known is not None:
        before = Address(mail=known.mail, phone=known.phone, language=known.language)
    now = restated(
        before, Address(mail=event.mail, phone=event.phone, language=event.language)
    )
    return ContactShown(
        party=event.party,
        mail=now.mail,
        phone=now.phone,
        language=now.language,
        at=recorded.at,
    )
