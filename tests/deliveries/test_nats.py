"""The stream of NATS JetStream: every event once, in order, whoever is killed."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from nats import connect
from nats.js.api import StreamConfig

from application.cases.disputes import Disputes
from application.feed import nats_publisher
from application.feed.event_feed import FeedFilter, events_after
from application.feed.event_message import EventMessage
from application.feed.nats_publisher import NatsPublisher
from application.feed.nats_stream import (
    SUBJECTS,
    NatsStream,
    StreamUnusable,
    subject,
)
from application.operator_error import OperatorError
from application.record.sequencer import Sequencer
from tests.conftest import Clock
from tests.deliveries.nats_server import PROGRAM, NatsServer
from tests.sample_cases import tell_all

pytestmark = pytest.mark.skipif(
    not Path(PROGRAM).exists(), reason="the program nats-server is not installed"
)
STREAM = "REDRESS"


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[NatsServer]:
    one = NatsServer(tmp_path)
    yield one
    one.stop()


@pytest.fixture
def positions(url: str, disputes: Disputes, clock: Clock) -> list[int]:
    """Return the positions of the events of every sample case, played twice."""
    tell_all(disputes, clock, 2)
    sequencer = Sequencer(url)
    while sequencer.tick():
        pass
    sequencer.close()
    with disputes.database.get_connection() as connection:
        page = events_after(connection, 0, 10_000, FeedFilter())
    return [one.position for one in page.messages]


def stored(url: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what the stream holds: subjects and messages, in order."""
    return asyncio.run(_stored(url))


async def _stored(url: str) -> list[tuple[str, dict[str, Any]]]:
    client = await connect(url)
    try:
        stream = client.jetstream()
        state = (await stream.stream_info(STREAM)).state
        found = []
        for number in range(state.first_seq, state.last_seq + 1):
            one = await stream.get_msg(STREAM, number)
            found.append((str(one.subject), json.loads(one.data or b"")))
        return found
    finally:
        await client.close()


def published(url: str, nats: NatsServer) -> None:
    """Publish until nothing is left."""
    publisher = NatsPublisher(url, nats.url, STREAM)
    try:
        while publisher.tick():
            pass
    finally:
        publisher.close()


def test_every_event_is_in_the_stream_once_and_in_order(
    url: str, nats: NatsServer, positions: list[int]
) -> None:
    published(url, nats)
    published(url, nats)
    found = stored(nats.url)
    assert [message["position"] for _, message in found] == positions
    assert {one for one, _ in found} >= {"redress.events.shop.ruled"}


def test_the_server_refuses_what_is_not_behind_the_last_message(
    url: str, nats: NatsServer, positions: list[int], disputes: Disputes
) -> None:
    published(url, nats)
    with disputes.database.get_connection() as connection:
        page = events_after(connection, 0, 3, FeedFilter())
    mine, other = NatsStream(nats.url, STREAM), NatsStream(nats.url, STREAM)
    assert mine.last() == other.last() == positions[-1]
    other.publish([_moved(page.messages[1], 10**6)])
    with pytest.raises(StreamUnusable):
        mine.publish([_moved(page.messages[2], 10**6 + 1)])
    mine.close()
    other.close()
    found = [one["position"] for _, one in stored(nats.url)]
    assert found == [*positions, 10**6]


def _moved(message: EventMessage, position: int) -> EventMessage:
    return replace(message, position=position)


def test_a_server_that_is_killed_and_back_gets_what_is_left(
    url: str, nats: NatsServer, positions: list[int]
) -> None:
    publisher = NatsPublisher(url, nats.url, STREAM)
    publisher.tick()
    nats.kill()
    with pytest.raises((OperatorError, OSError)):
        while True:
            publisher.close()
            publisher.tick()
    nats.start()
    publisher.close()
    published(url, nats)
    assert [one["position"] for _, one in stored(nats.url)] == positions


def _publish_for_ever(url: str, server: str) -> None:
    nats_publisher.BATCH = 3
    publisher = NatsPublisher(url, server, STREAM)
    while True:
        publisher.tick()


@pytest.mark.kill
def test_a_publisher_that_is_killed_again_and_again_publishes_all_once(
    url: str, nats: NatsServer, positions: list[int]
) -> None:
    context = multiprocessing.get_context("spawn")
    for number in range(8):
        process = context.Process(target=_publish_for_ever, args=(url, nats.url))
        process.start()
        time.sleep(1.0 + number * 0.05)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    published(url, nats)
    assert [one["position"] for _, one in stored(nats.url)] == positions


def test_a_stream_that_is_ahead_of_the_ledger_is_not_added_to(
    url: str, nats: NatsServer, positions: list[int], disputes: Disputes
) -> None:
    with disputes.database.get_connection() as connection:
        (message, *_) = events_after(connection, 0, 1, FeedFilter()).messages
    stream = NatsStream(nats.url, STREAM)
    stream.last()
    stream.publish([_moved(message, positions[-1] + 10)])
    stream.close()
    publisher = NatsPublisher(url, nats.url, STREAM)
    with pytest.raises(OperatorError, match="another record"):
        publisher.tick()
    publisher.close()


def test_a_platform_whose_name_is_no_subject_has_one_all_the_same(
    disputes: Disputes, positions: list[int]
) -> None:
    assert positions
    with disputes.database.get_connection() as connection:
        (message, *_) = events_after(connection, 0, 1, FeedFilter()).messages
    odd = replace(message, platform="a.b *>")
    assert subject(odd) == "redress.events.a%2eb%20%2a%3e.filed"


def test_a_server_that_was_away_for_long_knows_no_ids_and_gets_the_rest(
    url: str, nats: NatsServer, positions: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(_with_a_short_memory(nats.url))
    monkeypatch.setattr(nats_publisher, "BATCH", 5)
    publisher = NatsPublisher(url, nats.url, STREAM)
    publisher.tick()
    publisher.close()
    time.sleep(0.5)
    nats.kill()
    nats.start()
    published(url, nats)
    assert [one["position"] for _, one in stored(nats.url)] == positions


async def _with_a_short_memory(url: str) -> None:
    client = await connect(url)
    config = StreamConfig(name=STREAM, subjects=[SUBJECTS], duplicate_window=0.2)
    await client.jetstream().add_stream(config)
    await client.close()
