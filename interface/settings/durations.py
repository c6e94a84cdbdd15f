"""Lengths of time as ISO 8601 durations: PT2H, P1D, P3DT4H30M."""

from __future__ import annotations

import re
from datetime import timedelta

_LENGTH = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8})S)?)?",
    re.ASCII,
)


def parse_length(text: str) -> timedelta:
    """Read a duration of weeks, days, hours, minutes, seconds. Raises ValueError."""
    match = _LENGTH.fullmatch(text)
    parts = {k: int(v) for k, v in (match.groupdict() if match else {}).items() if v}
    if not parts:
        raise ValueError(f"{text!r} is not a duration such as PT2H, P1D or P3DT4H")
    return timedelta(**parts)


def written_length(length: timedelta) -> str:
    """Return a duration of whole seconds in its largest whole unit, such as PT24H."""
    seconds = int(length.total_seconds())
    if length.days > 1 and length == timedelta(days=length.days):
        return f"P{length.days}D"
    for unit, name in ((3_600, "H"), (60, "M")):
        if seconds and seconds % unit == 0:
            return f"PT{seconds // unit}{name}"
    return f"PT{seconds}S"
