"""The example in `docs/deliveries.md` takes what is sent; its figures hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from application.deliveries import backoff
from application.deliveries.delivery_worker import CONCURRENCY, HEARTBEAT_SECONDS
from application.deliveries.guarded_http import Problem
from application.deliveries.job_queue import STALLED_SECONDS
from application.deliveries.signature import new_secret, signed_headers
from application.deliveries.webhook_sender import BOUND
from interface.settings import settings

PAGE = (Path(__file__).parents[2] / "docs" / "deliveries.md").read_text("utf-8")


@pytest.fixture
def example() -> Any:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the page's own example
    return names["is_ours"]


def test_the_example_takes_what_is_ours_and_nothing_else(example: Any) -> None:
    old, new, other = new_secret(), new_secret(), new_secret()
    now = datetime.now(UTC)
    headers = signed_headers(uuid4(), now, b"{}", [new, old])
    assert example(new, headers, b"{}")
    assert example(old, headers, b"{}")
    assert not example(other, headers, b"{}")
    assert not example(new, headers, b"{ }")
    assert not example(new, headers | {"webhook-id": "msg_1"}, b"{}")
    late = signed_headers(uuid4(), now - timedelta(minutes=6), b"{}", [new])
    assert not example(new, late, b"{}")


def test_the_schedule_is_that_of_the_page() -> None:
    schedule = settings.read({}).deliveries.schedule
    assert schedule == backoff.SCHEDULE
    assert sum(schedule, timedelta()) == timedelta(hours=36, minutes=12, seconds=35)
    assert "36 hours and 12 minutes" in PAGE
    assert f"after attempt | {' | '.join(map(str, range(1, 10)))} |" in PAGE


def test_pauses_are_near_the_schedule_and_a_receiver_can_ask_for_longer_ones() -> None:
    now, schedule = datetime.now(UTC), backoff.SCHEDULE
    for tries, pause in enumerate(schedule, 1):
        drawn = [backoff.next_attempt(schedule, tries, now) for _ in range(50)]
        waited = [(one - now) / pause for one in drawn if one is not None]
        assert 0.9 <= min(waited) < max(waited) <= 1.1
    assert backoff.next_attempt(schedule, len(schedule) + 1, now) is None
    asked = backoff.next_attempt(schedule, 1, now, timedelta(minutes=3))
    assert asked == now + timedelta(minutes=3)
    shorter = backoff.next_attempt(schedule, 3, now, timedelta(seconds=1))
    assert shorter is not None
    assert shorter - now > timedelta(seconds=100)
    bounded = backoff.next_attempt(schedule, 1, now, timedelta(days=400))
    assert bounded == now + backoff.LONGEST_WAIT


def test_the_figures_and_the_problems_are_those_of_the_code() -> None:
    text = " ".join(PAGE.split())
    assert f"{CONCURRENCY} jobs at a time, {BOUND} of each webhook" in text
    assert (HEARTBEAT_SECONDS, STALLED_SECONDS) == (2.0, 8.0)
    for problem in Problem:
        assert f"`{problem}`" in text
