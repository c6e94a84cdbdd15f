"""The figures of the sample filing, and of what came after it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from projections.figures.case_figures import Figures
from tests.projections.scenario import CASE, at

FIRST = Figures(
    case_id=CASE,
    platform="shop",
    system="",
    zone="Asia/Shanghai",
    channel="order-page",
    category="quality",
    reason="defect",
    policy="cn-default/1",
    seller="s-1",
    opened_at=at(1),
    claimed=12_900,
    currency="CNY",
)


def changed(**changes: Any) -> Figures:
    one: Figures = replace(FIRST, **changes)
    return one
