"""The dispatch and the sender of notices, with real servers, for several tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from application.cases.disputes import Disputes
from application.deliveries.delivery_worker import DeliveryWorker
from application.deliveries.dispatch import Dispatch
from application.notices.notice_delivery import (
    NoticeDelivery,
    NoticeState,
    of_case,
)
from application.notices.notice_plan import NoticePlan
from application.notices.notice_sender import NoticeSender, Routes
from application.notices.routes import MailRoute, SmsRoute
from application.record.database import Database
from application.record.sequencer import Sequencer
from domain.case.events import DisputeEvent
from domain.notices.commands import StateContact
from tests.deliveries.patience import until
from tests.deliveries.post_office import Gateway, MailServer
from tests.samples import BOOKS

QUICK = (timedelta(seconds=0.1), timedelta(seconds=0.1))
LI = StateContact(mail="li@example.com", phone="13800138000", language="zh-CN")
SHOP = StateContact(mail="shop@example.com", phone=None, language="en")
PAGES = "https://shop.example/disputes/{case}"


class PostOffice:
    """The dispatch and the sender of notices, on one database."""

    def __init__(self, url: str, disputes: Disputes, routes: Routes) -> None:
        self._url, self.disputes = url, disputes
        self._sequencer = Sequencer(url)
        self._dispatch = Dispatch(url, [NoticePlan(routes.channels)])
        database: Database = disputes.database
        self.sender = NoticeSender(database, disputes, BOOKS, routes, QUICK)

    def dispatched(self) -> None:
        while self._sequencer.tick() + self._dispatch.tick():
            pass

    @contextmanager
    def sending(self) -> Iterator[None]:
        worker = DeliveryWorker(self._url, [self.sender.kind], self.sender.bounds)
        stop = threading.Event()
        thread = threading.Thread(target=worker.run, args=[stop])
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(30)
            assert not thread.is_alive()

    def deliveries(self, case: UUID) -> list[NoticeDelivery]:
        with self.disputes.database.get_connection() as connection:
            return [*of_case(connection, case)]

    def sent(self, case: UUID) -> list[NoticeDelivery]:
        """Dispatch, send, and wait until nothing is waiting any more."""
        self.dispatched()
        with self.sending():
            until(
                lambda: all(
                    one.state is not NoticeState.WAITING
                    for one in self.deliveries(case)
                )
            )
        return self.deliveries(case)

    def events(self, case: UUID, kind: type[DisputeEvent]) -> list[DisputeEvent]:
        found = self.disputes.find(case).events
        return [one.event for one in found if isinstance(one.event, kind)]

    def close(self) -> None:
        self._sequencer.close()
        self._dispatch.close()


Office = Callable[..., PostOffice]


def post_office(
    url: str,
    disputes: Disputes,
    mail: MailServer,
    gateway: Gateway | None,
    *,
    in_site: bool,
) -> PostOffice:
    sender = "Warm Home <no-reply@shop.example>"
    return PostOffice(
        url,
        disputes,
        Routes(
            mail=MailRoute(url=mail.url, sender=sender, plain=True),
            sms=SmsRoute(url=gateway.url, token="t-1") if gateway else None,
            in_site=in_site,
            pages=PAGES,
        ),
    )
