"""Times as people type them: in the platform's zone, or with an offset of their own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_TYPED = re.compile(
    r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?"
    r"(?:[ T]+(\d{1,2})[:\uff1a](\d{2})(?:[:\uff1a](\d{2}))?)?",
    re.ASCII,
)
DAY = timedelta(days=1)


class NoTime(ValueError):
    """The text is no time."""


def typed_time(text: str, zone: str, *, ends: bool = False) -> datetime:
    """Return the time (UTC) that a text means. Raises NoTime.

    `2026-09-12 16:20:11` is in `zone`, and a date alone its beginning; with `ends` the
    end of that day, so that "until" a day includes it. RFC 3339 has its own offset.
    """
    found = _TYPED.fullmatch(text.strip())
    try:
        if found is None:
            return _with_offset(text.strip())
        year, month, day, hour, minute, second = (
            int(one or 0) for one in found.groups()
        )
        where = ZoneInfo(zone)
        there = datetime(year, month, day, hour, minute, second, tzinfo=where)
        is_day = found[4] is None
        return ((there + DAY) if ends and is_day else there).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NoTime from None


def is_day(text: str) -> bool:
    """Tell whether a text is a day as fields for dates have it, such as 2026-09-12."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").strftime("%Y-%m-%d") == text  # noqa: DTZ007 - a day is in no zone
    except ValueError:
        return False


def typed_text(moment: datetime, zone: str) -> str:
    """Return a time as somebody would type it; seconds are kept."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


def _with_offset(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise NoTime
    return moment.astimezone(UTC)
