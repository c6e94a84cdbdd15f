"""The table for 12315 tells each row of the period before, where it has one."""

from __future__ import annotations

from typing import Any

from domain.policy.codes import Codes
from projections.authorities.authority_form import about
from projections.reports.report import assembled
from tests.authorities.form_reading import ASKED, lines

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
