"""What makes a complaint one that can be taken in (4.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.money import Money
from domain.refusals import Invalid
from domain.terms import Terms
from tests.domain.expected_events import deadline, filed, shanghai
from tests.samples import (
    BUYER,
    FILE,
    MEDIATOR,
    NOW,
    ORDER,
)
from tests.scenario import given


def test_a_filing_states_its_deadline_for_admission() -> None:
    # A Friday evening: the next working day is Monday, and it ends at midnight.
    friday, monday_midnight = "03-06 20:00", "03-10 00:00"
    until = deadline(
        "admission",
        "platform",
        "1 working day",
        since=friday,
        until=monday_midnight,
    )
    given().when(FILE, by=BUYER, now=shanghai(friday)).then(filed(deadlines=(until,)))


def claiming(
    kind: str, amount: int | None = None, currency: str = "CNY"
) -> dict[str, Any]:
    money = None if amount is None else Money(amount, currency)
    return {"claim": Terms(kind=kind, amount=money)}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"category": "weather"}, "/category"),
        ({"reason": "not-received"}, "/reason"),
        ({"channel": "phone"}, "/channel"),
        ({"seller": "b-1"}, "/seller"),
        (claiming("refund"), "/claim/amount"),
        (claiming("dismissal"), "/claim/kind"),
        (claiming("repair", 12_900), "/claim/amount"),
        (claiming("refund", 12_901), "/claim/amount"),
        (claiming("refund", 0), "/claim/amount"),
        (claiming("refund", 1, "USD"), "/claim/amount/currency"),
        ({"order": replace(ORDER, paid=Money(1, "XAU"))}, "/order/paid/currency"),
        (
            {"order": replace(ORDER, received_at=NOW + timedelta(hours=1))},
            "/order/received_at",
        ),
    ],
)
def test_a_bad_filing_names_the_place(change: dict[str, Any], place: str) -> None:
    when = given().when(replace(FILE, **change), by=BUYER)
    with pytest.raises(Invalid) as caught:
        _ = when.events
    assert place in [problem.pointer for problem in caught.value.problems]


@pytest.mark.parametrize(
    "contact",
    [
        "13800138000",
        "+86 138 0013 8000",
        "Mr. Li, li@example.com, after six",
        "手机：13800138000",  # noqa: RUF001 - Chinese stops
    ],
)
def test_a_contact_is_one_by_which_the_buyer_is_reached(contact: str) -> None:
    command = replace(FILE, contact=contact)
    given().when(command, by=BUYER).then(filed(contact=contact))


@pytest.mark.parametrize(
    "contact",
    [
        "somewhere",
        "-",
        "li@example",
        "12345",
        # Which of two is meant, nobody knows.
        "13800138000 / 13900139000",
        "a@example.com, b@example.com",
    ],
)
def test_what_reaches_nobody_is_no_contact(contact: str) -> None:
    command = replace(FILE, contact=contact)
    with pytest.raises(Invalid) as caught:
        _ = given().when(command, by=BUYER).events
    (problem,) = caught.value.problems
    assert (problem.pointer, problem.code) == ("/contact", "not-a-contact")
    # What was typed is somebody's own: a refusal does not repeat it.
    assert not problem.details
    # Staff may not know it, and a case that goes on has said it before.
    own = replace(command, channel="platform-initiated")
    assert given().when(own, by=MEDIATOR).events
    again = replace(command, number=2, reopens=UUID(int=7), new_facts="It leaks again.")
    assert given().when(again, by=BUYER).events


@pytest.mark.standard(
    "4.1 it states order, facts, reason, claim, contact and what proves it"
)
def test_all_mistakes_of_a_filing_are_named_at_once() -> None:
    command = replace(FILE, category="weather", channel="smoke", seller="b-1")
    with pytest.raises(Invalid) as caught:
        _ = given().when(command, by=BUYER).events
    places = {problem.pointer for problem in caught.value.problems}
    assert places == {"/channel", "/category", "/seller"}
