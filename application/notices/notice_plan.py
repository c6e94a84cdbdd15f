"""Which notices leave the house because of an event, and over which channels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection

from application.deliveries.dispatch import DispatchedEvent
from application.deliveries.job_queue import QueuedJob
from application.notices.notice_delivery import (
    NoticeDelivery,
    add,
    new_delivery,
    wait_again,
)
from domain.notices.channel import Channel
from domain.notices.events import ContactStated
from domain.notices.notice import called_for


class NoticePlan(Struct, frozen=True):
    """A plan of the dispatch, for the channels that are set up."""

    channels: tuple[Channel, ...]

    def __call__(
        self, connection: Connection[Any], events: Sequence[DispatchedEvent]
    ) -> Sequence[QueuedJob]:
        """Store the deliveries that events call for; return the jobs that send them."""
        now = datetime.now(UTC)
        new = [each for one in events for each in self._called_for(one, now)]
        if new:
            add(connection, new)
        again: list[NoticeDelivery] = []
        for one in events:
            event = one.recorded.event
            if isinstance(event, ContactStated) and self.channels:
                case = one.recorded.case
                again += wait_again(connection, case, event.party, now)
        return [one.job for one in (*new, *again)]

    def _called_for(
        self, one: DispatchedEvent, now: datetime
    ) -> Iterator[NoticeDelivery]:
        for notice in called_for(one.recorded.event):
            for channel in self.channels:
                if channel is not Channel.IN_SITE:
                    case = one.recorded.case
                    yield new_delivery(case, one.position, notice, channel, now)
