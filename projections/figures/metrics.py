"""The published figures: what each counts, out of what, dated by what."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct


class FigureUnit(StrEnum):
    """What a figure is measured in."""

    CASES = "cases"
    SHARE = "share"
    DAYS = "days"
    MONEY = "money"


class Metric(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The definition of a figure; `metrics.toml` says what the fields mean.

    `measured` of a figure in days is made from `since` and `until`: PostgreSQL's SQL
    for the days between two milestones, without the pauses for a net figure.
    """

    id: str
    zh: str
    en: str
    unit: FigureUnit
    dated: str
    counted: str = "true"
    out_of: str | None = None
    measured: str | None = None
    broken_down: str | None = None
    net_of: str | None = None
    version: int = 1
    since: str | None = None
    until: str | None = None

    @property
    def base(self) -> str:
        """Return the condition of the cases that it is about."""
        return self.out_of or self.counted

    @property
    def outside(self) -> str:
        """Return the condition of cases that have its date, and are left out."""
        return f"{self.dated} IS NOT NULL AND NOT coalesce({self.base}, FALSE)"


class Milestone(Struct, frozen=True):
    """SQL for when a milestone was, and how long the case had stood still by then.

    `paused` is in microseconds, NULL for not at all.
    """

    at: str
    paused: str


def milestone(name: str) -> Milestone:
    """Return a milestone of the rows that figures are counted from."""
    if name == "opened":
        # Nothing stands still before a case begins.
        return Milestone("opened_at", "0")
    if name == "decided":
        later = "agreed_at > ruled_at OR ruled_at IS NULL"
        return Milestone(
            "GREATEST(agreed_at, ruled_at)",
            f"CASE WHEN {later} THEN coalesce(agreed_paused, 0)"
            " ELSE coalesce(ruled_paused, 0) END",
        )
    return Milestone(f"{name}_at", f"coalesce({name}_paused, 0)")


def paused_between(since: str, until: str) -> str:
    """Return the SQL for the microseconds that a case stood still in between."""
    before, after = milestone(since).paused, milestone(until).paused
    return after if before == "0" else f"({after} - {before})"


def _days(raw: Mapping[str, Any]) -> str:
    since, until = raw["since"], raw["until"]
    seconds = f"extract(epoch FROM {milestone(until).at} - {milestone(since).at})"
    if "net_of" in raw:
        paused = paused_between(since, until)
        return f"({seconds} - {paused} / 1000000.0) / 86400"
    return f"{seconds} / 86400"


@cache
def metrics() -> tuple[Metric, ...]:
    """Return all definitions, in the order in which they are published."""
    text = files("projections.figures").joinpath("metrics.toml").read_text("utf-8")
    rows = [
        raw | {"measured": _days(raw)} if "since" in raw else raw
        for raw in tomllib.loads(text)["metrics"]
    ]
    return msgspec.convert(rows, tuple[Metric, ...])
