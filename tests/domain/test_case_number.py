"""The number of a case: dated, checked, the same for ever."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case_number import DIGITS, case_number, typed

CASE = UUID("79ffd7fc-fd2f-595f-8af9-fdb8cdce2568")
EVENING = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)
"""Already the 26th in China."""

CASES = st.uuids()
TIMES = st.datetimes(
    min_value=datetime(1900, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)


def test_a_number_never_changes() -> None:
    # Printed on letters, so it may never come out otherwise.
    assert case_number(CASE, EVENING) == "20261126572906388290"


@given(CASES, TIMES)
def test_a_number_is_found_again_however_it_is_typed(
    case: UUID, filed: datetime
) -> None:
    number = case_number(case, filed)
    assert len(number) == DIGITS
    assert typed(number) == number
    grouped = " ".join(number[at : at + 4] for at in range(0, DIGITS, 4))
    assert typed(f" {grouped} ") == number
    assert typed(grouped.replace(" ", "-")) == number
    full_width = number.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    assert typed(full_width) == number


@given(CASES, st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(case: UUID, at: int, by: int) -> None:
    number = case_number(case, EVENING)
    wrong = str((int(number[at]) + by) % 10)
    with pytest.raises(ValueError, match="case-number-check"):
        typed(number[:at] + wrong + number[at + 1 :])


@given(CASES, st.integers(0, DIGITS - 2))
def test_two_neighbours_in_the_wrong_order_are_noticed(case: UUID, at: int) -> None:
    number = case_number(case, EVENING)
    first, second = number[at], number[at + 1]
    swapped = number[:at] + second + first + number[at + 2 :]
    if swapped != number:
        with pytest.raises(ValueError, match="case-number-check"):
            typed(swapped)


@pytest.mark.parametrize("text", ["", "1", "2026112657290638829", "x" * 20, "0" * 21])
def test_what_is_no_number_is_told_apart(text: str) -> None:
    with pytest.raises(ValueError, match="case-number-length"):
        typed(text)
