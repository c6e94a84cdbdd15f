"""The feed of events: what happened, in the order of the ledger, from any place on."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Schema
from litestar.params import FromQuery, QueryParameter
from litestar.response import Stream as Streamed

from application.feed.cloud_event import BATCH, cloud_event
from application.feed.event_feed import (
    FeedBroken,
    FeedFilter,
    FeedPage,
    events_after,
)
from application.feed.event_message import EventMessage
from domain.roles import STAFF, Role
from interface.api.bulkheads import Work, work
from interface.api.feed_tail import FeedTail, end_for_all
from interface.api.openapi.body_schemas import NDJSON, JsonLines
from interface.api.openapi.operations import READ_PROBLEMS, Reading
from interface.api.openapi.text_forms import EventType
from interface.api.parameters import event_type
from interface.api.preferences import applied_wait, preferred_wait
from interface.api.problems import Failure, malformed
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.tenancy import asked_platform
from interface.callers.caller_scope import reading_events

READERS = STAFF | {Role.PLATFORM, Role.AUDITOR, Role.REGULATOR, Role.ANALYST}
"""Parties have lists of their cases; the feed tells of everybody's. Staff sees nothing
there of cases in which they have a part of their own: row security hides them."""

_log = logging.getLogger(__name__)

SSE = "text/event-stream"
BEAT_SECONDS = 10.0
"""How often a stream on which nothing happens says that it is still there."""

STREAM_SECONDS = 600.0
"""How long a stream lasts: then the client connects again, with a token that counts."""

MOST = 1_000
_DIGITS = 18

LINES = ResponseSpec(
    JsonLines[EventMessage],
    description="One message a line; `Link` leads to what comes behind them",
    media_type=NDJSON,
    generate_examples=False,
)

Position = Annotated[
    int | None,
    QueryParameter(
        ge=0,
        le=10**_DIGITS - 1,
        description="The position of the last event that you have.",
    ),
]


@dataclass
class FeedReading(Reading):
    """A request for the feed; its answer has three forms."""

    def describe_answer(self) -> None:
        """Add the two other forms of the answer."""
        super().describe_answer()
        answer: Any = (self.responses or {}).get("200")
        if answer is not None and answer.content is not None:
            text = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))
            answer.content |= {BATCH: text, SSE: text}


class FeedController(Controller):
    """For the platform's programs and staff, auditors, regulators and analysts."""

    path = "/v1/events"
    tags = ("feed",)

    @get(
        "/",
        operation_class=FeedReading,
        responses=READ_PROBLEMS | {200: LINES},
        operation_id="readEvents",
        summary="Read the feed of events",
        opt=read_of(Read.EVENTS, by=READERS) | work(Work.FEED),
    )
    async def events(
        self,
        context: NamedDependency[RequestContext],
        request: Request[Any, Any, Any],
        after: Position = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = MOST,
        type: EventType = None,  # noqa: A002 - the field's name
        dispute: FromQuery[UUID | None] = None,
        platform: FromQuery[str | None] = None,
    ) -> Response[Any]:
        """Return what comes behind a position, in the order of all events.

        Lines of JSON, or as `Accept` asks: a batch of CloudEvents, or server-sent
        events that go on (`Last-Event-ID`, or the end of the feed, is where they
        begin). With `Prefer: wait=20` an answer without any event waits up to that
        many seconds for one. Messages hold no personal text.
        """
        wanted = FeedFilter(
            platform=asked_platform(context.caller, platform),
            types=None if type is None else frozenset({str(event_type(type))}),
            case=dispute,
        )
        reader = FeedReader(context, request.app.state.feed_tail, wanted, limit)
        accepted = context.headers.get("accept", "")
        if SSE in accepted:
            begins = await _stream_begin(context, after)
            return _streamed(reader.stream(begins))
        seconds = preferred_wait(context.headers)
        page = await reader.page(after or 0, float(seconds or 0))
        return _answer(context, page, seconds, as_batch=BATCH in accepted)


class FeedReader:
    """Reads the feed for one request, and waits for more of it."""

    def __init__(
        self, context: RequestContext, tail: FeedTail, wanted: FeedFilter, limit: int
    ) -> None:
        self._context, self._tail = context, tail
        self._wanted, self._limit = wanted, limit
        self._database = context.system.database

    async def page(self, after: int, seconds: float) -> FeedPage:
        """Return what comes behind a position; wait if there is nothing."""
        until = time.monotonic() + seconds
        page = await self._look(after)
        while not page.messages:
            left = until - time.monotonic()
            is_waiting = page.is_end and left > 0
            if page.is_end and not (
                is_waiting
                and await self._tail.moves_beyond(self._database, page.upto, left)
            ):
                break
            page = await self._look(page.upto)
        return page

    async def stream(self, after: int) -> AsyncIterator[bytes]:
        """Yield server-sent events until the stream's time is over."""
        until = time.monotonic() + STREAM_SECONDS
        # Sent at once, so that a client knows it is connected.
        yield b"retry: 2000\n\n"
        while (
            time.monotonic() < until
            and not self._tail.has_ended
            and await self._still_counts()
        ):
            page = await self.page(after, BEAT_SECONDS)
            after = page.upto
            # The position is said also where no event is the caller's: a client that
            # connects again begins there.
            yield b"".join(map(_sent, page.messages)) or f"id: {after}\n\n".encode()

    async def _still_counts(self) -> bool:
        """Tell whether the caller's token still counts: it may have been revoked."""
        header = self._context.headers.get("authorization")
        tokens = self._context.system.tokens
        try:
            return await tokens.authenticated(header) == self._context.caller
        except Exception:  # noqa: BLE001 - whatever it is, the stream ends
            return False

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
            return events_after(connection, after, self._limit, self._wanted, end)


async def _stream_begin(context: RequestContext, after: int | None) -> int:
    """Return where a stream begins. Raises Failure for a bad Last-Event-ID."""
    last = context.headers.get("last-event-id")
    if last is not None:
        if not (last.isascii() and last.isdigit() and len(last) <= _DIGITS):
            raise malformed("Last-Event-ID", "no-position", value=last[:80])
        return int(last)
    if after is not None:
        return after
    return await sync_to_thread(end_for_all, context.system.database)


def _sent(message: EventMessage) -> bytes:
    body = msgspec.json.encode(message)
    head = f"id: {message.position}\nevent: {message.type}\ndata: "
    return head.encode() + body + b"\n\n"


def _streamed(events: AsyncIterator[bytes]) -> Streamed:
    # A proxy that gathers an answer before it passes it on would hold all of it up.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Streamed(events, media_type=SSE, headers=headers)


def _answer(
    context: RequestContext, page: FeedPage, seconds: int | None, *, as_batch: bool
) -> Response[bytes]:
    headers: Mapping[str, str] = {
        "Link": f'<{_behind(context, page.upto)}>; rel="next"',
        **applied_wait(seconds),
    }
    if as_batch:
        body = msgspec.json.encode([cloud_event(one) for one in page.messages])
        return Response(body, media_type=BATCH, headers=headers)
    return Response(_lines(page.messages), media_type=NDJSON, headers=headers)


def _lines(messages: Iterable[EventMessage]) -> bytes:
    return b"".join(msgspec.json.encode(one) + b"\n" for one in messages)


def _behind(context: RequestContext, position: int) -> str:
    kept = [one for one in context.query.split("&") if one]
    others = [one for one in kept if not one.startswith("after=")]
    return f"{context.path}?{'&'.join([*others, f'after={position}'])}"
