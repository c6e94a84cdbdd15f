"""What tests of deliveries share: endpoints, the dispatch, a worker that sends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.cases.disputes import Disputes
from application.deliveries.delivery_worker import DeliveryWorker
from application.deliveries.dispatch import Dispatch
from application.deliveries.guarded_http import GuardedHttp
from application.deliveries.webhook import State, Webhook
from application.deliveries.webhook_plan import webhook_plan
from application.deliveries.webhook_sender import WebhookSender
from application.deliveries.webhook_table import Webhooks
from application.deliveries.webhook_url import OutboundRules
from application.privacy.data_keys import KeyStore
from application.record.database import Database
from application.record.sequencer import Sequencer
from tests.conftest import Clock
from tests.deliveries.notice_office import LI, SHOP, Office, PostOffice, post_office
from tests.deliveries.post_office import Gateway, MailServer
from tests.sample_cases import ask, tell
from tests.samples import BUYER, SELLER

LOCAL = OutboundRules(networks=(ip_network("127.0.0.0/8"),), encrypted=False)
QUICK = (timedelta(seconds=0.1), timedelta(seconds=0.2), timedelta(seconds=0.3))


class Deliveries:
    """Endpoints, and what brings events to them, on one database."""

    def __init__(self, url: str, database: Database, keys: KeyStore) -> None:
        self.url, self.database, self.keys = url, database, keys
        self.webhooks = Webhooks(database, keys)
        self.sequencer = Sequencer(url)
        self.dispatch = Dispatch(url, [webhook_plan])

    def endpoint(
        self, url: str, *topics: str, platform: str = "shop"
    ) -> tuple[UUID, str]:
        """Add an endpoint; return its id and its secret."""
        now = datetime.now(UTC)
        made = self.webhooks.create(
            Webhook(
                webhook_id=uuid4(),
                platform=platform,
                url=url,
                topics=topics or None,
                state=State.ACTIVE,
                after=0,
                created_at=now,
            ),
            "v-1",
        )
        secret = self.webhooks.shown_secret(made, now)
        assert secret is not None
        return made.webhook_id, secret

    def dispatched(self) -> None:
        """Give events their positions, and defer what they have to be told."""
        while self.sequencer.tick() + self.dispatch.tick():
            pass

    def sender(
        self,
        schedule: tuple[timedelta, ...] = QUICK,
        http: GuardedHttp | None = None,
    ) -> DeliveryWorker:
        one = WebhookSender(
            self.database, self.keys, http or GuardedHttp(LOCAL), schedule
        )
        return DeliveryWorker(self.url, [one.kind], one.bounds)

    @contextmanager
    def sending(
        self,
        schedule: tuple[timedelta, ...] = QUICK,
        http: GuardedHttp | None = None,
    ) -> Iterator[None]:
        """Send in a thread, as the worker does."""
        stop, worker = threading.Event(), self.sender(schedule, http)
        thread = threading.Thread(target=worker.run, args=[stop])
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(30)
            assert not thread.is_alive()

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with self.database.get_connection() as connection:
            return connection.execute(query.encode(), values).fetchall()

    def count(self, state: str) -> int:
        query = "SELECT count(*) AS many FROM deliveries WHERE state = %s"
        return int(self.rows(query, state)[0]["many"])

    def close(self) -> None:
        self.sequencer.close()
        self.dispatch.close()


@pytest.fixture
def deliveries(url: str, database: Database, keys: KeyStore) -> Iterator[Deliveries]:
    one = Deliveries(url, database, keys)
    yield one
    one.close()


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer().running() as one:
        yield one


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway().running() as one:
        yield one


@pytest.fixture
def office(url: str, disputes: Disputes) -> Iterator[Office]:
    made: list[PostOffice] = []

    def make(
        mail: MailServer, gateway: Gateway | None = None, *, in_site: bool = False
    ) -> PostOffice:
        made.append(post_office(url, disputes, mail, gateway, in_site=in_site))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def ruled(disputes: Disputes, clock: Clock) -> UUID:
    """Return a case that was ruled, whose parties have said where they are found."""
    case = tell(disputes, clock, "ruled", "o-9")
    ask(disputes, case, BUYER, LI)
    ask(disputes, case, SELLER, SHOP)
    return case
