"""Contradictions within a policy profile, each rule a small function.

The rules look at the fields that could be read, so that one mistake does not hide
another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.deadlines.time_limits import Limit, LimitName, LimitUnit

Values: TypeAlias = Mapping[str, Any]
Found: TypeAlias = Iterator[tuple[str, str]]
"""Places, and what is wrong there."""

# An offer lapses with the negotiation at the latest, and a suspension is not proved
# after its longest time.
_WITHIN = (
    (LimitName.OFFER_ANSWER, LimitName.NEGOTIATION),
    (LimitName.SUSPENSION_PROOF, LimitName.SUSPENSION),
)


def contradictions(values: Values) -> Found:
    """Yield every contradiction in the fields of a profile."""
    for rule in RULES:
        yield from rule(values)


def _no_such_zone(values: Values) -> Found:
    zone = values.get("zone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield "zone", f"there is no time zone {zone!r}"


def _window_closed(values: Values) -> Found:
    window = values.get("window")
    if window is None:
        return
    opens = datetime.combine(date.min, window.opens)
    closes = datetime.combine(date.min, window.closes)
    if closes <= opens:
        yield "window", "closes before it opens"
    # With a window of a few seconds a day, a limit of hours would take years.
    elif closes - opens < timedelta(hours=1):
        yield "window", "is open for less than an hour"


def _silence_reversed(values: Values) -> Found:
    silence = values.get("silence")
    if silence is not None and getattr(silence, "response", None) == "withdraw":
        yield "silence.response", "the seller's silence would end the buyer's case"


def _foreign_money(values: Values) -> Found:
    currencies = values.get("currencies")
    for currency in values.get("four_eyes", ()):
        if currencies is not None and currency not in currencies:
            yield f"four_eyes.{currency}", "is none of the profile's currencies"


def _two_clocks(values: Values) -> Found:
    """Find extensions that run by another clock than what they extend.

    An extended limit is paused and resumed in one unit (see `deadlines.pauses`).
    """
    for name, extension in values.get("extensions", {}).items():
        for at, limits in _tables(values):
            limit = limits.get(name)
            if limit is not None and _clock(limit) != _clock(extension):
                wrong = f"{extension} runs by another clock than {at} ({limit})"
                yield f"extensions.{name}", wrong


def _longer_than_its_frame(values: Values) -> Found:
    """Find limits that outlast the one within which they run."""
    general = values.get("limits", {})
    for at, limits in _tables(values):
        for name, frame in _WITHIN:
            inner = limits.get(name) or general.get(name)
            outer = limits.get(frame) or general.get(frame)
            # Only in the table that sets one of the two: a general limit that is too
            # long is named once, not in every table that leaves it alone.
            if limits.keys() & {name, frame} and _is_longer(inner, outer):
                yield f"{at}.{name}", f"{inner} is longer than {frame}, {outer}"


def _is_longer(inner: Limit | None, outer: Limit | None) -> bool:
    """Tell whether one limit surely outlasts another; with two clocks nothing is sure.

    How long a working day is depends on the date.
    """
    if inner is None or outer is None or _clock(inner) != _clock(outer):
        return False
    return _length(inner) > _length(outer)


def _clock(limit: Limit) -> LimitUnit:
    # Hours and days run by the same clock: a day is 24 hours.
    return LimitUnit.HOUR if limit.unit is LimitUnit.DAY else limit.unit


def _length(limit: Limit) -> int:
    return limit.amount * (24 if limit.unit is LimitUnit.DAY else 1)


def _tables(values: Values) -> Iterator[tuple[str, Mapping[LimitName, Limit]]]:
    yield "limits", values.get("limits", {})
    for group in ("by_category", "by_reason"):
        for code, limits in values.get(group, {}).items():
            yield f"{group}.{code}", limits


RULES = (
    _no_such_zone,
    _window_closed,
    _silence_reversed,
    _foreign_money,
    _two_clocks,
    _longer_than_its_frame,
)
