"""What is recorded, as readers are shown it: every event, its tag and its money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from application.record.plain_values import plain
from domain.case.events import DisputeEvent
from domain.money import Money
from tests.sample_events import EVENTS


def money_in(value: Any) -> Iterator[Money]:
    if isinstance(value, Money):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from money_in(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from money_in(one)


def amounts_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if set(value) == {"amount", "currency"}:
            yield value
        else:
            for one in value.values():
                yield from amounts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from amounts_in(one)


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda one: type(one).__name__)
def test_an_event_is_shown_as_it_is_stored_but_for_money(event: DisputeEvent) -> None:
    shown = plain(event)
    stored = msgspec.json.decode(msgspec.json.encode(event))
    assert shown["type"] == stored["type"]
    assert set(shown) == set(stored)
    assert [one["amount"] for one in amounts_in(shown)] == [
        str(one) for one in money_in(event)
    ]
    if not [*money_in(event)]:
        assert shown == stored


def test_money_and_hashes_are_texts_of_one_form() -> None:
    assert plain(Money(12_900, "CNY")) == {"amount": "129.00", "currency": "CNY"}
    assert plain(Money(5_800, "JPY"))["amount"] == "5800"
    assert re.fullmatch("[0-9a-f]{64}", plain(b"\xab" * 32))
