"""The feed of events: what happened, in the order of the ledger, from any place on."""

from __future__ import annotations

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
    FeedFilter,
    FeedPage,
)
from application.feed.event_message import EventMessage
from domain.roles import STAFF, Role
from interface.api.bulkheads import Work, work
from interface.api.feed_reader import FeedReader, told_case
from interface.api.feed_tail import end_for_all
from interface.api.openapi.body_schemas import NDJSON, JsonLines
from interface.api.openapi.operations import READ_PROBLEMS, Reading
from interface.api.openapi.text_forms import EventType
from interface.api.parameters import event_type
from interface.api.preferences import applied_wait, preferred_wait
from interface.api.problems import malformed
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.tenancy import recorded_platform

READERS = STAFF | {Role.PLATFORM, Role.AUDITOR, Role.REGULATOR, Role.ANALYST}
"""Parties have lists of their cases; the feed tells of everybody's. Staff sees nothing
there of cases in which they have a part of their own: row security hides them."""


SSE = "text/event-stream"
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
        many seconds for one. Messages hold no personal text. Analysts know people,
        shops and orders by pseudonyms (`p-…`) that are theirs alone, everybody else by
        the platform's own ids. What callers gave as codes or terms is told as it was
        given: tags, `sku`, `carrier`, the addressee of an inquiry, the basis of a hold,
        the measure of a sanction. A `platform` or `dispute` of which the caller can be
        told nothing is refused.
        """
        wanted = FeedFilter(
            platform=await sync_to_thread(recorded_platform, context, platform),
            types=None if type is None else frozenset({str(event_type(type))}),
            case=await sync_to_thread(told_case, context, dispute),
        )
        reader = FeedReader(context, request.app.state.feed_tail, wanted, limit)
        accepted = context.headers.get("accept", "")
        if SSE in accepted:
            begins = await _stream_begin(context, after)
            return _streamed(reader.stream(begins))
        seconds = preferred_wait(context.headers)
        page = await reader.page(after or 0, float(seconds or 0))
        return _answer(context, page, seconds, as_batch=BATCH in accepted)


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
