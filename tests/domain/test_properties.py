"""Properties that hold for all values, not only for those we thought of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from application.rules.calendars import working_days
from domain import money
from domain.deadlines.time_limits import Limit, LimitUnit, due, parse_limit
from domain.identity import natural_key
from domain.money import Money
from domain.personal import map_personal
from domain.ruling.events import Ruled
from domain.ruling.reasons import Reason, RuleCited
from domain.terms import Terms
from interface.api.cursors import opened, sealed

CN = working_days("CN", "Asia/Shanghai")
MOMENTS = st.integers(0, 54 * 365 * 86_400).map(
    lambda seconds: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
LIMITS = st.builds(Limit, st.integers(1, 60), st.sampled_from(LimitUnit))


@given(st.integers(0, money.LARGEST), st.sampled_from(["CNY", "JPY", "KWD", "EUR"]))
@example(money.LARGEST, "JPY")
def test_money_survives_being_written_and_read(amount: int, currency: str) -> None:
    kept = Money(amount, currency)
    assert money.parse(str(kept), currency) == kept


@pytest.mark.parametrize("currency", ["CNY", "JPY", "KWD"])
def test_an_amount_above_the_largest_is_called_too_large(currency: str) -> None:
    largest = money.parse(str(money.LARGEST), currency)
    assert money.parse(str(largest), currency) == largest
    for text in (str(money.LARGEST + 1), "9" * 5_000):
        with pytest.raises(ValueError, match=r"^too-large$"):
            money.parse(text, currency)


@given(st.text(max_size=20))
def test_no_text_makes_half_an_amount(text: str) -> None:
    try:
        parsed = money.parse(text, "CNY")
    except ValueError:
        return
    assert parsed.amount >= 0
    assert text.isascii()


@given(LIMITS)
def test_a_limit_survives_being_written_and_read(limit: Limit) -> None:
    assert parse_limit(str(limit)) == limit


@given(MOMENTS, LIMITS)
@settings(max_examples=300)
def test_a_limit_ends_after_it_begins_and_never_earlier_for_later_starts(
    start: datetime, limit: Limit
) -> None:
    end = due(start, limit, CN)
    assert end > start
    assert due(start + timedelta(hours=5), limit, CN) >= end


@given(MOMENTS, st.integers(1, 30))
def test_working_days_end_at_midnight_in_shanghai(start: datetime, days: int) -> None:
    end = due(start, Limit(days, LimitUnit.WORKING_DAY), CN)
    assert (end.hour, end.minute, end.second, end.microsecond) == (16, 0, 0, 0)


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=4))
def test_sealing_every_personal_text_and_opening_it_is_nothing(
    texts: list[tuple[str, str]],
) -> None:
    reasons = tuple(
        Reason(issue=issue, finding=finding, rule=RuleCited(id="proof", version="1"))
        for issue, finding in texts
    )
    ruling = Ruled(
        liability="seller",
        remedies=(Terms(kind="repair"),),
        reasons=reasons,
        obligations=(),
    )
    sealed_ = map_personal(ruling, lambda path, text: f"{path}|{text}")
    assert sealed_ != ruling
    opened_ = map_personal(sealed_, lambda path, text: text.removeprefix(f"{path}|"))
    assert opened_ == ruling


KEY = st.tuples(*[st.text(max_size=10)] * 5)


@given(KEY, KEY)
def test_two_things_never_share_a_key(
    first: tuple[str, str, str, str, str], second: tuple[str, str, str, str, str]
) -> None:
    same = natural_key(*first, 1) == natural_key(*second, 1)
    assert same == (first == second)
    assert natural_key(*first, 1) != natural_key(*first, 2)


@given(MOMENTS, st.uuids())
def test_a_cursor_leads_back_to_its_place(moment: datetime, case: UUID) -> None:
    place = (moment, case)
    kind = tuple[datetime, UUID]
    assert opened(sealed(place, "a list"), kind, "a list").place == place
