"""A report held against what plain Python counts from the events of histories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace as with_fields
from typing import Any

import pytest

from domain.money import parse
from projections.reports.figure import Figure
from projections.reports.report import Report
from tests.projections.event_history import History, month_of, quantile
from tests.projections.naive_figures import FIGURES, STAGES

NAIVE = FIGURES | {
    name: one
    for stage, gross in STAGES.items()
    for name, one in ((stage, gross), (f"{stage}-net", with_fields(gross, net=True)))
}


def hold(found: Report, histories: Iterable[History], by: str, period: str) -> None:
    """Hold every figure of every group against a second count.

    `period`: how the months of the report begin, such as "2026".
    """
    histories = list(histories)
    groups = {group.key: group for group in found.groups}
    for name, naive in NAIVE.items():
        members: dict[str, list[History]] = defaultdict(list)
        for history in histories:
            at = naive.dated(history)
            if at is not None and month_of(at).startswith(period):
                members[place(by, history, at)].append(history)
        for key, group in groups.items():
            same(name, group[name], naive.of(members.get(key, [])), key)
        assert members.keys() <= groups.keys()


def place(by: str, history: History, at: Any) -> str:
    closing = history.closing
    return {
        "none": "all",
        "month": month_of(at),
        "reason": f"{history.filed.category}/{history.filed.reason}",
        "channel": history.filed.channel,
        "outcome": str(closing.event.outcome) if closing else "unknown",
    }[by]


def same(name: str, figure: Figure, numbers: dict[str, Any], key: str) -> None:
    where = f"{name} of {key}"
    assert figure.numerator == numbers["numerator"], where
    assert figure.outside == numbers["outside"], where
    if "denominator" in numbers:
        assert figure.denominator == numbers["denominator"], where
        value = numbers["numerator"] / (numbers["denominator"] or 1)
        expected = round(value, 6) if numbers["denominator"] else None
        assert figure.value == expected, where
    if figure.amounts is not None:
        sums = {one.currency: parse(one.amount, one.currency) for one in figure.amounts}
        minor = {currency: one.amount for currency, one in sums.items()}
        assert minor == numbers["parts"], where
    elif "parts" in numbers:
        assert figure.parts == numbers["parts"], where
    if days := numbers.get("days"):
        about = (figure.value, figure.p90, figure.mean)
        again = (quantile(days, 0.5), quantile(days, 0.9), sum(days) / len(days))
        assert about == pytest.approx(again, abs=1e-4), where
