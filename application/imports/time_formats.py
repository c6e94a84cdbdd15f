"""Reads times as a source writes them, and tells how exactly they say a moment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from application.record.envelope import Precision

ISO, EPOCH, EPOCH_MS = "iso", "epoch", "epoch-ms"
"""Forms that are no strptime formats: ISO 8601, and seconds or milliseconds of Unix."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    r"([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?",
    re.ASCII,
)
"""Of ISO 8601, what tells a day or a moment: no weeks, and no hour without minutes."""

_PARTS = {
    "year": ("%Y", "%y", "%c", "%x", "%D"),
    "month": ("%m", "%b", "%B", "%j", "%c", "%x", "%D"),
    "day": ("%d", "%j", "%c", "%x", "%D"),
}
"""What a format has to say, and by what it can."""
_NUMBER = re.compile(r"-?\d{1,17}(\.\d{1,9})?", re.ASCII)
_HOURS = ("%H", "%I", "%s", "%c", "%X")


_SHOWN = {
    ISO: "YYYY-MM-DD (also with HH:MM:SS and an offset)",
    EPOCH: "seconds since 1970",
    EPOCH_MS: "milliseconds since 1970",
}


class BadTime(ValueError):
    """A text is no time of a form; the message says why."""


class Moment(Struct, frozen=True):
    """A moment (UTC), and how exactly it is told.

    `other` is the second reading of an hour that came twice, when the clocks were set
    back; both readings of an hour that never came are one.
    """

    at: datetime
    precision: Precision
    other: datetime | None = None


def time_mistake(form: str) -> str | None:
    """Return what is wrong with a form of times, None if nothing is."""
    if form in {ISO, EPOCH, EPOCH_MS}:
        return None
    if "%Z" in form.replace("%%", ""):
        # strptime takes a name of a zone and forgets it: hours would be lost silently.
        return f"{form!r}: names of zones are not read; say %z for offsets, or zone"
    sample = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    # Tried on a text of this format: strptime checks one only when it reads by it.
    try:
        datetime.strptime(sample.strftime(form), form)  # noqa: DTZ007 - only tried
    except (ValueError, re.error) as error:
        return f"{form!r} is not a format of times: {error}"
    if "%" not in form:
        return f"{form!r} is not a format of times"
    return _part_mistake(form)


def _part_mistake(form: str) -> str | None:
    """Return which part of a date a format leaves to be invented."""
    for part, ways in _PARTS.items():
        if not any(way in form for way in ways):
            return f"{form!r} says no {part}: it would be invented"
    if "%I" in form and "%p" not in form:
        return f"{form!r} says no half of the day: %I needs %p"
    return None


def read_time(text: str, forms: Sequence[str], zone: ZoneInfo) -> Moment:
    """Read a time by the first form that fits. Raises BadTime."""
    for form in forms:
        local = _local(text, form)
        if local is not None:
            exact = Precision.SECOND if _is_exact(text, form) else Precision.DAY
            try:
                return _moment(local, exact, zone)
            except OverflowError:
                raise BadTime("lies outside the years 1-9999") from None
    said = " or ".join(_SHOWN.get(form, form) for form in forms)
    raise BadTime(f"is not a time of the form {said}")


def _local(text: str, form: str) -> datetime | None:
    try:
        if form == ISO:
            is_ours = _ISO.fullmatch(text) is not None
            return datetime.fromisoformat(text.replace(" Z", "Z")) if is_ours else None
        if form in {EPOCH, EPOCH_MS}:
            return _of_epoch(text, 1 if form == EPOCH else 1_000)
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is next
    except (ValueError, OverflowError):
        return None


def _of_epoch(text: str, parts: int) -> datetime | None:
    if not _NUMBER.fullmatch(text):
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(text) / parts)


def _is_exact(text: str, form: str) -> bool:
    """Tell whether more than the day is told."""
    if form == ISO:
        return not _DAY.fullmatch(text)
    if form in {EPOCH, EPOCH_MS}:
        return True
    return any(hours in form for hours in _HOURS)


def _moment(local: datetime, exact: Precision, zone: ZoneInfo) -> Moment:
    if local.tzinfo is not None:
        return Moment(local.astimezone(UTC), exact)
    first = local.replace(tzinfo=zone).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second or exact is Precision.DAY:
        return Moment(first, exact)
    if first < second:
        return Moment(first, Precision.UNCLEAR, second)
    # The clocks were set forward over it: nobody can have read this time from one.
    return Moment(first, Precision.UNCLEAR)
