"""Sends notices, and records that they were served, or that nobody could be found."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec import Struct

from application.cases.disputes import Disputes
from application.deliveries.backoff import next_attempt
from application.deliveries.delivery_worker import DoAgain, JobKind
from application.deliveries.event_trace import event_trace
from application.notices.channel_outages import ChannelOutages
from application.notices.notice_address import address_of
from application.notices.notice_delivery import (
    TASK,
    NoticeDelivery,
    NoticeState,
    find,
    locked_siblings,
    move_on,
)
from application.notices.notice_mail import notice_mail
from application.notices.notice_text import NoticedCase, notice_text, written_language
from application.notices.routes import MailRoute, ShortMessage, SmsRoute, Unsent
from application.notices.service_record import record_failure, record_service
from application.record.database import Database
from application.rules.rulebook import Rulebooks
from application.telemetry.span import SpanKind
from application.telemetry.steps import step
from application.texts import LANGUAGES
from domain.notices.channel import Channel
from domain.roles import CLOCK

BOUND = 4
"""Notices that one process sends over a channel at a time."""

IN_SITE_PAUSE = timedelta(seconds=0.5)
IN_SITE_PATIENCE = timedelta(minutes=1)

NO_ADDRESS = "no-address"
REFUSED, UNREACHABLE = "refused", "unreachable"


class Routes(Struct, frozen=True, kw_only=True):
    """How notices leave the house; None: not over this channel.

    `in_site`: the parties are also told in their accounts, at once. `pages`: where a
    case is read, with {case}.
    """

    mail: MailRoute | None = None
    sms: SmsRoute | None = None
    in_site: bool = True
    pages: str | None = None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Return the channels that are set up."""
        known: Mapping[Channel, object] = {
            Channel.IN_SITE: self.in_site or None,
            Channel.MAIL: self.mail,
            Channel.SMS: self.sms,
        }
        return tuple(one for one, route in known.items() if route is not None)


class NoticeSender:
    """Does the jobs of notices."""

    def __init__(
        self,
        database: Database,
        disputes: Disputes,
        books: Rulebooks,
        routes: Routes,
        schedule: tuple[timedelta, ...],
    ) -> None:
        self._database, self._disputes, self._books = database, disputes, books
        self._routes, self._schedule = routes, schedule
        self._outages = ChannelOutages()

    @property
    def kind(self) -> JobKind:
        """Return the kind of job that this does."""
        return JobKind(TASK, self.send)

    def bounds(self) -> dict[str, int]:
        """Return the queues of the channels that are set up."""
        left = (one for one in self._routes.channels if one is not Channel.IN_SITE)
        return {f"notice/{one}": BOUND for one in left}

    async def send(self, delivery: str) -> None:
        """Make an attempt if it is time for one. Raises DoAgain."""
        one = await asyncio.to_thread(self._load, UUID(delivery))
        if one is None or one.state is not NoticeState.WAITING:
            return
        now = datetime.now(UTC)
        if one.next_at is not None and one.next_at > now:
            raise DoAgain(one.next_at)
        case = await asyncio.to_thread(self._noticed, one)
        if case is None:
            await asyncio.to_thread(self._end, one, NoticeState.CANCELLED)
            return
        if self._is_too_early(one, case, now):
            raise DoAgain(now + IN_SITE_PAUSE)
        trace = await asyncio.to_thread(self._trace, one)
        try:
            with step("notice", [trace], SpanKind.CLIENT, channel=one.channel):
                await self._hand_over(one, case, now)
        except Unsent as unsent:
            if unsent.outage:
                self._outages.note(one.channel, unsent.problem)
            again = await asyncio.to_thread(self._failed, one, unsent)
            if again is not None:
                raise DoAgain(again) from None
        else:
            self._outages.end(one.channel)
            await asyncio.to_thread(self._served, one)

    def _load(self, delivery_id: UUID) -> NoticeDelivery | None:
        with self._database.get_connection() as connection:
            return find(connection, delivery_id)

    def _trace(self, one: NoticeDelivery) -> str | None:
        with self._database.get_connection() as connection:
            return event_trace(connection, one.position)

    def _noticed(self, one: NoticeDelivery) -> NoticedCase | None:
        """Return the case that a notice is about; None if nobody needs it any more."""
        case = self._disputes.find(one.case_id)
        known = (one.about in case.dispute.notices) or any(
            notice == one.about for notice, _ in case.dispute.served
        )
        if not known or (one.about, str(one.channel)) in case.dispute.served:
            return None
        return NoticedCase(
            events=self._disputes.record.opened(case.events),
            dispute=case.dispute,
            context=self._disputes.context(case, CLOCK),
            books=self._books,
        )

    def _is_too_early(
        self, one: NoticeDelivery, case: NoticedCase, now: datetime
    ) -> bool:
        """Tell whether a notice is about to be served in the party's account.

        Limits begin then; a mail written before would count them from its own arrival.
        """
        waits = self._routes.in_site and one.about in case.dispute.notices
        return waits and now - one.created_at < IN_SITE_PATIENCE

    async def _hand_over(
        self, one: NoticeDelivery, case: NoticedCase, now: datetime
    ) -> None:
        """Send a notice. Raises Unsent."""
        where = address_of(case, one.party)
        language = written_language(where.language)
        text = notice_text(case, one.about, language, self._routes.pages)
        mail, sms = self._routes.mail, self._routes.sms
        if one.channel is Channel.MAIL and mail is not None:
            if where.mail is None:
                raise Unsent(NO_ADDRESS, final=True)
            message = notice_mail(text, mail.sender, where.mail, one.delivery_id, now)
            await mail.send(message)
        elif one.channel is Channel.SMS and sms is not None:
            if where.phone is None:
                raise Unsent(NO_ADDRESS, final=True)
            await sms.send(
                ShortMessage(
                    id=str(one.delivery_id),
                    to=where.phone,
                    template=one.notice,
                    language=LANGUAGES[language],
                    parameters={
                        "headline": text.headline,
                        "number": text.number,
                        "follows": text.follows,
                        "link": text.link or "",
                    },
                    text=text.short,
                )
            )
        else:
            # The channel was set up when the event was dispatched, and is no more.
            raise Unsent(UNREACHABLE, final=True)

    def _served(self, one: NoticeDelivery) -> None:
        """Record service, which starts the limits, then end the delivery.

        In this order: killed in between, the notice is sent once more, and not lost.
        """
        record_service(self._disputes, one)
        self._end(one, NoticeState.DELIVERED)

    def _end(self, one: NoticeDelivery, state: NoticeState) -> None:
        with self._database.get_connection() as connection:
            move_on(connection, one, state, datetime.now(UTC))

    def _failed(self, one: NoticeDelivery, unsent: Unsent) -> datetime | None:
        """Store a failed attempt; return when the next is made, None for no more."""
        now = datetime.now(UTC)
        again = None
        if not unsent.final:
            again = next_attempt(self._schedule, one.tries + 1, now)
        with self._database.get_connection() as connection, connection.transaction():
            if again is not None:
                move_on(connection, one, NoticeState.WAITING, again, unsent.problem)
                return again
            problem = unsent.problem
            if problem != NO_ADDRESS:
                problem = f"{REFUSED if unsent.final else UNREACHABLE}: {problem}"
            # Before it is stored that this was the last attempt: killed in between, one
            # more is made, and what no channel delivers is never left unsaid.
            # In their accounts the parties are told at once: they know of it already.
            if not self._routes.in_site:
                siblings = locked_siblings(connection, one)
                record_failure(self._disputes, one, problem, siblings)
            move_on(connection, one, NoticeState.FAILED, now, problem)
        return None
