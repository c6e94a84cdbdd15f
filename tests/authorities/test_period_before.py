"""The table for 12315 tells each row of the period before, where it has one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from domain.policy.codes import Codes
from projections.authorities.authority_form import about
from projections.figures.figure_numbers import Numbered
from projections.reports.report import Report, assembled
from tests.authorities.form_reading import ASKED, lines, note, value

NOW: dict[str, dict[str, Any]] = {
    "opened": {"numerator": 5},
    "opened-reasons": {"numerator": 5, "parts": {"quality/defect": 5}},
    "referred": {"numerator": 2, "parts": {"court": 2}},
    "days-open": {"numerator": 1, "median": 3.0, "p90": 3.0, "mean": 4.0},
    "paid": {"numerator": 1, "parts": {"CNY": 12_900}},
}
BEFORE: dict[str, dict[str, Any]] = {
    "opened": {"numerator": 3},
    "opened-reasons": {
        "numerator": 3,
        "parts": {"quality/defect": 2, "other/other": 1},
    },
    "referred": {"numerator": 1, "parts": {"court": 1}},
    "days-open": {"numerator": 1, "median": 2.0, "p90": 2.0, "mean": 2.5},
    "paid": {"numerator": 1, "parts": {"CNY": 10_000}},
}


def test_each_row_has_the_period_before(codes: Codes) -> None:
    counted = assembled(
        ASKED,
        {("x",): NOW},
        position=1,
        left_out={},
        before={("x",): BEFORE},
    )
    found = {
        (one["指标"], one["细项"]): (one["数值"], one["上期数值"], one["增减"])
        for one in lines("cn12315", counted, codes)
    }
    words = about(codes, "quality/defect", "zh")
    assert found["投诉问题类型", words] == ("5", "2", "3")
    assert ("0", "1", "-1") in found.values()
    assert found["平均办结用时", ""] == ("4", "2.5", "1.5")
    assert found["消费者实际获付金额", "CNY"] == ("129.00", "100.00", "29.00")
    # In words, as every other code.
    assert found["移送机构", codes.routes["court"].zh] == ("2", "1", "1")
    assert not any(part == "court" for _, part in found)


@pytest.mark.parametrize("name", ["cn12315", "dsa", "adr", "p2b"])
def test_a_time_before_the_record_has_no_numbers(codes: Codes, name: str) -> None:
    found = lines(name, begun_on(datetime(2027, 1, 1), {}, {}), codes)  # noqa: DTZ001 - local
    assert all(value(line) == "" for line in found)
    told = [one for one in found if "2027-01-01" in note(one)]
    assert all(note(one).startswith(("not recorded", "未记录")) for one in told) or (
        name == "dsa"
    )
    assert len(told) >= 4


def test_a_period_before_the_record_is_not_nought(codes: Codes) -> None:
    begun = begun_on(datetime(2026, 1, 1), {("x",): NOW}, {})  # noqa: DTZ001 - local
    found = lines("cn12315", begun, codes)
    assert {(one["上期数值"], one["增减"]) for one in found} == {("", "")}
    (opened,) = (one for one in found if one["指标"] == "接收投诉")
    assert opened["数值"] == "5"
    assert opened["说明"] == "上期未记录：记录自 2026-01-01 开始"  # noqa: RUF001 - Chinese


def test_a_period_in_which_the_record_begins_is_told_with_the_day(
    codes: Codes,
) -> None:
    march = datetime(2026, 3, 5)  # noqa: DTZ001 - local
    begun = begun_on(march, {("x",): NOW}, {})
    (opened,) = (
        one for one in lines("cn12315", begun, codes) if one["指标"] == "接收投诉"
    )
    assert opened["数值"] == "5"
    assert "本期未完整覆盖：记录自 2026-03-05 开始" in opened["说明"]  # noqa: RUF001 - Chinese


def test_a_period_before_that_has_a_part_of_the_record_keeps_its_numbers(
    codes: Codes,
) -> None:
    july = datetime(2025, 7, 1)  # noqa: DTZ001 - local
    begun = begun_on(july, {("x",): NOW}, {("x",): BEFORE})
    (opened,) = (
        one for one in lines("cn12315", begun, codes) if one["指标"] == "接收投诉"
    )
    assert (opened["上期数值"], opened["增减"]) == ("3", "2")
    assert opened["说明"] == "上期未完整覆盖：记录自 2025-07-01 开始"  # noqa: RUF001 - Chinese


def begun_on(day: datetime, now: Numbered, before: Numbered) -> Report:
    """Return the report of a record that begins on a day, in local time."""
    return assembled(
        ASKED, now, position=1, left_out={}, before=before, start=lambda _: day
    )
