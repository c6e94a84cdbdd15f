"""Publishes every event to a stream of NATS JetStream, exactly once, in order.

How far it has come is read from the stream itself: there is no second place that could
say something else after a kill.
"""

from __future__ import annotations

from contextlib import suppress

from application.feed.event_feed import (
    FeedBroken,
    FeedFilter,
    end_of_feed,
    events_after,
)
from application.feed.nats_stream import NatsStream, StreamUnusable
from application.jobs.leader import LeaderJob
from application.jobs.locks import PUBLISHING
from application.operator_error import OperatorError

BATCH = 500
"""Messages that are under way at the same time."""

EVERYTHING = FeedFilter()


class NatsPublisher(LeaderJob):
    """Follows the ledger, and publishes what it finds."""

    name = "nats"
    lock = PUBLISHING
    reports_failures = True

    def __init__(self, url: str, server: str, stream: str) -> None:
        super().__init__(url)
        self._server, self._stream_name = server, stream
        self._stream: NatsStream | None = None
        self._seen = 0

    def take_up(self) -> None:
        """Continue behind the last message of the stream. Raises OperatorError."""
        self._leave()
        self._stream = NatsStream(self._server, self._stream_name)
        self._seen = self._stream.last()
        end = end_of_feed(self.connection)
        if self._seen > end:
            raise OperatorError(
                f"stream {self._stream_name}: it ends at {self._seen}, behind the"
                f" ledger's end at {end}: it is that of another record, or of a time"
                " before a backup was restored"
            )

    def work(self) -> int:
        """Publish one batch; return how many messages."""
        if self._stream is None:
            return 0
        try:
            page = events_after(self.connection, self._seen, BATCH, EVERYTHING)
        except FeedBroken as error:
            raise OperatorError(f"the feed is broken off: {error}") from None
        if page.messages:
            self._stream.publish(page.messages)
        passed, self._seen = page.upto - self._seen, page.upto
        return passed

    def close(self) -> None:
        """Give up leadership, and the connection to the stream."""
        self._leave()
        super().close()

    def _leave(self) -> None:
        if self._stream is not None:
            with suppress(StreamUnusable):
                self._stream.close()
        self._stream = None
