"""A stream of NATS JetStream that holds each event message once, in order."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

import nats
import nats.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import PubAck, StreamConfig
from nats.js.errors import NotFoundError

from application.feed.event_message import EventMessage, encode
from application.operator_error import OperatorError

SUBJECTS = "redress.events.>"
MESSAGE_ID = "Nats-Msg-Id"
EXPECTED = "Nats-Expected-Last-Sequence"

CONNECT_SECONDS = 5
ANSWER_SECONDS = 15.0

# What a part of a subject may be: no dot, blank or wildcard.
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")

R = TypeVar("R")


class StreamUnusable(OperatorError):
    """The stream cannot be published to now; the message says why."""


class NatsStream:
    """Publishes to a stream, over one connection with a loop in a thread of its own.

    Every message says how many the stream has to hold before it, so that the server
    refuses what comes twice, too late or beside another publisher. Not by the id of the
    last one: a server that was started again knows only those of the last two minutes.
    """

    def __init__(self, url: str, name: str) -> None:
        self._name = name
        self._held = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="nats", daemon=True
        )
        self._thread.start()
        try:
            self._failure = _Failure()
            self._client, self._stream = self._do(_opened(url, name, self._failure))
        except StreamUnusable:
            self.close()
            raise

    def last(self) -> int:
        """Return the position of the last message; 0 for an empty stream."""
        return self._do(self._last())

    def publish(self, messages: Sequence[EventMessage]) -> None:
        """Publish messages behind the last one. Raises StreamUnusable.

        Some of them may have been published then: ask for the last one again.
        """
        self._do(self._publish(messages))

    def close(self) -> None:
        """Close the connection, and end the thread."""
        client: Client | None = getattr(self, "_client", None)
        if client is not None:
            closing = asyncio.run_coroutine_threadsafe(client.close(), self._loop)
            _waited(closing)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, R]) -> R:
        doing = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return doing.result(2 * ANSWER_SECONDS)
        except (nats.errors.Error, OSError, TimeoutError) as error:
            said = f"{type(error).__name__} {error}".strip()
            raise StreamUnusable(f"stream {self._name}: {said}") from None
        finally:
            doing.cancel()

    async def _last(self) -> int:
        self._held = (await self._stream.stream_info(self._name)).state.last_seq
        try:
            found = await self._stream.get_last_msg(self._name, SUBJECTS)
        except NotFoundError:
            return 0
        position = (found.headers or {}).get(MESSAGE_ID, "")
        if not (position.isascii() and position.isdigit()):
            raise StreamUnusable(
                f"stream {self._name}: its last message is none of ours"
            )
        return int(position)

    async def _publish(self, messages: Sequence[EventMessage]) -> None:
        sent = []
        for one in messages:
            headers = {MESSAGE_ID: str(one.position), EXPECTED: str(self._held)}
            self._held += 1
            sent.append(
                await self._stream.publish_async(
                    subject(one), encode(one), headers=headers, stream=self._name
                )
            )
        answers = asyncio.create_task(_all_of(sent))
        # The library raises what a server refuses where nobody waits for it, and leaves
        # the answers of a connection that is lost open for ever.
        failed = asyncio.create_task(self._failure.wait())
        try:
            await asyncio.wait(
                {answers, failed},
                timeout=ANSWER_SECONDS,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            failed.cancel()
        if not answers.done():
            answers.cancel()
            with suppress(asyncio.CancelledError):
                await answers
            raise StreamUnusable(f"stream {self._name}: {self._failure.said}")
        answers.result()


def subject(message: EventMessage) -> str:
    """Return the subject of a message: its platform and its kind."""
    platform = _UNSAFE.sub(lambda one: f"%{ord(one[0]):x}", message.platform)
    return f"redress.events.{platform or '%'}.{message.type}"


async def _all_of(sent: Sequence[asyncio.Future[PubAck]]) -> None:
    await asyncio.gather(*sent)


class _Failure:
    """What went wrong with a connection that nothing that is waited for can raise."""

    def __init__(self) -> None:
        self._happened = asyncio.Event()
        self.said = "no answer in time"

    async def note(self, error: Exception) -> None:
        """Note what the library says of an error."""
        self.said = f"{type(error).__name__} {error}".strip()
        self._happened.set()

    async def note_end(self) -> None:
        """Note that the connection was lost."""
        self.said = "the connection was lost"
        self._happened.set()

    async def wait(self) -> None:
        """Wait until something went wrong."""
        await self._happened.wait()


async def _opened(
    url: str, name: str, failure: _Failure
) -> tuple[Client, JetStreamContext]:
    client = await nats.connect(
        url,
        name="redress",
        connect_timeout=CONNECT_SECONDS,
        # Whoever leads tries again, and asks the stream first how far it is.
        allow_reconnect=False,
        max_reconnect_attempts=1,
        reconnect_time_wait=0,
        error_cb=failure.note,
        disconnected_cb=failure.note_end,
    )
    stream = client.jetstream(timeout=ANSWER_SECONDS)
    try:
        await stream.stream_info(name)
    except NotFoundError:
        await stream.add_stream(StreamConfig(name=name, subjects=[SUBJECTS]))
    return client, stream


def _waited(closing: Future[None]) -> None:
    try:
        closing.result(CONNECT_SECONDS)
    except (nats.errors.Error, OSError, TimeoutError):
        return
