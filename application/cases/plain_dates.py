"""Plain dates where a time is asked for: the first moment of that day, in one zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def first_moment(text: str, zone: str) -> datetime | None:
    """Return the first moment of a date such as "2026-11-26"; None for another text.

    Half-open periods follow from it: since the 1st and until the next 1st is a month.
    Raises ValueError for a day that no calendar has, or of which UTC has no time.
    """
    if not _DATE.fullmatch(text):
        return None
    begins = datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone))
    try:
        begins.astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None
    return begins
