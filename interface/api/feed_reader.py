"""Reads the feed for one request, which may wait while its caller is revoked."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
from litestar.concurrency import sync_to_thread

from application.exports.pseudonyms import Pseudonyms
from application.feed.event_feed import (
    FeedBroken,
    FeedFilter,
    FeedPage,
    events_after,
    has_events,
)
from application.feed.event_message import EventMessage
from application.feed.feed_pseudonyms import feed_pseudonyms
from domain.roles import Role
from interface.api.feed_tail import FeedTail, end_for_all
from interface.api.problems import Failure, malformed
from interface.api.request_context import RequestContext
from interface.callers.caller import Unauthenticated
from interface.callers.caller_scope import reading_events
from interface.callers.signing_keys import KeysUnavailable

BEAT_SECONDS = 10.0
"""How often a stream on which nothing happens says that it is still there."""

CHECK_SECONDS = 0.5
"""How often it is asked meanwhile whether the caller still counts."""

STREAM_SECONDS = 600.0
"""How long a stream lasts: then the client connects again, with a token that counts."""

_log = logging.getLogger(__name__)


class FeedReader:
    """Reads the feed for one request, and waits for more of it."""

    def __init__(
        self, context: RequestContext, tail: FeedTail, wanted: FeedFilter, limit: int
    ) -> None:
        self._context, self._tail = context, tail
        self._wanted, self._limit = wanted, limit
        self._database = context.system.database
        self._pseudonyms = _pseudonyms(context)

    async def page(self, after: int, seconds: float) -> FeedPage:
        """Return what comes behind a position; wait if there is nothing.

        Raises Unauthenticated for a caller who does not count any more meanwhile.
        """
        until = time.monotonic() + seconds
        page = await self._look(after)
        while not page.messages:
            left = until - time.monotonic()
            if page.is_end:
                if left <= 0 or self._tail.has_ended:
                    break
                moved = await self._tail.moves_beyond(
                    self._database, page.upto, min(left, CHECK_SECONDS)
                )
                await self._check_caller()
                if not moved:
                    continue
            page = await self._look(page.upto)
        return page

    async def stream(self, after: int) -> AsyncIterator[bytes]:
        """Yield server-sent events until the stream's time is over."""
        until = time.monotonic() + STREAM_SECONDS
        # Sent at once, so that a client knows it is connected.
        yield b"retry: 2000\n\n"
        while time.monotonic() < until and not self._tail.has_ended:
            try:
                await self._check_caller()
                page = await self.page(after, BEAT_SECONDS)
            except (Unauthenticated, KeysUnavailable):
                return
            after = page.upto
            # The position is said also where no event is the caller's: a client that
            # connects again begins there.
            yield b"".join(map(_sent, page.messages)) or f"id: {after}\n\n".encode()

    async def _check_caller(self) -> None:
        """Raise Unauthenticated if the caller does not count any more.

        A token or a key may have been revoked, or have ended, while the request waits.
        """
        header = self._context.headers.get("authorization")
        await self._context.system.tokens.authenticated(header)

    async def _look(self, after: int) -> FeedPage:
        try:
            return await sync_to_thread(self._read, after)
        except FeedBroken as error:
            _log.error("feed: %s", error)
            raise Failure("feed-broken") from None

    def _read(self, after: int) -> FeedPage:
        end = end_for_all(self._database)
        with (
            reading_events(self._context.caller),
            self._database.get_connection() as connection,
        ):
            return events_after(
                connection, after, self._limit, self._wanted, end, self._pseudonyms
            )


def told_case(context: RequestContext, case: UUID | None) -> UUID | None:
    """Return a case of which the caller is told. Raises Failure for any other.

    One that is mistyped would look like one in which nothing happens. Whether it is
    hidden from the caller or is none, nobody is told.
    """
    if case is None:
        return None
    with (
        reading_events(context.caller),
        context.system.database.get_connection() as connection,
    ):
        if not has_events(connection, case):
            raise malformed("dispute", "no-dispute")
    return case


def _pseudonyms(context: RequestContext) -> Pseudonyms | None:
    """Return those by which an analyst knows people; None for everybody else."""
    caller = context.caller
    if caller.role is not Role.ANALYST:
        return None
    master = context.system.keys.master.digest
    return feed_pseudonyms(master, caller.platform, caller.subject)


def _sent(message: EventMessage) -> bytes:
    body = msgspec.json.encode(message)
    head = f"id: {message.position}\nevent: {message.type}\ndata: "
    return head.encode() + body + b"\n\n"
