"""The published figures: what each counts, out of what, dated by what."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class FigureUnit(StrEnum):
    """What a figure is measured in."""

    CASES = "cases"
    SHARE = "share"
    DAYS = "days"
    MONEY = "money"


class Metric(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The definition of a figure; `metrics.toml` says what the fields mean."""

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


@cache
def metrics() -> tuple[Metric, ...]:
    """Return all definitions, in the order in which they are published."""
    text = files("projections.figures").joinpath("metrics.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["metrics"], tuple[Metric, ...])
